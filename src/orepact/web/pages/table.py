"""Every page, gathered from one module per area. One more area is one more name here."""

from __future__ import annotations

from importlib import import_module

from orepact.web.pages.page import Page

#: Each stands for the module ``NAME_pages`` with its ``PAGES``.
AREAS = (
    "tower",
    "atlas",
    "dependence",
    "carbon",
    "eligibility",
    "cost",
    "target",
    "records",
    "why",
    "account",
    "plans",
    "shocks",
    "exercise",
    "incidents",
    "projects",
    "instrument",
    "scoreboard",
    "commitment",
    "decision",
    "body",
    "calendar",
    "pack",
    "notice",
    "data",
    "import",
    "overlay",
    "holding",
    "access",
    "feed",
)

PAGES: tuple[Page, ...] = tuple(
    page for area in AREAS for page in import_module(f"orepact.web.pages.{area}_pages").PAGES
)  # fmt: skip
