"""Supply risk of one buyer, from its own trade."""
