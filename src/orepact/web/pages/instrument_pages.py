"""The instruments of the pact: who agreed with whom, since when, and how many of their operative articles nothing serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service.asked import Code, Day
from orepact.service.view import agreements as view
from orepact.service.view.agreements import word
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Link, Shown, Table
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orepact.service.view.agreements import Agreement
    from orepact.web.pages.visit import Visit


class Chosen(Asked):
    """Which instruments: those of a party (a country or an organisation), in a state, that ran at some day between two."""

    party: Code | None = None
    state: Code | None = None
    since: Day | None = None
    until: Day | None = None


INSTRUMENTS = (
    Column("instrument", sentence("Instrument")),
    Column("parties", sentence("Between")),
    Column("state", sentence("State"), how="words"),
    Column("since", sentence("Since"), how="day"),
    Column("until", sentence("Until"), how="day"),
    Column("articles", sentence("Articles"), how="number"),
    Column("operative", sentence("Operative"), how="number"),
    Column("without", sentence("Without evidence"), how="number"),
)


def instruments(visit: Visit) -> Shown:
    """The instruments that fit, with how many of their operative articles nothing serves."""
    asked: Chosen = visit.asked
    every = view.agreements(visit.desk, on=asked.as_of)
    wanted = asked.model_dump(include={"party", "state", "since", "until"}, exclude_none=True)
    found = [one for one in every if one.holds(**wanted)]
    table = Table(
        "instruments", sentence("Instruments"), INSTRUMENTS, [_line(visit, one) for one in found],
        empty=sentence("No instrument fits."),
    )  # fmt: skip
    return Shown(
        lead=sentence("What was agreed, what serves it, who meets when and who owes what."),
        tables=(table,),
        context={"boards": [one for one in found if one.articles], **_choices(visit, every)},
        command=command("pact instruments", **wanted, on=asked.as_of),
        api=address("/api/v1/instruments", {**wanted, "on": asked.as_of}),
    )


def _choices(visit: Visit, every: Sequence[Agreement]) -> dict[str, Any]:
    """What may be chosen: countries before organisations, and the states that there are."""
    places = visit.ledger().codes.places
    sides = sorted({side for one in every for side in one.countries})
    parties = {name: called.in_voice(visit.voice) for one in every for name, called in one.parties}
    return {
        "parties": [*((side, places[side].title if side in places else side) for side in sides), *sorted(parties.items())],
        "states": [(state, visit.voice.translated(word(state))) for state in sorted({one.state for one in every})],
    }


def _line(visit: Visit, one: Agreement) -> Mapping[str, Any]:
    between = [called.in_voice(visit.voice) for _, called in one.parties] or list(one.countries)
    return {
        "instrument": Link(one.title, f"/pact/{one.id}"), "parties": visit.voice.listed(between), "state": word(one.state),
        "since": one.since or None, "until": one.until or None, "articles": one.articles or None,
        "operative": one.operative or None, "without": one.without,
    }  # fmt: skip


PAGES = (
    Page(
        path="/pact", name="pact", title=sentence("Pact"), use=instruments, template="pact/instruments.html.j2", asked=Chosen,
        tab="pact",
    ),
)  # fmt: skip
