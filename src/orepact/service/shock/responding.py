"""Use case: events, the responses to them, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.manifest import Manifest, hash_value
from orepact.chain.whole_folder import demand_target
from orepact.errors import BadInput, ProblemCollector
from orepact.service.flowing import Report, silent
from orepact.service.result import Result, plain
from orepact.service.shock.question import Question
from orepact.service.shock.response_brief import missing_most, party_table
from orepact.service.shock.response_tables import FILES, SERIES, TABLES, moving, stepped, table_of, units_of
from orepact.wording import deed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.facts import Ledger
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.events.event import Event
    from orepact.shock.outcome.outcome import Outcome
    from orepact.shock.response.rules import ResponseRules

RESPONSES = ("contracts", "market", "pact")
ALL = "all"
STEPS = ("week", "month")
FORESIGHT = ("rolling", "perfect")
#: Nobody follows a shock longer than this: a usual week does not stay usual.
MOST_WEEKS = 260
#: What the pact is compared with, the forecast first.
AGAINST = ("market", "contracts")
#: A loss that is larger by less than this is the same.
LEAST_USD = 1.0
STILL_GOODS = "cover and stocks leave out goods of which no stock moves under any response; of the others every week is there"
AID_NOTE = (
    "aid: options are compared as plans with the end known, so their market loses less than one that does not know it; "
    "saved_usd is what buyers and idle plants are saved; what it costs to stand ready is not in cost_usd; "
    "saved_per_usd is empty in JSON where an option saves at no cost, too"
)


@dataclass(frozen=True, eq=False)
class Responded:
    """One question answered: the case, what broke, what each response made of it, and the ranked options where asked."""

    question: Question
    events: tuple[Event, ...]
    case: ShockCase
    disruption: Disruption
    outcomes: Mapping[str, Outcome]
    foresight: str
    aid: pd.DataFrame | None = None


def respond_to(
    asked: Question | Ledger | None,
    events: Sequence[str | Path | Event],
    *,
    response: str = ALL,
    weeks: int = 52,
    step: str = "week",
    rows: str = "summary",
    foresight: str = "rolling",
    rules: Path | None = None,
    assumptions: bool = False,
    output: Path | None = None,
    overwrite: bool = False,
    report: Report | None = None,
    **where: Any,
) -> Result:
    """What events do to the usual week of a network, week by week.

    ``asked`` is a ``Question``, or facts (None for a package) with ``network``, ``year``, ``scenario`` by name. ``events`` are
    ids of the library, YAML files or ready ``Event``; several happen together. ``data`` is one of ``response_tables.TABLES`` with
    a column ``response``; ``loss_usd`` by response and the value of cooperation are in ``meta``; ``assumptions`` adds what is
    assumed of the usual week. With ``output`` every table, ``shock.json`` (assumptions in it) and the page ``shock.html`` are
    written there, or nothing.
    Raises ``BadInput`` with every problem, ``NotFound``; ``BalanceBroken`` if an outcome does not close.
    """
    question, tell = Question.of(asked, **where), report or silent
    demand_asked(response, weeks, step, rows, foresight)
    if output is not None:
        demand_target(output, FILES, overwrite=overwrite)
    wanted_aid = rows == "aid" or output is not None
    found = answer(
        question, events, response=response, weeks=weeks, foresight=foresight, rules=rules, aid=wanted_aid, report=tell
    )
    meta = meta_of(found, rows, rules)
    assumed = {"assumptions": plain(dict(found.case.assumptions))}
    if output is not None:
        from orepact.service.shock.response_files import write_all

        meta["written"] = str(write_all(found, meta | assumed, output, step=step, overwrite=overwrite, report=tell))
    table = table_of(found, rows)
    pact = meta["parties_of_the_pact"]
    shown = party_table(table, list(found.outcomes), pact) if rows == "summary" else moving(table, rows)
    return Result(stepped(table, step), meta | assumed if assumptions else meta, shown=stepped(shown, step))


def answer(
    question: Question,
    events: Sequence[str | Path | Event],
    *,
    response: str = ALL,
    weeks: int = 52,
    foresight: str = "rolling",
    rules: Path | None = None,
    aid: bool = False,
    report: Report = silent,
) -> Responded:
    """The outcomes themselves, each with its balance checked; see ``respond_to``."""
    from orepact.service.shock.events import disruption_for
    from orepact.shock import aid_options, respond_all

    loaded = _events(events)
    case = question.case(report)
    disruption = disruption_for(case, loaded, ledger=question.ledger, weeks=weeks)
    names = RESPONSES if response == ALL else (response,)
    outcomes = respond_all(case, disruption, names, rules=rules, foresight=foresight, report=report)
    for outcome in outcomes.values():
        outcome.check_balance()
    options: pd.DataFrame | None = None
    if aid:
        options = aid_options(case, disruption, rules=rules, report=report)
    return Responded(question, loaded, case, disruption, outcomes, foresight, options)


def demand_asked(response: str, weeks: int, step: str, rows: str, foresight: str) -> None:
    """Refuse what cannot be answered before any work is done, all of it at once."""
    found = ProblemCollector()
    choices = {
        "response": (response, (*RESPONSES, ALL)),
        "step": (step, STEPS),
        "rows": (rows, TABLES),
        "foresight": (foresight, FORESIGHT),
    }
    for name, (given, known) in choices.items():
        if given not in known:
            found.add(name, f"one of {', '.join(known)}", repr(given), "use one of them")
    if not 1 <= weeks <= MOST_WEEKS:
        found.add("weeks", f"a whole number of weeks from 1 to {MOST_WEEKS}", str(weeks), "write 52 for a year")
    found.raise_if_any()


def meta_of(found: Responded, rows: str, rules: Path | None = None) -> dict[str, Any]:
    """What a reader of any table of the answer must know; equal questions give equal replies, so it holds no times of work."""
    from orepact.service.shock.events import sources_of
    from orepact.shock import value_of_cooperation
    from orepact.shock.response.rules import ResponseRules

    worth = value_of_cooperation(found.outcomes)
    losses = {name: float(outcome.parties["loss_usd"].sum()) for name, outcome in found.outcomes.items()}
    everyone = worth[worth["party"] == ALL]
    values = dict(zip(everyone["against"], everyone["value_usd"], strict=True))
    known = ResponseRules.of(rules)
    return {
        "title": f"{' + '.join(event.title for event in found.events)}: {rows}",
        "start": found.disruption.start.isoformat(),
        "weeks": found.disruption.weeks,
        "end_week": found.disruption.end_week,
        "foresight": found.foresight,
        "network": found.case.network.title,
        "base_year": found.case.year,
        "loss_usd": losses,
        "total_usd": {name: float(outcome.parties["total_usd"].sum()) for name, outcome in found.outcomes.items()},
        "costs_usd": {name: dict(outcome.costs_usd) for name, outcome in found.outcomes.items()},
        "value_of_cooperation_usd": {name: values[name] for name in AGAINST if name in values},
        **_value_of_markets(losses),
        "missing_most": missing_most(found.outcomes),
        "value_of_cooperation": plain(by_party(worth).to_dict("records")),
        "parties_of_the_pact": [name for name in known.parties.value if name in found.case.parties],
        "manifest": _manifest(found, known),
        "units": units_of(rows),
        "sources": sources_of(found.events),
        "warnings": _warnings(found, rows),
    }


def _manifest(found: Responded, rules: ResponseRules) -> dict[str, Any]:
    """What the numbers depend on: facts, network, events, what each response may do, what is assumed of the usual week."""
    own = {
        name: value
        for name, value in Manifest.of(found.case.network).as_dict().items()
        if value and name not in {"created", "hash"}
    }
    return {
        **own,
        **found.question.manifest(),
        "network_hash": own["network_hash"],
        "events": {event.id: event.hash for event in found.events},
        "rules_hash": hash_value(rules.model_dump(mode="json")),
        "assumptions_hash": hash_value(plain(dict(found.case.assumptions))),
        "weeks": found.disruption.weeks,
        "foresight": found.foresight,
    }


def by_party(worth: pd.DataFrame) -> pd.DataFrame:
    """The value of cooperation of the parties that it changes something for, that against the market first."""
    figures = [name for name in worth.columns if name.endswith("value_usd")]
    some = worth[(worth["party"] != ALL) & (worth[figures].abs() >= LEAST_USD).any(axis=1)]
    order = some["against"].map({name: at for at, name in enumerate(AGAINST)})
    return some.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _value_of_markets(losses: Mapping[str, float]) -> dict[str, float]:
    """What rerouting saves by itself, without any pact."""
    if not {"contracts", "market"} <= set(losses):
        return {}
    return {"value_of_markets_usd": losses["contracts"] - losses["market"]}


def _events(events: Sequence[str | Path | Event]) -> tuple[Event, ...]:
    """Every event, read before any work is done; raises ``BadInput`` with the problems of all files."""
    from orepact.shock.events.event import Event
    from orepact.shock.events.reading import load_events

    loaded = iter(load_events([name for name in events if not isinstance(name, Event)]))
    found = tuple(event if isinstance(event, Event) else next(loaded) for event in events)
    if not found:
        collector = ProblemCollector()
        collector.add("event", "at least one event", "none", f"see {deed('shock.list_events')}")
        raise BadInput(collector.problems)
    return found


def _warnings(found: Responded, rows: str) -> list[str]:
    notes = notes_once({name: outcome.notes for name, outcome in found.outcomes.items()})
    if rows in SERIES or found.aid is not None:
        notes.append(STILL_GOODS)
    notes += exceptions(found.outcomes)
    if found.aid is not None:
        notes.append(AID_NOTE)
    return [*dict.fromkeys([*found.disruption.warnings, *found.question.late_words(), *found.case.warnings, *notes])]


def notes_once(notes: Mapping[str, Sequence[str]]) -> list[str]:
    """Each note once, after the names of the responses that it is of."""
    named: dict[str, list[str]] = {}
    for name, said in notes.items():
        for note in said:
            named.setdefault(note, []).append(name)
    return [f"{', '.join(names)}: {note}" for note, names in named.items()]


def exceptions(outcomes: Mapping[str, Outcome]) -> list[str]:
    """Where a response that may do more lost more all the same, in words."""
    out = []
    for (less, first), (more, second) in pairwise(outcomes.items()):
        worse = second.costs_usd["loss"] - first.costs_usd["loss"]
        if worse > LEAST_USD:
            why = (
                "decisions were taken before the end was known or renewed on the way; with the end known in one plan it would not"
            )
            out.append(f"{more} loses {worse:,.0f} USD more than {less}, though it may do all that {less} does: {why}")
    return out
