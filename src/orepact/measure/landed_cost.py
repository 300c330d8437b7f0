"""Landed cost: the same product at a buyer, by path: production + transport + duty - credits, under each rule set.

``total = production + transport + rate x customs value - credit``. The customs value is the price where one is known, else the
production cost, and holds the freight where the buyer's customs count it. A credit goes to the maker; it is counted as if all of
it were passed on, and its condition is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orepact.measure.costing.tariffs import TariffOption, cheapest
from orepact.measure.costing.tax_credits import TaxCredit

#: Columns of the long table (one row for each component) and of the headline (one row for each path and rule set).
PARTS = (
    "commodity",
    "origin",
    "buyer",
    "rules",
    "component",
    "stage",
    "usd_per_unit",
    "unit",
    "usd_per_kwh",
    "confidence",
    "note",
)
TOTALS = (
    "commodity",
    "origin",
    "buyer",
    "rules",
    "total_usd",
    "unit",
    "usd_per_kwh",
    "difference_usd",
    "production_usd",
    "transport_usd",
    "tariff_usd",
    "tariff_rate",
    "credit_usd",
    "days",
    "best_rules",
    "complete",
    "hypothetical",
    "confidence",
    "condition",
    "verdict",
)
DELIVERY, DUTY, CREDIT, TOTAL = "delivery", "import_duty", "credit", "total"
KWH_PER_MWH = 1000.0
FAIL = "fail"
CONFIDENCES = ("reported", "derived", "estimated", "unverified", "unknown")


@dataclass(frozen=True, slots=True)
class Ride:
    """The way from a source to a buyer: USD per unit and days; ``hypothetical`` where the network has no such route."""

    usd: float
    days: float
    hypothetical: bool = False
    confidence: str = ""


@dataclass(frozen=True, eq=False)
class LandedPath:
    """One source of one commodity for one buyer, with everything that may be paid on the way.

    ``production``: USD per unit made by (component, stage). ``price``: what customs take for its worth, NaN for none.
    ``hypothetical``: nothing is made there in the year, so the cost is that of the process elsewhere. ``verdicts``: what the
    tests behind a rule set or a credit said (pass, fail, undetermined), by its name; a credit that failed counts nothing.
    """

    commodity: str
    unit: str
    origin: str
    buyer: str
    production: pd.Series
    ride: Ride
    options: Sequence[TariffOption]
    adds_freight: bool = True
    price: float = float("nan")
    credits: Sequence[TaxCredit] = ()
    hypothetical: bool = False
    confidence: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """USD per unit made at the source."""
        return float(self.production.sum())

    @property
    def customs_value(self) -> float:
        """What the duty is charged on, USD per unit."""
        worth = self.cost if np.isnan(self.price) else self.price
        return worth + (self.ride.usd if self.adds_freight else 0.0)

    @property
    def credit_usd(self) -> float:
        """Credits for making a unit at the source."""
        return sum(self.credit(credit) for credit in self.credits)

    @property
    def best(self) -> TariffOption:
        """The option of lowest duty, of those whose test did not fail."""
        return cheapest([option for option in self.options if self.verdicts.get(option.rules) != FAIL] or self.options)

    def credit(self, credit: TaxCredit) -> float:
        """One credit per unit; nothing where its test failed."""
        return 0.0 if self.verdicts.get(credit.id) == FAIL else credit.usd(self.cost)

    def duty(self, option: TariffOption) -> float:
        """Duty per unit under one rule set; NaN where not even the base duty is known."""
        return option.rate * self.customs_value

    def total(self, option: TariffOption) -> float:
        """Landed cost per unit; without what is unknown, so that it is a lower bound then."""
        duty = self.duty(option)
        return self.cost + self.ride.usd + (0.0 if np.isnan(duty) else duty) - self.credit_usd


def parts_table(paths: Iterable[LandedPath]) -> pd.DataFrame:
    """Every component of every path under every rule set, and its total: columns ``PARTS``; the components add up to it.

    An unknown duty has no number (NaN) and is not in the total.
    """
    rows = [row for path in paths for option in path.options for row in _parts(path, option)]
    table = pd.DataFrame(rows, columns=[name for name in PARTS if name != "usd_per_kwh"])
    table["usd_per_kwh"] = per_kwh(table["usd_per_unit"], table["unit"])
    return table[list(PARTS)]


def totals_table(paths: Iterable[LandedPath]) -> pd.DataFrame:
    """One row for each path and rule set, cheapest first within a commodity and buyer: columns ``TOTALS``.

    ``difference_usd`` is the distance to the cheapest of the buyer. ``complete``: every duty is known; otherwise the total is a
    lower bound. ``best_rules``: the rule set of lowest duty of the path.
    """
    rows = [_total(path, option) for path in paths for option in path.options]
    names = [name for name in TOTALS if name not in {"usd_per_kwh", "difference_usd"}]
    table = pd.DataFrame(rows, columns=names)
    table["usd_per_kwh"] = per_kwh(table["total_usd"], table["unit"])
    ends = ["commodity", "buyer"]
    least = table.groupby(ends)["total_usd"].transform("min") if len(table) else table["total_usd"]
    table["difference_usd"] = table["total_usd"] - least
    ordered = table.sort_values(["commodity", "buyer", "total_usd", "origin", "rules"], kind="stable", ignore_index=True)
    return ordered[list(TOTALS)]


def per_kwh(usd: pd.Series, unit: pd.Series) -> pd.Series:
    """USD per kWh of things counted in MWh, NaN of others."""
    return (usd.astype(float) / KWH_PER_MWH).where(unit == "MWh")


def _parts(path: LandedPath, option: TariffOption) -> Iterable[tuple[object, ...]]:
    head = (path.commodity, path.origin, path.buyer, option.rules)
    made = path.production[path.production != 0]
    names = zip(made.index.get_level_values(0), made.index.get_level_values(1), made, strict=True)
    for component, stage, usd in names:
        yield (*head, component, stage, float(usd), path.unit, path.confidence, _made_note(path))
    note = "no such route in the network" if path.ride.hypothetical else ""
    yield (*head, DELIVERY, "", path.ride.usd, path.unit, path.ride.confidence, note)
    yield (*head, DUTY, "", path.duty(option), path.unit, option.confidence, _duty_note(option))
    for credit in path.credits:
        note = f"{credit.id}; {100 * credit.share:.0f} % of it in the year; {credit.condition or 'no further test'}"
        note += f"; {path.verdicts[credit.id]}" if credit.id in path.verdicts else ""
        yield (*head, CREDIT, "", -path.credit(credit), path.unit, credit.confidence, note)
    yield (*head, TOTAL, "", path.total(option), path.unit, weakest(_confidences(path, option)), _total_note(option))


def _total(path: LandedPath, option: TariffOption) -> tuple[object, ...]:
    conditions = [option.condition, *(f"{credit.id}: {credit.condition}" for credit in path.credits if credit.condition)]
    return (
        path.commodity,
        path.origin,
        path.buyer,
        option.rules,
        path.total(option),
        path.unit,
        path.cost,
        path.ride.usd,
        path.duty(option),
        option.rate,
        path.credit_usd,
        path.ride.days,
        option.rules == path.best.rules,
        not option.unknown,
        path.hypothetical or path.ride.hypothetical,
        weakest(_confidences(path, option)),
        "; ".join(text for text in conditions if text),
        _verdict(path, option),
    )


def weakest(words: Iterable[str]) -> str:
    """The weakest of some confidences; "" where none is given.

    >>> weakest(["reported", "estimated", ""])
    'estimated'
    """
    known = [word for word in words if word in CONFIDENCES]
    return max(known, key=CONFIDENCES.index, default="")


def _confidences(path: LandedPath, option: TariffOption) -> list[str]:
    return [path.confidence, path.ride.confidence, option.confidence, *(credit.confidence for credit in path.credits)]


def _verdict(path: LandedPath, option: TariffOption) -> str:
    """What the tests of the rule set and of the credits said."""
    names = [option.rules, *(credit.id for credit in path.credits)]
    return "; ".join(f"{name}: {path.verdicts[name]}" for name in names if name in path.verdicts)


def _made_note(path: LandedPath) -> str:
    return (
        "not made there in this year: the process as it costs elsewhere, at this place's cost level" if path.hypothetical else ""
    )


def _duty_note(option: TariffOption) -> str:
    parts = [f"{part.measure.id} {_percent(part.rate)}" for part in option.parts]
    if not option.base_known:
        parts.insert(0, "no duty of this buyer on this good is known")
    notes = [part.measure.note for part in option.parts if part.rate is None and part.measure.note]
    return "; ".join([*parts, *notes])


def _total_note(option: TariffOption) -> str:
    return f"at least: {', '.join(option.unknown)} not known" if option.unknown else ""


def _percent(rate: float | None) -> str:
    return "not known" if rate is None else f"{100 * rate:.4g} %"
