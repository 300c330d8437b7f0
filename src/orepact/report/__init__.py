"""The brief: what ministers' staff and battery makers need to see on one page, and how it is drawn.

``brief`` holds plain data (findings, tables, pictures); ``exposure``, ``buildout``, ``target`` and ``corridor`` compute the
four answers; ``page`` turns a brief into one self-contained HTML page and ``files`` writes it with its data.
Names are imported when they are first used, so that ``import orepact.report`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Basis": "brief",
    "Brief": "brief",
    "Column": "brief",
    "Finding": "brief",
    "Picture": "brief",
    "Row": "brief",
    "Section": "brief",
    "Table": "brief",
    "render_page": "page",
    "write_brief": "files",
}

__all__ = [*sorted(_HOME)]  # noqa: PLE0604  the names of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
