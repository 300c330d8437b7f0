"""The overlay of a page: which one the reader chose of his own, who may see it, and the runs that the page's question needs.

For who may not read the overlay that an address names there is none of that name: he is told what he is told of any other name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound
from orepact.report.sentences import said, sentence
from orepact.service import jobs, sharing
from orepact.service.asked import RunId, VersionName
from orepact.service.view import sides
from orepact.web.pages import run_parts
from orepact.web.pages.page import Asked, Filled, Form, Sent
from orepact.web.pages.shown import Badge, Column, Link, Number, Table, Why
from orepact.web.pages.visit import SITE_WIDE, address

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.service.view.sides import Question, Sides
    from orepact.store.overlays import Overlay
    from orepact.web.pages.visit import Visit

#: Claims of an overlay that a page names, those of which all rows are told elsewhere.
MOST_CLAIMS = 20
NOT_YOURS = sentence("Your organisation has no overlay of the name that this address gives: these are the shared facts.")
CLAIMS = (
    Column("subject", sentence("Subject"), how="code"),
    Column("attribute", sentence("Attribute")),
    Column("year", sentence("Year"), how="code"),
    Column("value", sentence("Your overlay"), how="number"),
    Column("shared", sentence("Shared facts"), how="number"),
    Column("unit", sentence("Unit")),
    Column("facts", sentence("In the facts")),
)
RUN = tuple(Column(name, name) for name in ("run", "state", "progress", "step"))


class OverlayAsked(Asked):
    """With an overlay of one's own: ``NAME@VERSION``, or the last version of a name."""

    overlay: VersionName | None = None


class Run(Filled):
    """A run by its id."""

    run: RunId


@dataclass(frozen=True)
class Chosen:
    """The overlay of a visit (None: none that he may read), and all that he may choose from, the last living versions."""

    one: Overlay | None
    others: Sequence[Overlay] = ()

    @property
    def ref(self) -> str:
        """Its name and version; "" for none."""
        return self.one.ref if self.one else ""


def chosen(visit: Visit) -> Chosen:
    """What a visit names of what its reader may read."""
    mine = sharing.readable_overlays(visit.desk)
    last = {each.name: each for each in mine}  # versions come in their order
    asked = visit.asked.overlay or ""
    one = next((each for each in mine if each.ref == asked), last.get(asked))
    return Chosen(one, [each for each in last.values() if not each.ended_at])


def choices(visit: Visit, found: Chosen) -> list[tuple[str, str]]:
    """Choices of the form: none, those that live, and the one that is chosen whatever it is."""
    listed = [*found.others, *([found.one] if found.one and found.one.ref not in {each.ref for each in found.others} else [])]
    return [("", visit.voice.say("None: the shared facts alone")), *((each.ref, each.ref) for each in listed)]


def rests_on(question: Callable[[Visit], Question]) -> Callable[[Visit], Hashable]:
    """What an answer hangs on beside register and facts: the overlays that the reader may read, and how the runs of the page's
    question stand; None for who makes no runs, to whom the shared facts alone are told.
    """

    def found(visit: Visit) -> Hashable:
        if not _makes_runs(visit):
            return None
        mine = tuple((each.ref, each.label, each.sha256, each.ended_at) for each in sharing.readable_overlays(visit.desk))
        refs = ("", *([ref] if (ref := chosen(visit).ref) else []))
        runs = [sides.standing(question(visit), visit.desk, ref) for ref in refs]
        return mine, tuple(runs)

    return found


def _makes_runs(visit: Visit) -> bool:
    return "run" in visit.deeds and bool(visit.reader.organisation)


def besides(visit: Visit, asked: Question, found: Chosen, both: Sides) -> dict[str, Any]:
    """What a page says of its answer: the command line, the run, sources, manifest, and what is to be known."""
    answer = both.own or both.shared
    theirs = [NOT_YOURS] if visit.asked.overlay and found.one is None else []
    return {
        "command": asked.command_line(found.ref if both.own else "", visit.reader.organisation),
        "api": f"/api/v1/runs/{answer.run}" if answer.run else "",
        "sources": answer.sources,
        "manifest": {name: value for name, value in answer.manifest.items() if isinstance(value, (str, int, float))},
        "warnings": [*theirs, *both.shared.warnings],
    }


