"""Dialogues, committees and working groups: who chairs, when they meet, what lies before them."""
