"""How long each element takes to recover where nobody says so for the network: by stage and kind, or one time for all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from orepact.chain.time_unit import PER_YEAR
from orepact.errors import BadInput
from orepact.facts.typed_yaml import read_model
from orepact.shock.case.rules import Entry, File
from orepact.shock.exposure.elements import KINDS, Element, Elements
from orepact.shock.exposure.recovery_file import MOST_YEARS, Break, wrong_time

if TYPE_CHECKING:
    from orepact.chain.network import Network


class Recovery(Entry):
    """Weeks until something works again, and who says so."""

    weeks: Annotated[float, Field(gt=0, le=MOST_YEARS * PER_YEAR["week"], allow_inf_nan=False)]


class RecoveryTimes(File):
    """data/shock/recovery.yaml: by stage for sites and nodes, one each for owners, places and routes."""

    stages: dict[str, Recovery]
    owner: Recovery
    place: Recovery
    route: Recovery
    default: Recovery

    @classmethod
    @cache
    def shipped(cls) -> RecoveryTimes:
        """The shipped times."""
        return read_model(Path(str(files("orepact"))) / "data" / "shock" / "recovery.yaml", cls)

    def of(self, element: Element, network: Network) -> float:
        """Weeks of one element."""
        if element.kind in {"owner", "place", "route"}:
            found: Recovery = getattr(self, element.kind)
            return found.weeks
        made = network.site_output.iloc[int(element.sites[0])] if len(element.sites) else ""
        stage = network.commodities["stage"].get(made, "")
        return self.stages.get(str(stage), self.default).weeks


def without_twins(breaks: Sequence[Break]) -> list[Break]:
    """The events without nodes that are exactly one site of the same set; that site's event names both: ``site:A = node:B/C``."""
    alone = {event.elements[0].sites.tobytes(): event.event for event in breaks if event.kind == "node"}
    out, merged = [], set()
    for event in breaks:
        twin = alone.get(event.elements[0].sites.tobytes(), "") if event.kind == "site" else ""
        merged.add(twin)
        out.append(replace(event, event=f"{event.event} = {twin}") if twin else event)
    return [event for event in out if event.event not in merged]


def every_break(network: Network, kinds: Collection[str] = KINDS, time: float | None = None) -> list[Break]:
    """One event for each element of some kinds, named ``KIND:NAME``, with its shipped time in weeks or with ``time``.

    Raises ``BadInput`` for a ``time`` that is none (see ``wrong_time``).
    """
    problems = [] if time is None else [*wrong_time(time, network, "time")]
    if problems:
        raise BadInput(problems)
    elements, times = Elements(network), RecoveryTimes.shipped()
    return [
        Break(f"{kind}:{element.name}", (element,), (times.of(element, network) if time is None else time,))
        for kind in KINDS
        if kind in kinds
        for element in elements.all(kind)
    ]
