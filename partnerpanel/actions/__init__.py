"""The only door to the product's verbs, for panel, portal, API and bulk: permission, quote, confirm, undo."""
