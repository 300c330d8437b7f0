"""Use case: how critical a material is, by the EU method of 2023 or by GeoPolRisk, from our facts or a person's own table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.criticality import CRITICAL_IMPORTANCE, CRITICAL_SUPPLY_RISK
from orepact.measure.risk.agreement import AGREEING
from orepact.measure.risk.eu_study import Assessment, StageRisk, Study
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.reading.own_shares import Factors, criticality_of_shares, supplier_rows, terms_row
from orepact.service.reading.share_file import Method, Scale
from orepact.service.result import Result
from orepact.service.risk.buyer_risk import Question, buyer_supply_risk
from orepact.service.risk.geopolitical import geopolitical_risks
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

UNITS = {"supply_risk": "index", "published": "index", "difference": "index", "hhi_global": "0-10", "hhi_sourcing": "0-10"}
#: Columns that a table for people does without.
HIDDEN = ("low", "high", "global_weight", "supply_considered", "decides", "reason")
SCALE = (
    f"supply_risk: {CRITICAL_SUPPLY_RISK:g} and more is critical where economic importance reaches {CRITICAL_IMPORTANCE:g}; "
    "hhi 0 to 10, governance and trade parameters included; the other terms are fractions"
)


def measure_criticality(
    ledger: Ledger,
    *,
    method: Method = "eu2023",
    commodity: str | None = None,
    place: str | None = None,
    year: int | None = None,
    shares: Path | str | None = None,
    scale: Scale = "risk",
    factors: Factors | None = None,
) -> Result:
    """Criticality of a material by a method.

    - ``shares``: only what the file says counts (``own_shares.criticality_of_shares``).
    - ``eu2023`` without a place: the study of 2023, recomputed; all materials in one table, or the stages of one
      (decisive one first), ours beside the published value with the reason of any difference.
    - ``eu2023`` with a place: the same formula for what that place makes and buys.
    - ``geopolrisk``: for a place (default: Canada, Japan, Korea) and an element or commodity (default: all elements).

    Raises ``NotFound`` for names that the facts do not know, ``BadInput`` for files, factors and years that cannot be used.
    """
    if method == "geopolrisk":
        _refuse(factors, "geopolrisk has no such factor")
    if shares is not None:
        found = criticality_of_shares(shares, method=method, scale=scale, factors=factors, label=commodity)
        return _warned(found, {"place": place, "year": year}, "the file says all that counts")
    if method == "geopolrisk":
        return geopolitical_risks(ledger, commodity, place, year)
    study = Study.of(ledger)
    if place is not None:
        return buyer_supply_risk(ledger, study, materials_named(study, commodity), Question(place, year, factors or Factors()))
    _refuse(factors, "the EU study has its own: name a place or a file")
    found = _all_materials(ledger, study) if commodity is None else _materials(ledger, study, commodity)
    return _warned(found, {"year": year}, "the EU study has its own period, 2016-2020")


def _refuse(factors: Factors | None, because: str) -> None:
    """Raise ``BadInput`` for factors that the answer would leave out."""
    given = {} if factors is None else {name: value for name, value in asdict(factors).items() if value is not None}
    if given:
        mend = f"leave it out: {because}"
        raise BadInput([Problem(name, "nothing", f"{value:g}", mend) for name, value in given.items()])


def _warned(found: Result, given: Mapping[str, object], because: str) -> Result:
    """The answer with a warning for each thing given that changed nothing."""
    unused = [f"{field(name, value)} changes nothing: {because}" for name, value in given.items() if value is not None]
    return replace(found, meta={**found.meta, "warnings": [*found.meta["warnings"], *unused]})


def materials_named(study: Study, name: str | None) -> tuple[str, ...]:
    """Materials of the study that a person means: by id or title in any case, by element, by a commodity that holds one.

    None stands for every element of the chain that the study assesses. Raises ``NotFound`` with near names.
    """
    codes, known = study.codes, set(study.materials)
    if name is None:
        return tuple(found for element in codes.elements for found in _of_element(codes, element, known))
    wanted = "_".join(name.casefold().split()).replace("-", "_")
    titles = {study.title(material).casefold(): material for material in known}
    direct = wanted if wanted in known else titles.get(name.strip().casefold())
    if direct is not None:
        return (direct,)
    element = wanted if wanted in codes.elements else codes.commodities[wanted].element if wanted in codes.commodities else ""
    found = tuple(_of_element(codes, element, known)) if element else ()
    if not found:
        raise NotFound("material of the study", name, [*study.materials, *codes.elements])
    return found


def _of_element(codes: Codes, element: str, known: set[str]) -> list[str]:
    own = [element] if element in known else []
    forms = [name for name in codes.commodities_of(element) if name in known and codes.commodities[name].element == element]
    return own + [name for name, material in codes.materials.items() if material.element == element and name in known] + forms


def _all_materials(ledger: Ledger, study: Study) -> Result:
    assessed = [study.assess(name) for name in study.materials]
    rows = pd.DataFrame([_summary(item) for item in assessed]).sort_values("supply_risk", ascending=False, na_position="last")
    kinds = dict(Counter(stage.agreement.kind for item in assessed for stage in item.stages))
    meta: dict[str, Any] = {
        "title": "EU study of 2023: supply risk of every material, ours beside the published",
        "method": "eu2023",
        "scale": SCALE,
        "stages_by_agreement": kinds,
        "manifest": manifest_of(ledger),
        "units": UNITS,
        "sources": sources_used(ledger, study.claims),
        "warnings": [*_agreement_words(kinds), *(word for item in assessed for word in _lower_bound(item))],
    }
    shown = rows.drop(columns=["material", "economic_importance"])
    return Result(rows.reset_index(drop=True), meta, shown=shown)


def _agreement_words(kinds: Mapping[Any, int]) -> list[str]:
    total, same = sum(kinds.values()), sum(kinds.get(name, 0) for name in AGREEING)
    parts = f"{kinds.get('equal', 0)} to its decimal, {kinds.get('rounding', 0)} within the rounding of the printed inputs"
    edition = f"{kinds.get('edition', 0)} with an allowance for another edition of the governance estimates"
    return [f"{same} of {total} stages agree with the published value: {parts}, {edition}; each other one says why not"]


def _summary(item: Assessment) -> dict[str, Any]:
    """One material in one row."""
    decisive = item.decisive or (item.stages[0] if item.stages else None)
    return {
        "material": item.material,
        "title": item.title,
        "supply_risk": item.supply_risk,
        "published": item.published,
        "difference": item.supply_risk - item.published,
        "stage": "mean of members" if item.members else decisive.stage if decisive else "",
        "economic_importance": item.economic_importance,
        "critical": item.critical,
        "agreement": "" if decisive is None else decisive.agreement.kind,
        "reason": _reason(item),
    }


def _reason(item: Assessment) -> str:
    """Why ours differs from the published one, stage by stage; "" where both are equal to the printed decimal."""
    if item.members:
        return f"mean of {len(item.members)} members, whose own rows tell"
    words = [f"{stage.stage}: {stage.agreement.words}" for stage in item.stages if stage.agreement.kind != "equal"]
    return "; ".join([*_at_least(item), *words])


def _at_least(item: Assessment) -> list[str]:
    """A word where a stage that cannot be computed might be the higher one."""
    return [f"at least {item.supply_risk:.2f}: {', '.join(item.at_least)} cannot be computed"] if item.at_least else []


def _materials(ledger: Ledger, study: Study, name: str) -> Result:
    chosen = materials_named(study, name)
    assessed = [study.assess(material) for material in chosen]
    rows = [row for item in assessed for row in _stage_rows(item)]
    claims = pd.concat([study.claims_of(material) for material in chosen]).drop_duplicates(["subject", "attribute"])
    first = assessed[0]
    meta: dict[str, Any] = {
        "title": f"{', '.join(item.title for item in assessed)}: supply risk by the EU method of 2023",
        "method": "eu2023",
        "material": first.material if len(assessed) == 1 else [item.material for item in assessed],
        "supply_risk": first.supply_risk if len(assessed) == 1 else {item.material: item.supply_risk for item in assessed},
        "published_supply_risk": first.published if len(assessed) == 1 else {item.material: item.published for item in assessed},
        "economic_importance": first.economic_importance if len(assessed) == 1 else None,
        "critical": None if len(assessed) > 1 or first.critical is None else "yes" if first.critical else "no",
        "reason": _reason(first) if len(assessed) == 1 else "",
        "suppliers": [entry for item in assessed for stage in item.stages for entry in _suppliers(stage)],
        "scale": SCALE,
        "manifest": manifest_of(ledger),
        "units": UNITS,
        "sources": sources_used(ledger, claims),
        "warnings": [
            *_renamed(name, assessed),
            *(word for item in assessed for word in _lower_bound(item)),
            *weak_claims([claims]),
        ],
    }
    data = pd.DataFrame(rows)
    return Result(data, meta, shown=data[[name for name in data if name not in HIDDEN]])


def _lower_bound(item: Assessment) -> list[str]:
    return [f"{item.title}: {word}" for word in _at_least(item)]


def _renamed(name: str, assessed: list[Assessment]) -> list[str]:
    """A word where the study speaks of something broader than what was asked."""
    wanted = "_".join(name.casefold().split())
    if wanted in {item.material for item in assessed} or name.strip().casefold() in {item.title.casefold() for item in assessed}:
        return []
    return [f"the study assesses {', '.join(item.title for item in assessed)}, not {name}"]


def _stage_rows(item: Assessment) -> list[dict[str, Any]]:
    """The stages of a material, the decisive one first; the members of a group."""
    if item.members:
        found = [row | {"decides": False} for member in item.members for row in _stage_rows(member)]
        return [_group_row(item), *found]
    return [_stage_row(item, stage) for stage in item.stages]


def _group_row(item: Assessment) -> dict[str, Any]:
    return {
        "material": item.material,
        "stage": "mean of members",
        "supply_risk": item.supply_risk,
        "published": item.published,
        "difference": item.supply_risk - item.published,
        "decides": True,
        "reason": _reason(item),
    }


def _stage_row(item: Assessment, stage: StageRisk) -> dict[str, Any]:
    low, high = stage.span
    return {
        "material": item.material,
        "stage": stage.stage,
        "supply_risk": stage.supply_risk,
        "low": low,
        "high": high,
        "published": stage.published,
        "difference": stage.agreement.difference,
        "decides": stage is item.decisive,
        **terms_row(stage.terms),
        "agreement": stage.agreement.kind,
        "reason": stage.agreement.words,
    }


def _suppliers(stage: StageRisk) -> list[dict[str, Any]]:
    """What each supplier adds to the two concentrations of a stage, largest first."""
    return [
        {"stage": stage.stage, "mix": name, **entry}
        for name, mix in (("world supply", stage.world), ("sourcing", stage.sourcing))
        for entry in supplier_rows(mix)
    ]
