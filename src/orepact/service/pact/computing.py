"""Values of the engines for the indicators that commitments name, as known on a day.

An indicator names its engine as ``FIGURE:PLACE:THING``, such as ``net_import_reliance:jpn:lithium``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.pact.briefing.readings import Measured
from orepact.pact.instruments.commitments import Commitment, CommitmentBrief
from orepact.service.opening import manifest_of
from orepact.service.pact.remembering import code_mark, remembered

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.labels import Audience
    from orepact.pact.instruments.articles import Target
    from orepact.pact.records.record import Brief
    from orepact.pact.records.register import Register

#: Figures by name, and the unit in which an indicator of them must be; None: any (that of the thing).
FIGURES: Mapping[str, str | None] = {
    "net_import_reliance": "1",
    "import_reliance": "1",
    "apparent_consumption": None,
    "production": None,
    "imports": None,
    "exports": None,
}
#: What stands of cell capacity by its owners' country: kept for this one.
OWNED, OWNED_FROM = "owned_cell_capacity", "JPN"
#: So many years up to the last one are computed, and that of the baseline.
YEARS = 5


def measured(
    register: Register, on: date, briefs: Iterable[Brief] = (), audience: Audience | None = None
) -> tuple[tuple[Measured, ...], list[str]]:
    """The values for every commitment whose indicator names an engine, and what could not be computed, in words.

    ``briefs`` stand for commitments that the register leaves out; ``audience``: who is shown the values, so that they rest on no
    fact that is not for them (None: the holder of the facts). The facts are opened only where an engine is named.
    """
    every: list[Commitment | CommitmentBrief] = [*register.all(Commitment)]
    every += [one for one in briefs if isinstance(one, CommitmentBrief)]
    own = owned_capacity(register, every)
    named = [one for one in every if one.indicator and one.indicator.engine]
    if not named:
        return own, []
    from orepact.service.opening import open_ledger

    ledger = open_ledger(as_of=on.isoformat()).at(audience=audience)
    values: list[Measured] = [*own]
    said: list[str] = []
    for one in named:
        try:
            values += _values(ledger, one)
        except (BadInput, NotFound) as error:
            said.append(f"no value for the indicator of {one.id}: {error}")
    return tuple(values), said


def owned_capacity(register: Register, commitments: Iterable[Commitment | CommitmentBrief] = ()) -> tuple[Measured, ...]:
    """What stands of the cell capacity that companies of a country own, in GWh a year: for each article that aims at so much
    of it, and for commitments to that aim that name no engine of their own.

    Plants that operate, named ones and the estimate of the others, as kept with the program and shown at ``/dependence/target``;
    dated by the last of its sources, so that no board of an earlier day shows it.
    """
    from orepact.pact.instruments.instrument import Instrument

    articles = [one for held in register.all(Instrument) for one in held.articles if one.target and _is_owned(one.target)]
    if not articles:
        return ()
    from orepact.service.view.japan_target import japan_target

    found, aims = japan_target(), {one.id for one in articles}
    serving = [one.id for one in commitments if one.indicator and not one.indicator.engine and aims & set(one.articles)]
    day, value = found.known_on, round(found.standing, 1)
    return tuple(Measured(name, day, value, OWNED, found.mark, "estimated") for name in (*sorted(aims), *serving))


def _is_owned(target: Target) -> bool:
    return target.unit == "GWh/y" and {f"{OWNED_FROM}-owned", "WORLD"} <= set(target.scope)


def _values(ledger: Ledger, commitment: Commitment | CommitmentBrief) -> Iterator[Measured]:
    """A value for each year that has one; raises ``BadInput`` or ``NotFound`` where the engine or its unit is another."""
    figure, place, thing = _named(commitment)
    base = commitment.indicator.baseline_year if commitment.indicator else None
    fixed = FIGURES[figure]
    if fixed:
        _demand_unit(commitment, fixed)
    question = {"figure": figure, "place": place, "thing": thing, "baseline_year": base, "years": YEARS}
    rests_on = {"facts": manifest_of(ledger), "audience": _said(ledger.view.audience), "code": code_mark(), **question}
    for year, value, unit, manifest in remembered(rests_on, lambda: [*_rows(ledger, question)]):
        _demand_unit(commitment, fixed or unit)
        yield Measured(commitment.id, str(year), float(value), figure, manifest)


def _said(audience: Audience | None) -> list[Any]:
    """An audience as plain values; empty for the holder of the facts."""
    return [audience.organisation, audience.community, sorted(audience.client_of), audience.steward] if audience else []


def _rows(ledger: Ledger, question: Mapping[str, Any]) -> Iterator[tuple[int, float, str, str]]:
    """Year, value, unit and the hash of the run, for the last years and that of the baseline."""
    from orepact.measure.supply.dependence import latest_year
    from orepact.service.relying import measure_reliance

    figure, place, thing, base = (question[name] for name in ("figure", "place", "thing", "baseline_year"))
    last = latest_year(ledger, place, thing)
    for year in sorted({*range(last - YEARS + 1, last + 1), *([base] if base else [])}):
        try:
            found = measure_reliance(ledger, place, thing, year=year)
        except BadInput:  # no figures of that year: a gap, not an error
            continue
        row = found.data.iloc[0]
        if row[figure] is not None:
            yield year, float(row[figure]), str(row["unit"]), str(found.meta["manifest"]["hash"])[:12]


def _named(commitment: Commitment | CommitmentBrief) -> tuple[str, str, str]:
    """Figure, place and thing of the engine that a commitment names."""
    name = (commitment.indicator.engine or "") if commitment.indicator else ""
    figure, _, rest = name.partition(":")
    place, _, thing = rest.partition(":")
    if figure not in FIGURES or not place or not thing:
        raise BadInput([_problem(commitment, f"FIGURE:PLACE:THING, with a figure of {', '.join(FIGURES)}", name)])
    return figure, place.upper(), thing


def _demand_unit(commitment: Commitment | CommitmentBrief, unit: str) -> None:
    given = commitment.indicator.unit if commitment.indicator else unit
    if given != unit:
        raise BadInput([_problem(commitment, f"an indicator in {unit}, as its engine gives it", given)])


def _problem(commitment: Commitment | CommitmentBrief, expected: str, found: str) -> Problem:
    return Problem(f"commitment {commitment.id}, indicator", expected, repr(found), "mend the indicator")
