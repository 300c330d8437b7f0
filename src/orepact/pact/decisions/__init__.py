"""What the sides decide together, each with its own key, and what an approved decision brings about."""
