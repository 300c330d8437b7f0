"""Use case: what each element of a network means when it breaks; of a package with its times, or of the reference network."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.flowing import Report, silent
from orepact.service.result import Result
from orepact.service.shock.exposure_files import demand_exposure_target, write_exposure
from orepact.service.shock.question import Question
from orepact.wording import deed, field

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from orepact.chain import Network
    from orepact.facts import Ledger
    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.exposing import Exposure
    from orepact.shock.exposure.recovery_file import Break

#: Places and commodities that the rows are about; empty means any.
Keep: TypeAlias = tuple[Collection[str], Collection[str]]
#: Begins the id of a site that stands for all unnamed capacity of one process at a place.
REST = "rest_"
FEW_ROUTES = (
    "routes that carry little are left out of the usual week (documentation: why/shock-case): a loss at a place that keeps few "
    "routes, because one of them stops, tells more about the model than about the place"
)
FOLLOW = f"{deed('shock.respond_to')} counts them, week by week"
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


@dataclass(frozen=True)
class Breaks:
    """What is to break: the events of the file ``recovery``, or every element of ``kinds``, each for ``time`` where given."""

    recovery: Path | None = None
    time: float | None = None
    kinds: Collection[str] = ()

    def __post_init__(self) -> None:
        if self.time is not None and not (math.isfinite(self.time) and self.time > 0):
            raise BadInput([Problem("time", "a number above 0", f"{self.time:g}", "give the time until it works again")])

    def of_package(self, folder: Path) -> Breaks:
        """The same, with the file of the package where nothing else is asked; raises ``BadInput`` when there is none."""
        from orepact.shock.exposure.recovery_file import FILE

        if self.recovery is not None or self.time is not None:
            return self
        if self.kinds or not (folder / FILE).exists():
            mend = f"add event, element, time_to_recover; or give {field('recovery')}, or one time for all with {field('time')}"
            raise BadInput([Problem("", "a file of events with their times to recover", "no such file", mend, FILE)])
        return replace(self, recovery=folder / FILE)

    def on(self, network: Network) -> tuple[list[Break], list[str], bool]:
        """The events, what to say of them, and whether they are all elements of some kinds."""
        from orepact.shock.exposure.elements import KINDS
        from orepact.shock.exposure.recovery_file import read_recovery
        from orepact.shock.exposure.recovery_times import every_break

        if self.recovery is not None:
            return (*read_recovery(self.recovery, network), False)
        return every_break(network, self.kinds or KINDS, self.time), [], True


def exposure(
    asked: Question | Ledger | None,
    *,
    recovery: Path | None = None,
    time: float | None = None,
    kinds: Collection[str] = (),
    places: Collection[str] = (),
    commodities: Collection[str] = (),
    output: Path | None = None,
    overwrite: bool = False,
    report: Report | None = None,
    **where: Any,
) -> Result:
    """What each element of a network means when it breaks.

    ``asked`` is a ``Question``, or facts (None for a package) with ``network``, ``year``, ``scenario`` by name. What breaks:
    the events of the file ``recovery``, else of ``recovery.csv`` of the package, else every element of ``kinds`` (default all),
    each for ``time``. Of a package, capacities, demands, stocks and times count as they stand, per unit of one time; on the
    reference network it is the usual week, and times are weeks, by stage (data/shock/recovery.yaml) unless given. ``places``
    (places, groups or parties) and ``commodities`` keep the events that hit or cost them. ``data``: one row for each event
    (``exposing.ROWS``), in the order of the file; or by index. With ``output`` rows and page are written there, or nothing.
    Raises ``BadInput`` with every problem of the package and the file, ``NotFound``.
    """
    question, breaks = Question.of(asked, **where), Breaks(recovery, time, kinds)
    if output is not None:
        demand_exposure_target(output, overwrite=overwrite)
    look = _of_reference if question.network is None else _of_package
    found = look(question, breaks, (places, commodities), report or silent)
    if output is None:
        return found
    return replace(found, meta={**found.meta, "written": str(write_exposure(found, output, overwrite=overwrite))})


def _of_package(question: Question, breaks: Breaks, keep: Keep, report: Report) -> Result:
    """The answer for a package, with the problems of its tables and of its events told together."""
    from orepact.chain import Network
    from orepact.shock.exposure.aggregate import Aggregate

    assert question.network is not None, "the question is about a package"
    network = Network.from_package(question.network)
    chosen = breaks.of_package(question.network)
    problems: list[Problem] = []
    aggregate = _or_problems(lambda: Aggregate.of_network(network, question.year), problems)
    events = _or_problems(lambda: chosen.on(network), problems)
    if aggregate is None or events is None:
        raise BadInput(problems)
    breaks_of, said, ranked = events
    found = _answer(aggregate, (breaks_of, [*said, *_said_of_days(network)], ranked), {}, report, keep)
    return replace(found, meta={**found.meta, "party_names": _party_names(network, found.data["worst_party"])})


def _party_names(network: Network, parties: pd.Series) -> dict[str, str]:
    """These parties as the package calls them, where it says more than their id."""
    if "name" not in network.places:
        return {}
    named = {str(party): str(network.places["name"].get(party, "") or "") for party in parties.unique()}
    return {party: name for party, name in named.items() if name not in {"", "nan", party}}


def _of_reference(question: Question, breaks: Breaks, keep: Keep, report: Report) -> Result:
    """The answer for the reference network. A node that is exactly one site is one row with it, unless a file names events."""
    from orepact.shock.exposure.aggregate import Aggregate
    from orepact.shock.exposure.recovery_times import without_twins

    case = question.case(lambda step, share: report(step, 0.5 * share))
    events, said, ranked = breaks.on(case.network)
    assumed = [] if breaks.recovery is not None or breaks.time is not None else _said_of_times()
    meta = {"year": case.year, "assumed_times": assumed, "manifest": question.manifest()}
    told = [*said, *question.late_words(), *_said_of_lumps(case.network), FEW_ROUTES]
    chosen = without_twins(events) if breaks.recovery is None else events

    def second_half(step: str, share: float) -> None:
        report(step, 0.5 + 0.5 * share)

    return _answer(Aggregate.of_case(case), (chosen, told, ranked), meta, second_half, keep)


def _said_of_days(network: Network) -> list[str]:
    """A warning where routes take days, of which an answer without an order of weeks knows nothing."""
    slow = int((network.values("routes", "days") > 0).sum())
    if not slow:
        return []
    return [f"the days of {slow} of {len(network.routes)} routes do not count: what is sent is there at once ({FOLLOW})"]


def _or_problems(make: Callable[[], Any], problems: list[Problem]) -> Any:
    """What ``make`` returns; None when its input cannot be used, with what is wrong added to ``problems``."""
    try:
        return make()
    except BadInput as error:
        problems += error.problems
        return None


def _answer(
    aggregate: Aggregate,
    events: tuple[Sequence[Break], Sequence[str], bool],
    more: dict[str, Any],
    report: Report,
    keep: Keep,
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
