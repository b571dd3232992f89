"""A double of Stripe for the demo and the tests: an HTTP server on loopback that behaves as Stripe's own API does.

It knows the objects that the gateway uses, keeps the answers of idempotency keys, refuses what Stripe refuses, and
fails on purpose. No money moves. Each secret key is an account of its own, made when it first asks.
"""
