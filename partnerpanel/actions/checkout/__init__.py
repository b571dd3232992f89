"""Buying a plan without anybody's help: links, orders, and the one way in which an order ends in a subscription."""
