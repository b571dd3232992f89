"""Money: documents, ledger, charging, collection, tax, coupons and the gateways behind one port."""
