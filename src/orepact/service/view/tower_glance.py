"""``glances``: how several parties stand, a line each: cells by light, the loudest alarm, what is late, the next meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.report.voice import Voice
from orepact.service.result import Result, Rows
from orepact.service.view.tower import tower
from orepact.shock.watch.rules import WatchRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where
    from orepact.service.view.said import Value
    from orepact.service.view.tower import Tower
    from orepact.service.view.tower_alarms import Ringing
    from orepact.service.view.tower_duties import NextMeeting

COLUMNS = (
    "party", "name", "red", "amber", "green", "no_data", "alarms", "loudest", "reason", "overdue", "incidents", "meeting",
    "meeting_due", "meeting_overdue",
)  # fmt: skip
#: What a screen shows of them.
SHOWN = ("name", "red", "amber", "alarms", "overdue", "meeting_due", "reason")


@dataclass(frozen=True, slots=True)
class Glance:
    """How a party stands. ``red, amber, green, no_data``: numbers of cells of its grid; ``alarms``: how many ring, red or amber,
    and ``loudest`` is the first of them; ``overdue``: commitments past their day; ``incidents``: open ones, drills left out;
    ``meeting``: the next that has a date.
    """

    party: str
    name: Value
    red: int
    amber: int
    green: int
    no_data: int
    alarms: int
    loudest: Ringing | None
    overdue: int
    incidents: int
    meeting: NextMeeting | None

    @classmethod
    def of(cls, found: Tower) -> Glance:
        """That of a tower."""
        lights = [cell.light for cell in found.grid]
        return cls(
            party=found.party.id,
            name=found.party.name,
            red=lights.count("red"),
            amber=lights.count("amber"),
            green=lights.count("green"),
            no_data=lights.count("no data"),
            alarms=len(found.alarms),
            loudest=next(iter(found.alarms), None),
            overdue=sum(duty.overdue_days > 0 for duty in found.duties),
            incidents=sum(not one.drill for one in found.incidents),
            meeting=next((one for one in found.meetings if one.due), None),
        )


def glances(towers: Sequence[Tower], voice: Voice) -> Iterator[dict[str, Any]]:
    """The lines of ``COLUMNS``, with names and reasons in a language."""
    for one in map(Glance.of, towers):
        loudest, meeting = one.loudest, one.meeting
        alarm = (list(loudest.goods), loudest.reason.in_voice(voice)) if loudest else ([], "")
        met = (meeting.title.in_voice(voice), meeting.due, meeting.overdue) if meeting else ("", "", None)
        cells = (one.red, one.amber, one.green, one.no_data)
        told = (one.party, one.name.in_voice(voice), *cells, one.alarms, *alarm, one.overdue, one.incidents, *met)
        yield dict(zip(COLUMNS, told, strict=True))


def states(ledger: Ledger, db: Where = None, *, on: str | None = None) -> list[Tower]:
    """The towers of the states of the corridor (those that are watched) on a day; raises ``BadInput`` for a day that is none."""
    return [tower(name, ledger, db, on=on) for name in WatchRules.shipped().parties]


def together(towers: Sequence[Tower]) -> dict[str, Any]:
    """What several towers rest on: the manifest, every source and every warning once."""
    sources = {source["source"]: source for each in towers for source in each.meta["sources"]}
    return {
        **towers[0].meta,
        "sources": [sources[name] for name in sorted(sources)],
        "warnings": list(dict.fromkeys(words for each in towers for words in each.meta["warnings"])),
    }


def view_states(ledger: Ledger, db: Where = None, *, on: str | None = None, language: str = "en") -> Result:
    """How each state of the corridor stands, a line each: ``party, name, red, amber, green, no_data`` (cells of its grid),
    ``alarms, loudest, reason, overdue`` (commitments), ``incidents, meeting, meeting_due, meeting_overdue``.

    Raises ``NotFound`` for another language, ``BadInput`` for a day that is none.
    """
    voice = Voice.of(language)
    found = states(ledger, db, on=on)
    rows = list(glances(found, voice))
    reds = sum(row["red"] for row in rows)
    title = f"{len(rows)} states on {found[0].on}; {reds} cells of their grids are red"
    return Result(Rows(COLUMNS, rows), {**together(found), "title": title}, shown=lambda data: data[[*SHOWN]])
