"""How what enters a pool mixes, and how shares and burdens travel through it."""
