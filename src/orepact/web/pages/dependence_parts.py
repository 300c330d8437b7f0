"""What the pages of dependence have in common: the way from one to the other, choices, what kept numbers rest on, words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import said, sentence
from orepact.service.view.kept_results import kept, stale
from orepact.web.pages.page import Asked, Form, Page

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.report.sentences import Spoken
    from orepact.web.pages.shown import Shown
    from orepact.web.pages.visit import Visit

Name = Annotated[str, Field(max_length=60)]
#: Where each stands; Japan's target is of ``target_pages``.
ORIGIN, CARBON, ELIGIBILITY, COST, TARGET = (
    "/dependence",
    "/dependence/carbon",
    "/dependence/eligibility",
    "/dependence/cost",
    "/dependence/target",
)
NAVIGATION = (
    (ORIGIN, sentence("Origin")),
    (CARBON, sentence("Carbon")),
    (ELIGIBILITY, sentence("Eligibility")),
    (COST, sentence("Landed cost")),
    (TARGET, sentence("Japan's target")),
)
SIDES = {
    ("direct", "place"): sentence("Delivered from"),
    ("traced", "place"): sentence("Came from"),
    ("direct", "owner"): sentence("Deliverer controlled from"),
    ("traced", "owner"): sentence("Origin controlled from"),
}
RESPONSES = {
    "contracts": sentence("Contracts kept"),
    "market": sentence("Markets reroute"),
    "pact": sentence("With the pact"),
}
#: Rule sets of duties that have a word of their own; others are names.
RULES = {"mfn": sentence("ordinary duty"), "domestic": sentence("made at home")}
#: Rows of a long table.
MOST = 30


def page(
    path: str,
    title: str,
    use: Callable[[Visit], Shown],
    asked: type[Asked],
    template: str = "plain",
    *,
    forms: tuple[Form, ...] = (),
    rests_on: Callable[[Visit], Hashable] | None = None,
) -> Page:
    """A page of dependence, named by the end of its path; without ``rests_on`` it tells of the facts alone."""
    return Page(
        path=path, name=path.rpartition("/")[2], title=title, use=use, template=f"dependence/{template}.html.j2", asked=asked,
        tab="dependence", forms=forms, alike=rests_on is None, rests_on=rests_on,
    )  # fmt: skip


def about(visit: Visit, *tables: str) -> dict[str, Any]:
    """Sources, manifest and warnings of kept tables."""
    manifest = kept(tables[0]).manifest
    return {
        "sources": manifest["sources"],
        "warnings": stale(visit.ledger(), tables),
        "manifest": {name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "sha256")},
    }


def site(visit: Visit) -> dict[str, Any]:
    """What the reader set for the whole site, as a question takes it."""
    return {"as_of": visit.asked.as_of, "include_unverified": visit.asked.include_unverified}


def on_these_facts(visit: Visit, command: str) -> str:
    """A command line that is asked of the facts as the reader looks at them."""
    day = f" --as-of {visit.asked.as_of}" if visit.asked.as_of else ""
    return f"{command}{day}{' --include-unverified' if visit.asked.include_unverified else ''}"


def picks(
    visit: Visit, values: Mapping[str, list[str]], told: Mapping[str, Callable[[Codes, str], Spoken]]
) -> dict[str, list[tuple[str, str]]]:
    """Choices of a form in the reader's language."""
    codes, voice = visit.ledger().codes, visit.voice
    return {name: [(each, told[name](codes, each).in_voice(voice)) for each in listed_] for name, listed_ in values.items()}


def listed(table: str, column: str) -> list[str]:
    """What a column of a kept table holds."""
    return [str(each) for each in kept(table).frame[column].unique()]


def room(
    visit: Visit, here: str, values: Mapping[str, list[str]], told: Mapping[str, Callable[[Codes, str], Spoken]]
) -> dict[str, Any]:
    """What the template of a page finds: its choices, and where it stands among the others."""
    return {"picks": picks(visit, values, told), "navigation": NAVIGATION, "here": here}


def rules_word(rules: str) -> Spoken:
    """A rule set of duties as people call it."""
    return said(RULES.get(rules, rules.upper()))
