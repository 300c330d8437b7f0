"""Colours and layout of all pictures: eight colours that colour-blind readers can tell apart, little else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Okabe and Ito (2008), "Color universal design"; black is kept for text.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#7F6A4B")
#: Beyond the eight, for names that have a colour of their own (after Tol, "muted"); none so dark that a dark page hides it.
MORE = ("#6A5ACD", "#B5446E", "#44AA99", "#999933", "#AA4499", "#5FA052", "#9C4A2F", "#6699CC")
BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, BROWN = COLOURS
SLATE, ROSE, TEAL, OLIVE, PURPLE, MOSS, RUST, STEEL = MORE
#: Names that have the same colour in every picture: places, stages, parts of a cost, responses to a shock.
NAMED: dict[str, str] = {
    "CAN": RED, "KOR": BLUE, "JPN": PINK, "USA": SKY, "europe": GREEN, "CHN": ORANGE, "AUS": YELLOW, "IDN": BROWN,
    "CHL": SLATE, "COD": ROSE, "PHL": TEAL, "ARG": OLIVE, "ZAF": PURPLE, "MDG": MOSS, "RUS": RUST, "MOZ": STEEL,
    "unknown": "#C9CED3", "stock": "#5F6B76", "ROW": "#B3AC9F",
    "mine": BROWN, "concentrate": OLIVE, "refine": ORANGE, "precursor": PINK, "active_material": GREEN, "component": SKY,
    "cell": BLUE, "pack": SLATE, "vehicle": RED, "use": PURPLE, "collect": TEAL, "recycle": MOSS, "transport": STEEL,
    "production_usd": BLUE, "transport_usd": ORANGE, "tariff_usd": RED, "credit_usd": GREEN,
    "contracts": RED, "market": BLUE, "pact": GREEN,
}  # fmt: skip
REST = "#9AA0A6"
TEXT = "#202124"
#: See-through greys, so that outlines fit a light page and a dark one.
LAND = "rgba(128,138,148,0.20)"
COAST = "rgba(128,138,148,0.45)"


def colours_of(names: Iterable[str], rest: str = "Rest") -> dict[str, str]:
    """A colour for each name: of ``NAMED`` its own, of others the next that nobody here has; the rest, and others beyond the
    palette, are grey. Pictures of one page that share the answer for all of their names have one palette.

    >>> colours_of(["CHN", "here", "Rest"]) == {"CHN": "#E69F00", "here": "#0072B2", "Rest": "#9AA0A6"}
    True
    """
    listed = list(dict.fromkeys(names))
    out = {name: NAMED[name] for name in listed if name in NAMED}
    taken = set(out.values())
    free = [colour for colour in (*COLOURS, *MORE) if colour not in taken][: len(COLOURS)]
    for name in listed:
        if name not in out:
            out[name] = REST if name == rest or not free else free.pop(0)
    return {name: out[name] for name in listed}


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


def tight(number: float) -> str:
    """A number for a narrow place, with the letters that axes have: k, M, G.

    >>> tight(1_010_000.0), tight(23_400.0), tight(950.4), tight(0.04567), tight(0.0)
    ('1.01M', '23.4k', '950', '0.0457', '0')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= 0.9995 * size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"