def context(visit: Visit, found: Chosen, both: Sides) -> dict[str, Any]:
    """What the template finds of the overlay: its name, label and who sees it, and each side that is not answered yet."""
    one = found.one
    return {
        "mine": _makes_runs(visit),
        "overlay": None
        if one is None
        else {"ref": one.ref, "label": Badge(one.label), "closed": one.closed, "ended": one.ended_at},
        "owner": visit.reader.organisation,
        "answered": both.own is not None,
        "missing": [
            {"which": each.which, "run": run_parts.standing(visit, each.run) if each.run else None} for each in both.missing
        ],
    }


def run_table(visit: Visit, both: Sides) -> list[Table]:
    """How the runs stand that are asked for, for the bar that moves: the first that works first; empty when all is answered."""
    if not _makes_runs(visit):
        return []
    runs = [run_parts.standing(visit, each.run) for each in both.missing if each.run]
    rows = [{column.key: run[column.key] for column in RUN} for run in sorted(runs, key=lambda run: not run["open"])]
    return [Table("run", said("Run"), RUN, rows)]


def claims(visit: Visit, found: Chosen) -> Table:
    """What the overlay says, beside what counts without it; raises ``NotFound`` for none."""
    if found.one is None:
        raise NotFound("overlay", visit.asked.overlay or "")
    told = sharing.show_overlay(found.ref, visit.desk)
    rows = [_claim(visit.ledger(), row) for row in told.data.head(MOST_CLAIMS).to_dict("records")]
    note = sentence("The first claims; all stand on the page of the overlay.") if len(told.data) > MOST_CLAIMS else ""
    return Table("claims", sentence("What your overlay says"), CLAIMS, rows, note=note)


def _claim(ledger: Ledger, row: Mapping[Any, Any]) -> dict[str, Any]:
    subject, attribute, year = str(row["subject"]), str(row["attribute"]), str(row["year"])
    why = Why(subject, attribute, int(year) if year.isdecimal() else None)
    try:
        winner = ledger.why(subject, attribute, year or None).winner
    except NotFound:
        winner = None
    shared = None if winner is None else _value(winner.value, why, winner.confidence)
    return {
        "subject": subject, "attribute": attribute.replace("_", " "), "year": year or None, "unit": row["unit"],
        "value": _value(str(row["value"]), None, str(row["confidence"])), "shared": shared,
        "facts": Link(sentence("where it comes from"), "/why", why.query) if winner is not None else None,
    }  # fmt: skip


def _value(text: str, why: Why | None, confidence: str) -> Any:
    try:
        return Number(float(text), why=why, confidence=confidence)
    except ValueError:
        return text


# Forms ---------------------------------------------------------------------------------------------------------------


def forms(question: Callable[[Visit], Question], found: Callable[[Visit], tuple[Chosen, Sides]]) -> tuple[Form, ...]:
    """Asking for what is missing of a page's question, and ending a run of it; both lead back to the same address."""

    def compute(visit: Visit, _: run_parts.Nothing) -> Sent:
        both = found(visit)[1]
        sides.ask(question(visit), both, visit.desk)
        return Sent(to=_here(visit))

    def cancel(visit: Visit, content: Run) -> Sent:
        jobs.cancel_run(content.run, visit.desk)
        return Sent(to=_here(visit))

    return (
        Form(name="compute", fields=run_parts.Nothing, send=compute, deed="run", done=""),
        Form(name="cancel", fields=Run, send=cancel, deed="run", done=sentence("The run is told to end.")),
    )


def _here(visit: Visit) -> str:
    return address(visit.path, {name: value for name, value in visit.query if name not in {*SITE_WIDE, "done", "table"}})
