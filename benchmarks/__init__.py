"""How fast orepact is: registered specs with a sweep, run by ``make bench``; never timed in tests."""
