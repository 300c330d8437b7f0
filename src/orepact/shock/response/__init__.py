"""Responses to the same event: contracts, market, pact; and what came of them."""
