"""Plants, mines and roads that parties follow together, and what is sold, permitted, paid and agreed around them."""
