"""The clock of the week: a moment in a file, which one process turns and all others read."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


class Clock:
    """Reads the moment; ``turn`` sets it, never back."""

    def __init__(self, file: str | Path) -> None:
        self.file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if not os.pread(self.file, 8, 0):
            self.turn(0.0)

    def __call__(self) -> datetime:
        """Now."""
        return MONDAY + timedelta(seconds=self.seconds)

    @property
    def seconds(self) -> float:
        """Since Monday morning."""
        return float(struct.unpack("d", os.pread(self.file, 8, 0))[0])

    def turn(self, seconds: float) -> None:
        """It is so late now."""
        os.pwrite(self.file, struct.pack("d", seconds), 0)
