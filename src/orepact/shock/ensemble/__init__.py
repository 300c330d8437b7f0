"""Ensembles: sampled years of events, the distribution of their losses, and what insurance buys."""
