"""Agreements from signature to end, and what the parties owe each other under them."""
