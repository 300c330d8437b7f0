"""Units of energy that goods are counted in."""

from __future__ import annotations

#: Kilowatt-hours in one unit.
KWH = {"kWh": 1.0, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9}
