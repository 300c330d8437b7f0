"""Colours and layout of all pictures: eight colours that colour-blind readers can tell apart, little else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Okabe and Ito (2008), "Color universal design"; black is kept for text.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#7F6A4B")
REST = "#9AA0A6"
TEXT = "#202124"
#: See-through greys, so that outlines fit a light page and a dark one.
LAND = "rgba(128,138,148,0.20)"
COAST = "rgba(128,138,148,0.45)"


def colours_of(names: Iterable[str], rest: str = "Rest") -> dict[str, str]:
    """A colour for each name in order; the rest, and names beyond the palette, are grey."""
    out: dict[str, str] = {}
    for name in names:
        used = sum(colour != REST for colour in out.values())
        out[name] = REST if name == rest or used >= len(COLOURS) else COLOURS[used]
    return out


def faded(colour: str, opacity: float) -> str:
    """A hex colour with an opacity, as CSS.

    >>> faded("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def layout(title: str, **more: Any) -> dict[str, Any]:
    """Layout shared by every picture: white ground, one font, the title at the left."""
    base: dict[str, Any] = {
        "title": {"text": title, "x": 0.01, "xanchor": "left"},
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": TEXT},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 16, "r": 16, "t": 80, "b": 24},
    }
    return base | more


def short(number: float) -> str:
    """A number for people, three digits that count.

    >>> short(1234567.0), short(950.0), short(0.04567)
    ('1.23 million', '950', '0.0457')
    """
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e4, " thousand")):
        if abs(number) >= size:
            scale = 1e3 if word == " thousand" else size
            return f"{number / scale:.3g}{word}"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
