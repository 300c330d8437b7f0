"""A page as bytes: its template, with the words of its language and the parts that all pages have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from orepact._version import __version__
from orepact.report.sentences import Spoken
from orepact.report.voice import LANGUAGES
from orepact.service.result import plain
from orepact.web.pages import assets
from orepact.web.pages.page import TABS
from orepact.web.pages.shown import Badge, Level, Link, Number, Table
from orepact.web.pages.turning import cut
from orepact.web.pages.wording import plainly
from orepact.web.pages.words import counting, saying

if TYPE_CHECKING:
    from orepact.report.voice import Voice
    from orepact.web.pages.shown import Column, Shown
    from orepact.web.pages.visit import Visit

#: What stands in a page where the token of the reader's forms comes, and a key that is new each time: a kept page holds neither.
TOKEN_PLACE, ONCE_PLACE = "@orepact-csrf@", "@orepact-once@"  # no secrets, their places
#: Where the menu of the reader comes. Nothing that somebody typed can be this: what is not ours stands escaped.
MENU_PLACE, MENU = Markup("<!--orepact-account-->"), "account/menu.html.j2"
#: By confidence, what marks a number: a sign, with words beside it.
MARKS = {"estimated": "≈", "unverified": "?", "modelled": "~", "derived": "", "reported": "", "": ""}
#: The shapes of levels, so that no colour is needed.
SHAPES = {"red": "■", "amber": "▲", "green": "●", "none": "○"}


def render(visit: Visit, shown: Shown, template: str = "", **more: Any) -> bytes:
    """The page of a visit."""
    voice = visit.voice
    context = {
        "visit": visit, "page": visit.page, "shown": shown, "it": shown.context, "voice": voice, "say": saying(voice),
        "guide": saying(voice, visit.link), "count": counting(voice),
        "cell": lambda row, column: cell_of(voice, row, column), "tabs": _tabs(), "cut": lambda table: cut(visit, table),
        "token": TOKEN_PLACE, "once": ONCE_PLACE, "account": MENU_PLACE, **more,
    }  # fmt: skip
    return environment().get_template(template or visit.page.template).render(context).encode()


def menu(visit: Visit) -> bytes:
    """The menu of the reader."""
    told = environment().get_template(MENU).render({"visit": visit, "say": saying(visit.voice), "token": TOKEN_PLACE})
    return told.encode()


@cache
def _tabs() -> tuple[tuple[str, str, str], ...]:
    """The parts of the navigation that have pages."""
    from orepact.web.pages.table import PAGES

    first: dict[str, str] = {}
    for page in PAGES:
        if page.tab and not page.in_path:
            first.setdefault(page.tab, page.path)
    paths = {page.path for page in PAGES}
    return tuple((name, said, path if path in paths else first[name]) for name, (said, path) in TABS.items() if name in first)


@cache
def environment() -> Environment:
    """Templates, which escape all that they are given."""
    folder = files("orepact.web.pages").joinpath("templates")
    loader = FunctionLoader(lambda name: (folder.joinpath(name).read_text(encoding="utf-8"), name, None))
    found = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    found.globals |= {
        "static": assets.place, "plotly_styles": assets.plotly_styles,
        "marks": MARKS, "shapes": SHAPES, "languages": LANGUAGES, "version": __version__,
    }  # fmt: skip
    found.filters["data"] = as_data
    kinds: Mapping[str, type] = {"a_number": Number, "a_link": Link, "a_level": Level, "a_badge": Badge, "a_table": Table}
    for name, kind in kinds.items():
        found.tests[name] = lambda value, kind=kind: isinstance(value, kind)
    return found


def as_data(value: Any) -> Markup:
    """Values as JSON that may stand in a page."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def cell_of(  # noqa: PLR0911  one line for each kind of cell
    voice: Voice, row: Mapping[str, Any], column: Column
) -> Any:
    """A cell as its template shows it: plain values become words of the language, others stay what they are."""
    value = row.get(column.key)
    if value is None:
        return "–"
    if isinstance(value, Spoken):
        return plainly(value.in_voice(voice), voice)
    if isinstance(value, bool):
        return voice.say("yes") if value else voice.say("no")
    if isinstance(value, int | float) and column.how in {"number", "share", "text"}:
        return voice.share(value) if column.how == "share" else voice.number(value)
    if isinstance(value, date):
        return voice.day(value)
    if column.how == "day":
        return voice.when(str(value)[:10])
    if column.how == "words":
        return voice.translated(str(value))
    if isinstance(value, (list, tuple)):
        return voice.series(map(str, value))
    return value
