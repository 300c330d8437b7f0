"""The brief as one self-contained HTML page: styles, scripts, figures and tables inside, nothing fetched from anywhere."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from orepact.report.brief import MARKS, MEANINGS, Brief, Picture, Table
from orepact.report.views import View

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGE = "en"


def render_page(brief: Brief) -> str:
    """The whole page as text (UTF-8 once written); it opens from a file, offline, and prints on A4."""
    template = _environment().get_template("page.html.j2")
    return template.render(
        brief=brief,
        view=View.of(brief),
        language=LANGUAGE,
        style=_text("style/page.css"),
        script=_text("templates/page.js"),
        plotly=_plotly() if brief.pictures else "",
        marks=[(MARKS[name], name, MEANINGS[name]) for name in MARKS],
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    loader = FunctionLoader(lambda name: _text(f"templates/{name}"))
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    environment.filters["figures"] = figures_json
    environment.filters["json"] = inert_json
    return environment


def figures_json(picture: Picture) -> Markup:
    """The figures of a picture as JSON for a script element."""
    content: dict[str, Any] = {"base": list(picture.base), "figures": dict(picture.figures)}
    return inert_json(content)


def inert_json(content: Any) -> Markup:
    """A value as JSON that cannot end the script element it stands in."""
    return Markup(inert(json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)))  # noqa: S704


def inert(text: str) -> str:
    r"""Text that cannot end the script element it stands in.

    >>> inert("</script><!--")
    '<\\/script><\\!--'
    """
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _text(name: str) -> str:
    return files("orepact.report").joinpath(name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """The Plotly library from the installed package, minified (about 4.8 MB)."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
