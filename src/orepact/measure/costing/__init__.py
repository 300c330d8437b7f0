"""What making, moving and crossing a border costs."""
