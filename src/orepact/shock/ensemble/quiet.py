"""``quiet_cluster``: what goes wrong on a cluster is said once and in our words, not in tracebacks of the library."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

#: Libraries that log what we catch: that of the cluster, its event loop, and that of connections.
NOISY = ("distributed", "tornado", "asyncio")


@contextmanager
def quiet_cluster() -> Iterator[None]:
    """Loggers of ``NOISY`` and those below them at CRITICAL; as they were afterwards.

    ``distributed`` sets a level for several of its own loggers when it is imported, so that of its root alone would not do.
    """
    import distributed  # noqa: F401  its loggers must be there

    before = {logger: logger.level for logger in _loggers()}
    for logger in before:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in NOISY]
    return [logging.getLogger(name) for name in dict.fromkeys([*NOISY, *names])]
