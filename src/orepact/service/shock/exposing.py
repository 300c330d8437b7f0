"""Use case: what each element of a network means when it breaks; of a package with its times, or of the reference network."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.flowing import Report, silent
from orepact.service.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from orepact.chain import Network
    from orepact.facts import Ledger
    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.exposing import Exposure
    from orepact.shock.exposure.recovery_file import Break

#: Begins the id of a site that stands for all unnamed capacity of one process at a place.
REST = "rest_"
FEW_ROUTES = (
    "routes that carry little are left out of the usual week (docs/why/shock-case.md): a loss at a place that keeps few routes, "
    "because one of them stops, tells more about the model than about the place"
)
SHOWN = (
    "event",
    "time_to_recover",
    "time_to_survive",
    "lost_quantity",
    "unit",
    "loss_usd",
    "risk_exposure_index",
    "worst_commodity",
    "worst_party",
)


def expose_package(
    folder: Path,
    *,
    recovery: Path | None = None,
    time: float | None = None,
    kinds: Collection[str] = (),
    year: int | None = None,
    places: Collection[str] = (),
    commodities: Collection[str] = (),
    report: Report | None = None,
) -> Result:
    """Exposure of a network package: its events in ``recovery.csv`` (or the file ``recovery``), else each element for ``time``.

    Capacities, demands, stocks and times count as they stand, per unit of one time. ``data``: one row for each event
    (``exposing.ROWS``), in the order of the file; or by index, for all elements of ``kinds`` (default all). Raises ``BadInput``
    with every problem of the package and the file.
    """
    from orepact.chain import Network
    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.recovery_file import FILE

    _check_time(time)
    network = Network.from_package(folder)
    own = folder / FILE
    file = recovery if recovery is not None else own if own.exists() and time is None and not kinds else None
    if file is None and time is None:
        mend = "add event, element, time_to_recover; or give --recovery FILE, or one time for all with --time"
        raise BadInput([Problem("", "a file of events with their times to recover", "no such file", mend, FILE)])
    problems: list[Problem] = []
    aggregate = _or_problems(lambda: Aggregate.of_network(network, year), problems)
    events = _or_problems(lambda: _events(network, file, kinds, time), problems)
    if aggregate is None or events is None:
        raise BadInput(problems)
    return _answer(aggregate, events, {}, report or silent, (places, commodities))


def expose_reference(
    ledger: Ledger,
    *,
    recovery: Path | None = None,
    time: float | None = None,
    kinds: Collection[str] = (),
    year: int | None = None,
    scenario: str | Path | None = None,
    places: Collection[str] = (),
    commodities: Collection[str] = (),
    report: Report | None = None,
) -> Result:
    """Exposure of the usual week of the reference network; times in weeks, by stage (data/shock/recovery.yaml) unless given.

    ``places`` (places, groups or parties) and ``commodities`` keep the events that hit or cost them. A node that is exactly one
    site is one row with it, named by both, unless ``recovery`` names the events.
    """
    from orepact.service.opening import manifest_of
    from orepact.service.shock.cases import case_for
    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.recovery_times import without_twins

    _check_time(time)
    tell = report or silent
    case = case_for(ledger, year=year, scenario=scenario, report=lambda step, share: tell(step, 0.5 * share))
    aggregate = Aggregate.of_case(case)
    events = _events(case.network, recovery, kinds, time)
    assumed = [] if recovery is not None or time is not None else _said_of_times()
    meta = {"year": case.year, "assumed_times": assumed, "manifest": manifest_of(ledger)}
    said = [*events[1], *_said_of_lumps(case.network), FEW_ROUTES]
    chosen = without_twins(events[0]) if recovery is None else events[0]
    keep = (places, commodities)
    return _answer(aggregate, (chosen, said, events[2]), meta, lambda step, share: tell(step, 0.5 + 0.5 * share), keep)


def _or_problems(make: Callable[[], Any], problems: list[Problem]) -> Any:
    """What ``make`` returns; None when its input cannot be used, with what is wrong added to ``problems``."""
    try:
        return make()
    except BadInput as error:
        problems += error.problems
        return None


def _check_time(time: float | None) -> None:
    if time is not None and not (math.isfinite(time) and time > 0):
        raise BadInput([Problem("time", "a number above 0", f"{time:g}", "give the time until it works again")])


def _events(
    network: Network, file: Path | None, kinds: Collection[str], time: float | None
) -> tuple[list[Break], list[str], bool]:
    """The events, what to say of them, and whether they are all elements of some kinds."""
    from orepact.shock.exposure.elements import KINDS
    from orepact.shock.exposure.recovery_file import read_recovery
    from orepact.shock.exposure.recovery_times import every_break

    if file is not None:
        return (*read_recovery(file, network), False)
    return every_break(network, kinds or KINDS, time), [], True


def _answer(
    aggregate: Aggregate,
    events: tuple[Sequence[Break], Sequence[str], bool],
    more: dict[str, Any],
    report: Report,
    keep: tuple[Collection[str], Collection[str]] = ((), ()),
) -> Result:
    from orepact.chain.manifest import Manifest
    from orepact.shock.exposure.exposing import expose

    breaks, said, ranked = events
    found = expose(aggregate, breaks, report)
    rows = found.rows
    if any(keep):
        rows = rows[_concerned(aggregate, breaks, found, *keep)].reset_index(drop=True)
    if ranked:
        rows = rows.sort_values(["risk_exposure_index", "lost_quantity"], ascending=False, kind="stable").reset_index(drop=True)
    own = {key: value for key, value in Manifest.of(aggregate.network).as_dict().items() if value and key != "created"}
    meta = {
        "title": f"{aggregate.network.title}: exposure to {len(rows)} events, {_times(aggregate.time_unit)}",
        "headline": _headline(rows),
        "events": len(rows),
        "events_that_lose": int((rows["lost_quantity"] > rows["lost_without_event"]).sum()),
        "events_that_outlast_stocks": int((rows["time_to_survive"] < rows["time_to_recover"]).sum()),
        "largest_loss": found.largest,
        "risk_exposure_by": found.indexed_by,
        "programs_solved": found.solved,
        "answers_proved_without_solving": found.proved,
        "time_unit": aggregate.time_unit,
        **more,
        "manifest": own | more.get("manifest", {}),
        "units": _units(aggregate),
        "warnings": [*aggregate.warnings, *said, *_said_of_rows(found)],
    }
    return Result(rows, meta, shown=rows[list(SHOWN)])


def _concerned(
    aggregate: Aggregate, breaks: Sequence[Break], found: Exposure, places: Collection[str], commodities: Collection[str]
) -> list[bool]:
    """Which events break something at one of the places and of the goods, or cost a demand there; empty means any."""
    network, wants = aggregate.network, aggregate.wants
    parties = set(places) & set(wants["party"])
    here = set(network.members([name for name in places if name not in parties or name in network.groups])) | parties
    unknown = next((name for name in commodities if name not in network.commodities.index), None)
    if unknown is not None:
        raise NotFound("commodity", unknown, map(str, network.commodities.index))
    everywhere, all_goods = not places, not commodities

    def fits(goods: pd.Series, *at: pd.Series) -> NDArray[np.bool_]:
        there = np.logical_or.reduce([one.isin(here).to_numpy() for one in at])
        mask: NDArray[np.bool_] = (there | everywhere) & (goods.isin(list(commodities)).to_numpy() | all_goods)
        return mask

    sites = fits(network.site_output, network.sites["place"])
    routes = fits(network.routes["commodity"], network.routes["origin"], network.routes["destination"])
    lose = fits(wants["commodity"], wants["place"], wants["party"])
    return [
        bool(sites[event.hit.sites].any() or routes[event.hit.routes].any() or lose[lost].any())
        for event, lost in zip(breaks, found.lost_at, strict=True)
    ]


def _times(unit: str) -> str:
    from orepact.chain.time_unit import PER_YEAR

    return f"times in {unit}s" if unit in PER_YEAR else "times in the unit of the package (time_unit in network.yaml names it)"


def _headline(rows: pd.DataFrame) -> str:
    if not len(rows) or not (rows["lost_quantity"] > 0).any():
        return "no event loses anything"
    worst = rows.iloc[int(rows["risk_exposure_index"].fillna(-1.0).to_numpy().argmax())]
    return f"{worst['event']} loses most"


def _units(aggregate: Aggregate) -> dict[str, str]:
    time = aggregate.time_unit
    return {
        "time_to_recover": time,
        "time_to_survive": f"{time}; null where it is unlimited (survives_unlimited)",
        "lost_quantity": "see unit",
        "lost_without_event": "see unit",
        "loss_usd": "USD" if aggregate.network.currency in {"", "USD"} else aggregate.network.currency,
        "risk_exposure_index": "1",
    }


def _said_of_rows(found: Exposure) -> list[str]:
    rows = found.rows
    said = []
    if (rows["lost_without_event"] > 0).any():
        said.append("some demand cannot be met even when nothing breaks (lost_without_event): it is part of every loss")
    if found.too_small:
        said.append(f"{found.too_small} demands below a ten-millionth of all that is wanted of the good are not asked for")
    if rows["unit"].str.contains(", ").any():
        said.append("lost_quantity adds up units of several kinds where unit names several: compare loss_usd")
    return said


def _said_of_lumps(network: Network) -> list[str]:
    lumps = int(network.sites.index.astype(str).str.startswith(REST).sum())
    if not lumps:
        return []
    return [
        f"{lumps} of {len(network.sites)} sites ({REST}...) are all that a place makes beside its named plants, not one plant"
    ]


def _said_of_times() -> list[dict[str, Any]]:
    from orepact.shock.exposure.recovery_times import RecoveryTimes

    times = RecoveryTimes.shipped()
    named = {**times.stages, "owner": times.owner, "place": times.place, "route": times.route, "default": times.default}
    return [{"of": name, **entry.model_dump(mode="json")} for name, entry in named.items()]
