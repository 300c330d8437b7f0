"""From claims and results to the ``Basis`` of a number, and from source ids to the notes at the end of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orepact.report.brief import CONFIDENCES, Basis

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger

#: Sources that are our own models: they stand in the list of sources like any other.
BASE_YEAR, PLAN = "orepact_base_year", "orepact_plan"
KEPT = ("producer", "title", "edition", "published", "licence", "attribution", "address", "grade")


def weakest(confidences: Iterable[str]) -> str:
    """The weakest of some confidences; ``derived`` for none.

    >>> weakest(["reported", "estimated"])
    'estimated'
    """
    known = [name for name in confidences if name in CONFIDENCES]
    return max(known, key=CONFIDENCES.index, default="derived")


def basis_of_claims(claims: pd.DataFrame, method: str = "") -> Basis:
    """The basis of a number made from these claims."""
    if claims.empty:
        return Basis(method=method)
    sources = tuple(sorted({str(name) for name in claims["source"]}))
    confidence = weakest(str(name) for name in claims["confidence"].unique())
    if confidence == "reported" and len(claims) > 1:
        confidence = "derived"
    return Basis(sources, str(claims["as_of"].max()), confidence, method)


def basis_of_meta(meta: Mapping[str, Any], method: str = "") -> Basis:
    """The basis of a measured figure from the ``sources`` in its meta."""
    used = [source for source in meta["sources"] if "governance" not in str(source.get("title", "")).lower()]
    confidence = weakest(name for source in used for name in source["confidence"])
    names = tuple(str(source["source"]) for source in used)
    as_of = max((str(source["as_of"]) for source in used), default="")
    return Basis(names, as_of, "derived" if confidence == "reported" else confidence, method)


def base_year_basis(year: int, method: str = "") -> Basis:
    """The basis of a number read from the balanced base year."""
    return Basis(
        (BASE_YEAR,),
        str(year),
        "estimated",
        method or "balanced base year: statistics where they exist, country residuals where not",
    )


def traced_basis(year: int) -> Basis:
    """The basis of a share traced through the balanced year."""
    return base_year_basis(year, "traced through the balanced year, mixed in proportion at every step")


def plan_basis(created: str, method: str = "") -> Basis:
    """The basis of a number that the reference plan answers."""
    return Basis((PLAN,), created[:10], "modelled", method or "least-cost answer of the reference plan")


def source_notes(ledger: Ledger, manifest: Mapping[str, Any], names: Iterable[str]) -> dict[str, dict[str, str]]:
    """What is known of each named source, models included; unknown names keep their id as title."""
    own = _models(manifest)
    table = ledger.sources
    found: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(names):
        if name in own:
            found[name] = own[name]
        elif name in table.index:
            found[name] = {key: str(table.loc[name, key]) for key in KEPT}
        else:
            found[name] = {"title": name}
    return found


def _models(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    version = f"orepact {manifest.get('code_version', '')}".strip()
    shared = {"producer": version, "published": str(manifest.get("created", ""))[:10], "licence": "MIT", "grade": "D"}
    method = (
        "each figure rests on the sources of this list; what none of them covers is closed by country "
        "residuals, marked as estimates"
    )
    return {
        BASE_YEAR: {
            **shared,
            "title": "Balanced base year",
            "edition": f"data edition {short_hash(manifest, 'data_edition')}",
            "address": method,
        },
        PLAN: {
            **shared,
            "title": "Reference plan, least cost under stated policies",
            "edition": f"scenario {short_hash(manifest, 'scenario_hash')}, {manifest.get('solver', '')}",
            "address": "what the chain would build if nothing further is agreed; not a forecast",
        },
    }


def short_hash(manifest: Mapping[str, Any], name: str) -> str:
    """The first twelve characters of a hash."""
    return str(manifest.get(name) or "")[:12]
