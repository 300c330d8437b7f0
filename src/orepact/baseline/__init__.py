"""Where we are: balanced activities and flows of a past year, fitted to conflicting observations."""
