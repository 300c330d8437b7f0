"""Cells of the raw table of rules as numbers with units, lists and words."""

from __future__ import annotations

import re
from typing import Any

PLACES = {
    "US": "USA", "CA": "CAN", "MX": "MEX", "KR": "KOR", "JP": "JPN", "JP+": "CPTPP", "CN": "CHN", "ID": "IDN", "CD": "COD",
    "ZW": "ZWE", "RU": "RUS", "KP": "PRK", "IR": "IRN", "EU": "EU", "G7": "G7",
}  # fmt: skip
OPERATORS = {">=": ">=", "<=": "<=", "=": "==", "in": "in", "includes": "includes", "any": "any"}
UNITS: dict[str, tuple[float, str]] = {
    "percent": (0.01, "1"),
    "USD/kWh": (1000.0, "USD_per_MWh"),
    "million CAD": (1e6, "CAD"),
    "million": (1e6, "t"),
    "GWh/y": (1.0, "GWh_per_year"),
    "vehicles/year,": (1.0, "vehicle_per_year"),
    "months": (1.0, "month"),
    "days": (1.0, "day"),
    "count": (1.0, "count"),
    "strategic": (1.0, "count"),
    "t": (1.0, "t"),
}
"""How the raw units begin, the factor to ours, and ours."""

STATES = (
    ("SUSPENDED", "suspended"), ("suspended", "suspended"), ("repealed", "repealed"), ("proposed", "proposed"),
    ("not yet applicable", "scheduled"), ("scheduled", "scheduled"), ("certified", "target"), ("announced", "target"),
    ("target", "target"), ("uncertain", "uncertain"), ("superseded", "ended"), ("historic", "ended"), ("ended", "ended"),
    ("terminated", "in_force"), ("expired", "ended"), ("folded", "ended"), ("rolled over", "ended"), ("executed", "ended"),
    ("ruled", "in_force"), ("annual reviews", "in_force"), ("ore ban in force", "in_force"), ("in force", "in_force"),
)  # fmt: skip
"""How the raw state begins, and ours. The end of a credit is a rule in force."""


def places_of(text: str, separator: str = "/") -> list[str]:
    """Two-letter codes as place ids.

    >>> places_of("CA/JP+"), places_of("CN;RU;KP;IR", ";")
    (['CAN', 'CPTPP'], ['CHN', 'RUS', 'PRK', 'IRN'])
    """
    return [PLACES[part.strip()] for part in text.split(separator)]


def state_of(text: str) -> str:
    """The state in one word.

    >>> state_of("in force; mid-year revision possible"), state_of("SUSPENDED 2025-11-07 to 2026-11-10")
    ('in_force', 'suspended')
    """
    return next(state for start, state in STATES if text.startswith(start))


def suspension_of(text: str) -> dict[str, str]:
    """First and last day of a suspension, as the raw state says them.

    >>> suspension_of("SUSPENDED 2025-11-07 to 2026-11-10 by Ann. 70")
    {'suspended_from': '2025-11-07', 'suspended_to': '2026-11-10'}
    """
    found = re.match(r"SUSPENDED (\S+) to (\S+)", text)
    return {"suspended_from": found[1], "suspended_to": found[2]} if found else {}


def snake(text: str) -> str:
    """A measured quantity as a name.

    >>> snake("RVC net cost"), snake("days_of_demand")
    ('rvc_net_cost', 'days_of_demand')
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def demand_of(parameter: str, value: str, unit: str) -> dict[str, Any]:
    """What a rule demands: ``measures`` and one of ``value``, ``values``, ``members``, ``word``, with unit and basis.

    >>> demand_of("ratio", "60", "percent")
    {'measures': 'ratio', 'value': 0.6, 'unit': '1'}
    >>> demand_of("minerals / components", "50 / 60", "percent / percent")["values"]
    {'minerals': 0.5, 'components': 0.6}
    """
    if unit == "country codes":
        return {"measures": snake(parameter), "members": places_of(value, ";")}
    factor, ours, basis = unit_of(unit)
    numbers = [part.strip() for part in value.split(" / ")]
    if not ours or not all(re.fullmatch(r"[\d.]+", part) for part in numbers):
        return {"measures": snake(parameter), "word": value}
    amounts = [round(float(part) * factor, 10) for part in numbers]
    if len(amounts) == 1:
        demand: dict[str, Any] = {"measures": snake(parameter), "value": amounts[0], "unit": ours}
    else:
        names = [snake(part) for part in parameter.split(" / ")]
        demand = {"measures": "_and_".join(names), "values": dict(zip(names, amounts, strict=False)), "unit": ours}
    return demand | ({"basis": basis} if basis else {})


def unit_of(raw: str) -> tuple[float, str, str]:
    """Factor to our unit, our unit, and what the raw unit says beyond it ("" for a unit of words).

    >>> unit_of("percent by 2030 (from 80)"), unit_of("USD/kWh"), unit_of("boolean")
    ((0.01, '1', 'by 2030 (from 80)'), (1000.0, 'USD_per_MWh', ''), (1.0, '', ''))
    """
    for start in sorted(UNITS, key=len, reverse=True):
        if raw == start or raw.startswith(f"{start} "):
            rest = raw[len(start) :].strip().removeprefix("/ percent")
            return *UNITS[start], rest.removeprefix("=> ").removeprefix("new; ").strip()
    return 1.0, "", ""
