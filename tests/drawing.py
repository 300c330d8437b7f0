"""How many examples a law is tried on: some in `make test`, all with ``OREPACT_LONG=1``."""

from __future__ import annotations

import os

#: Whether somebody has time.
LONG = os.environ.get("OREPACT_LONG") == "1"
#: The part of the examples that the suite draws, and the fewest.
PART, LEAST = 4, 5


def draws(long: int) -> int:
    """Of so many examples, those that are drawn now.

    >>> draws(40) in (10, 40), draws(8) in (5, 8), draws(3)
    (True, True, 3)
    """
    return long if LONG else min(long, max(long // PART, LEAST))
