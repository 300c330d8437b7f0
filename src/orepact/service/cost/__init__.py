"""Cases and paths of landed cost."""
