"""Packages whose names are imported when they are first used, so that importing the package costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def listing(names: Iterable[str]) -> Callable[[], list[str]]:
    """The ``__dir__`` of such a package: its names, so that an editor or a notebook completes them.

    >>> listing(["b", "a"])()
    ['a', 'b']
    """
    return lambda: sorted(names)


def lazy(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package, from name to the module below it that the name stands in.

    A name whose home is "" is such a module itself. Raises ``AttributeError`` for other names.

    >>> found = lazy("orepact", {"Network": "chain", "measure": ""})
    >>> found("Network").__name__, found("measure").__name__
    ('Network', 'orepact.measure')
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = homes[name]
        return getattr(import_module(f"{package}.{home}"), name) if home else import_module(f"{package}.{name}")

    return get
