"""Use cases of what came of words: of the articles of an instrument, and of missions, workshops, pilots and research."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.briefing.evidence import ArticleEvidence
    from orepact.pact.projects.activities import Activity, Stop
    from orepact.pact.projects.contracts import Contract
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

THROUGH = (
    "article", "ref", "text", "commitments", "done", "overdue", "projects", "under_way", "working", "ended", "contracts",
    "delivered",
)  # fmt: skip
STOPS = ("stop", "date", "place", "project", "hosts", "state", "last_reported", "asked")
REVIEWS = ("activity", "title", "kind", "ended", "months", "due", "done", "state", "outcome")
READ_SO = "that a project or a contract serves an article is our reading wherever no party says it (confidence: derived)"


def follow_through(instrument: str, db: Where = None, *, on: str | None = None) -> Result:
    """From words to goods, article by article on a day: commitments done, projects that work, what contracts delivered.

    ``delivered``: amounts by unit and commodity as stated, never added across units; empty where no delivery is on record.
    """
    from orepact.pact.briefing.evidence import evidence

    day = day_of(on)
    with asked(db) as (store, register):
        found = evidence(instrument, register, day)
        rows = [_row(one, register, day) for one in found]
        once = _row(_whole(found), register, day)
        manifest = manifest_of(store, day)
    data = table(rows, THROUGH)
    meta = {
        "title": f"{instrument} on {day}: {once['commitments']} commitments, {once['done']} done; {once['projects']} projects, "
        f"{once['working']} working; {once['contracts']} contracts",
        "each_once": {name: once[name] for name in THROUGH[3:]},
        "manifest": manifest,
        "warnings": [READ_SO] if once["projects"] or once["contracts"] else [],
    }
    served = [row for row in rows if any(row[name] for name in THROUGH[3:])]
    return Result(data, meta, shown=lambda _: table(served, THROUGH).frame().drop(columns=["article"]))


def _whole(found: Iterable[ArticleEvidence]) -> ArticleEvidence:
    """All articles as one, so that what serves several counts once."""
    from orepact.pact.briefing.evidence import ArticleEvidence

    rows = [*found]
    kinds = {kind for row in rows for kind in row.found}
    together = {kind: tuple(sorted({name for row in rows for name in row.found.get(kind, ())})) for kind in kinds}
    late = tuple(sorted({name for row in rows for name in row.overdue}))
    return ArticleEvidence(rows[0].article if rows else None, together, None, late)  # type: ignore[arg-type]  # a sum has none


def _row(one: ArticleEvidence, register: Register, on: date) -> dict[str, Any]:
    from orepact.pact.instruments.commitments import Commitment, progress
    from orepact.pact.projects.contracts import Contract
    from orepact.pact.projects.project import ENDED, WORKING, Project

    stands = [progress(register.get(Commitment, name), on).state for name in one.found.get("commitment", ())]
    states = [register.get(Project, name).standing(on).status for name in one.found.get("project", ())]
    working, ended = sum(state in WORKING for state in states), sum(state in ENDED for state in states)
    contracts = [register.get(Contract, name) for name in one.found.get("contract", ())]
    own = {"article": one.article.id, "ref": one.article.ref, "text": one.article.text} if one.article else {}
    return {
        **own, "commitments": len(stands), "done": sum(state.startswith("done") for state in stands),
        "overdue": len(one.overdue), "projects": len(states), "under_way": len(states) - working - ended, "working": working,
        "ended": ended, "contracts": len(contracts), "delivered": _delivered(contracts, on),
    }  # fmt: skip


def _delivered(contracts: Iterable[Contract], on: date) -> list[str]:
    from orepact.pact.dates.days import happened

    sums: Counter[tuple[str, str]] = Counter()
    for contract in contracts:
        for one in contract.deliveries:
            if happened(one.period, on):
                sums[contract.commodity or "not stated", one.unit] += one.quantity  # type: ignore[assignment]  # amounts, not counts
    return [f"{total:,g} {unit} of {commodity}" for (commodity, unit), total in sorted(sums.items())]


def list_outcomes(activities: Sequence[str] = (), db: Where = None, *, on: str | None = None, overdue: bool = False) -> Result:
    """What is asked of activities 6, 12 and 24 months after their end: due on which day, answered or late, as of a day.

    ``meta["came_of_them"]``: by kind, how many were held, of how many something came, and which projects and contracts.
    """
    from orepact.pact.projects.activities import Activity, yields

    day = day_of(on)
    with asked(db) as (store, register):
        chosen = [register.get(Activity, name) for name in dict.fromkeys(activities)] or register.all(Activity)
        manifest = manifest_of(store, day)
    chosen = sorted(chosen, key=lambda one: (one.last_day, one.id))
    rows = [row for one in chosen for row in _reviews(one, day) if not overdue or row["state"] == "overdue"]
    came = [
        {"kind": one.activity_kind, "held": one.held, "something_came": one.fruitful, "nothing_came": one.fruitless,
         "projects": list(one.projects), "contracts": list(one.contracts)}
        for one in yields(chosen, day)
    ]  # fmt: skip
    late = sum(row["state"] == "overdue" for row in rows)
    data = table(rows, REVIEWS)
    meta = {
        "title": titled(len(rows), "review of outcomes", "reviews of outcomes", f"as of {day}, {late} overdue"),
        "came_of_them": came,
        "pilots": [_trial(one) for one in chosen if one.trial],
        "research": [_research(one, day) for one in chosen if one.research],
        "manifest": manifest,
        "units": {"months": "month"},
    }
    return Result(data, meta, shown=lambda data: data.drop(columns=["title"]))


def _trial(one: Activity) -> dict[str, Any]:
    """What a pilot should show, by which measure, and whether it did ("not known" before there are target and result)."""
    trial = one.trial
    assert trial is not None, "only pilots are asked"
    shown = {True: "yes", False: "no", None: "not known"}[trial.succeeded()]
    named = {"hypothesis": trial.hypothesis, "metric": trial.metric, "unit": trial.unit}
    numbers = {"baseline": trial.baseline, "target": trial.target, "result": trial.result}
    return {"activity": one.id, **named, **numbers, "succeeded": shown}


def _research(one: Activity, on: date) -> dict[str, Any]:
    """How ready a piece of research is on a day, which parameters of processes it would change, and who owns what comes of it."""
    from orepact.pact.dates.days import Span, happened

    research = one.research
    assert research is not None, "only research is asked"
    known = [each for each in research.readiness if happened(each.date, on)]
    last = max(known, key=lambda each: Span.of(each.date).last, default=None)
    return {
        "activity": one.id, "readiness": last.level if last else None, "as_of": last.date if last else "",
        "parameters": list(research.parameters), "property_agreement": research.property_agreement or "",
    }  # fmt: skip


def show_itinerary(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """The way of a mission: where it goes when, whom it asks to meet, and how the projects there stand on a day."""
    from orepact.pact.projects.activities import Activity

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Activity, name)
        rows = [_stop(number, stop, register, day) for number, stop in enumerate(found.route, start=1)]
        manifest = manifest_of(store, day)
    host = (found.host.organisation or found.host.name) if found.host else "not stated"
    meta = {
        "title": titled(len(rows), "stop", "stops", f"of {found.title} ({name})"),
        "when": f"{found.begins} to {found.ends}" if found.ends else found.begins,
        "host": host,
        "delegation": [one.organisation or one.name for one in found.parties],
        "participants": found.participants,
        "manifest": manifest,
    }
    return Result(table(rows, STOPS), meta)


def _stop(number: int, stop: Stop, register: Register, on: date) -> dict[str, Any]:
    from orepact.pact.projects.project import Project

    own = {"stop": number, "date": stop.date or "", "place": stop.place, "asked": stop.asked}
    if stop.project is None:
        return own
    project = register.get(Project, stop.project)
    stand = project.standing(on)
    hosts = [one.organisation or one.name for one in project.parties]
    return {**own, "project": project.id, "hosts": hosts, "state": stand.status, "last_reported": stand.seen}


def _reviews(one: Activity, on: date) -> list[dict[str, Any]]:
    from orepact.pact.projects.activities import reviews

    texts = {outcome.date: outcome.text for outcome in one.outcomes}
    return [
        {"activity": one.id, "title": one.title, "kind": one.activity_kind, "ended": one.last_day.isoformat(),
         "months": review.months, "due": review.due.isoformat(), "done": review.done or "",
         "state": "answered" if review.done else "overdue" if review.overdue else "to come",
         "outcome": texts.get(review.done or "", "")}
        for review in reviews(one, on)
    ]  # fmt: skip
