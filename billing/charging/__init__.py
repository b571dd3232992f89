"""Asking a gateway for money: intent, question, settlement, so that nobody is ever charged twice."""
