"""Use case: criticality from a person's own table of supply shares, by either method, without any of our facts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.measure.criticality import Mix, Terms, governance_weight
from orepact.measure.risk.geopolrisk import geopolitical_risk, instability, production_hhi
from orepact.service.reading.share_file import SELF, Method, Scale, ShareFile, read_shares
from orepact.service.result import Result
from orepact.wording import field


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of supply risk that a person gives; None where the table or the neutral value tells them."""

    import_reliance: float | None = None
    recycling_input_rate: float | None = None
    substitution_index: float | None = None

    def check(self) -> None:
        """Raise ``BadInput`` with every factor outside its range: fractions 0 to 1, the index above 0."""
        problems = [
            Problem(name, "a fraction from 0 to 1", f"{value:g}", "write 0.25 for 25 %")
            for name, value in (
                ("import_reliance", self.import_reliance), ("recycling_input_rate", self.recycling_input_rate),
                ("substitution_index", self.substitution_index),
            )
            if value is not None and not 0 <= value <= 1
        ]  # fmt: skip
        if problems:
            raise BadInput(problems)


def criticality_of_shares(
    path: Path | str,
    *,
    method: Method,
    scale: Scale = "risk",
    factors: Factors | None = None,
    label: str | None = None,
) -> Result:
    """Supply risk (``eu2023``) or geopolitical risk (``geopolrisk``) of the suppliers in a file.

    ``scale`` says what the column ``governance`` holds: ``risk`` weights used as they stand (0 best), or ``wgi`` World Bank
    estimates, turned into (2.5 - estimate) * 2 for ``eu2023`` and (2.5 - estimate) / 5 for ``geopolrisk``. ``data`` is one row
    of the result with its terms; ``meta["suppliers"]`` says what each supplier adds. Raises ``BadInput``.
    """
    given = factors or Factors()
    given.check()
    shares = read_shares(path, method, scale)
    weighed = _weighed(shares, method, scale)
    found = _supply_risk(weighed, given) if method == "eu2023" else _geopolitical(weighed)
    named = {"commodity": label} if label else {}
    meta: dict[str, Any] = {
        "title": f"{label or shares.path.name}: {'supply risk' if method == 'eu2023' else 'geopolitical risk'} of own shares",
        "manifest": {"file": shares.path.name, "sha256": hashlib.sha256(shares.path.read_bytes()).hexdigest()},
        "method": method,
        "governance_scale": scale,
        "warnings": [],
        **found.meta,
    }
    return Result(pd.DataFrame([named | row for row in found.data.to_dict("records")]), meta)


def _weighed(shares: ShareFile, method: Method, scale: Scale) -> ShareFile:
    """The file with governance as the weight of the method; ``self`` without one weighs nothing."""
    turn = governance_weight if method == "eu2023" else instability
    governance = shares.frame["governance"]
    weights = governance.map(turn, na_action="ignore") if scale == "wgi" else governance
    own = (shares.frame["place"] == SELF) & (weights.isna() | (method == "geopolrisk"))
    return ShareFile(shares.frame.assign(governance=weights.mask(own, 0.0)), shares.path)


def _mix(rows: pd.DataFrame) -> Mix:
    columns = (rows[name].to_numpy(dtype=float) for name in ("share", "governance", "trade_parameter"))
    shares, governance, trade = columns
    return Mix(shares, governance, trade, places=tuple(rows["place"]))


def _supply_risk(shares: ShareFile, given: Factors) -> Result:
    world, sourcing = shares.of("production"), shares.of("import")
    own = float(sourcing.loc[sourcing["place"] == SELF, "share"].sum())
    reliance = 1 - own if given.import_reliance is None else given.import_reliance
    mixes = {"production": _mix(world), "import": _mix(sourcing)}
    terms = Terms(
        hhi_global=mixes["production"].hhi,
        hhi_sourcing=mixes["import"].hhi,
        import_reliance=reliance,
        recycling_input_rate=given.recycling_input_rate if given.recycling_input_rate is not None else 0.0,
        substitution_index=given.substitution_index if given.substitution_index is not None else 1.0,
    )
    row = {"supply_risk": terms.supply_risk} | terms_row(terms)
    meta = row | {
        "suppliers": [{"kind": kind, **entry} for kind, mix in mixes.items() for entry in supplier_rows(mix)],
        "scale": "supply_risk as in the EU study (1 and more is critical); hhi 0 to 10, governance included",
        "warnings": _taken(given, own),
    }
    return Result(pd.DataFrame([row]), meta)


def supplier_rows(mix: Mix) -> list[dict[str, Any]]:
    """What each supplier adds to a concentration, largest first."""
    columns = {"place": mix.places, "share": mix.shares, "governance": mix.governance, "trade_parameter": mix.trade}
    rows = pd.DataFrame(columns | {"adds": mix.adds}).sort_values("adds", ascending=False, kind="stable")
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def terms_row(terms: Terms) -> dict[str, Any]:
    """The terms of a supply risk as plain values by the names that replies use."""
    return {
        "hhi_global": terms.hhi_global,
        "hhi_sourcing": terms.hhi_sourcing,
        "global_weight": terms.global_weight,
        "import_reliance": terms.import_reliance,
        "recycling_input_rate": terms.recycling_input_rate,
        "substitution_index": terms.substitution_index,
        "supply_considered": terms.considered,
    }


def _taken(given: Factors, own: float) -> list[str]:
    """In words, the factors that nobody gave."""
    out = []
    if given.import_reliance is None:
        out.append(f"import reliance {1 - own:.3g} from the row self" if own else "no row self: import reliance is taken as 1")
    if given.recycling_input_rate is None:
        out.append(f"no {field('recycling_input_rate')}: taken as 0")
    if given.substitution_index is None:
        out.append(f"no {field('substitution_index')}: taken as 1, nothing can replace the material")
    return out


def _geopolitical(shares: ShareFile) -> Result:
    world, bought = shares.of("production"), shares.of("import")
    foreign = bought[bought["place"] != SELF]
    found = geopolitical_risk(
        production_hhi(world["quantity"].to_numpy(dtype=float)),
        foreign["quantity"].to_numpy(dtype=float),
        foreign["governance"].to_numpy(dtype=float),
        shares.domestic,
    )
    row = {
        "hhi": found.hhi, "import_risk": found.import_risk, "score": found.score,
        "imports": found.imports, "domestic_production": found.domestic, "import_share": found.import_share,
    }  # fmt: skip
    rows = bought.assign(adds=bought["share"] * bought["governance"])
    meta = row | {
        "suppliers": rows[["place", "quantity", "share", "governance", "adds"]].to_dict("records"),
        "scale": "hhi 0 to 1; import_risk and score in the unit of the weights (0 to 1 on the scale of the method)",
    }
    return Result(pd.DataFrame([row]), meta)
