"""Gateways: what moves money outside, behind one port. A new gateway is one package and one line of the registry."""
