"""Supply risk for a place of the chain: the EU formula on what that place makes and buys of an element.

World production comes from mine statistics, what the place buys from trade by customs code in contained tonnes, what it makes
itself from its production.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.measure.concentration import AGGREGATES
from orepact.measure.criticality import Mix, Terms
from orepact.measure.risk.eu_study import Study
from orepact.measure.supply.amounts import statistic
from orepact.measure.supply.dependence import dependence_of
from orepact.service.concentrating import governance_of
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.reading.own_shares import Factors, supplier_rows, terms_row
from orepact.service.result import Result
from orepact.service.risk.buying import Buyer, element_of, year_for

if TYPE_CHECKING:
    from orepact.facts import Ledger


#: Weight of the worst governance by the EU formula.
WORST_GOVERNANCE = 10.0


@dataclass(frozen=True, slots=True)
class Question:
    """For whom and when supply risk is asked, with the factors that the person gives."""

    place: str
    year: int | None
    factors: Factors


def buyer_supply_risk(ledger: Ledger, study: Study, materials: Sequence[str], question: Question) -> Result:
    """Supply risk of materials for a place, at extraction, one row each, highest first.

    Shares of world supply and of what the place makes and buys are ours. Recycling input rate and substitution index are the
    EU's unless given; trade parameters above 1 (export restrictions, as the EU study has them) count, the EU's own 0.8 does
    not. Suppliers without an entry of their own count in the sums, not in the concentration. Raises ``BadInput``.
    """
    place, factors = question.place, question.factors
    ledger.codes.place(place)
    factors.check()
    elements = dict.fromkeys(element_of(ledger.codes, name) for name in materials)
    found = {name: _buyer_terms(ledger, study, name, question) for name in materials if element_of(ledger.codes, name)}
    known = {name: item for name, item in found.items() if item is not None}
    if not known:
        expected = f"an element with mine statistics and trade of {place}"
        raise BadInput(
            [Problem("commodity", expected, ", ".join(filter(None, elements)) or ", ".join(materials), "ask for another one")]
        )
    rows = [
        {
            "place": place,
            "material": name,
            "year": item.buyer.year,
            "supply_risk": item.terms.supply_risk,
            "low": item.terms.supply_risk,
            "high": item.worst.supply_risk,
            **terms_row(item.terms),
        }
        for name, item in known.items()
    ]
    data = pd.DataFrame(rows).sort_values("supply_risk", ascending=False, na_position="last", kind="stable")
    claims = [frame for item in known.values() for frame in (*item.buyer.claims, item.governance)]
    first = next(iter(known.values()))
    meta: dict[str, Any] = {
        "title": f"Supply risk for {place} by the formula of the EU study",
        "method": "eu2023",
        **({"supply_risk": first.terms.supply_risk} if len(known) == 1 else {}),
        "suppliers": [
            {"material": name, "mix": mix, **entry}
            for name, item in known.items()
            for mix, suppliers in (("world supply", item.world), ("sourcing", item.sourcing))
            for entry in _rows_of(suppliers, item.missing)
        ],
        "governance_missing": sorted({place for item in known.values() for place in item.missing}),
        "scale": "supply_risk: 1 and more is critical in the EU study; hhi 0 to 10, governance included",
        "manifest": manifest_of(ledger),
        "units": {"supply_risk": "index"},
        "sources": sources_used(ledger, *claims),
        "warnings": [
            *_assumed(factors),
            *dict.fromkeys(note for item in known.values() for note in item.notes),
            *(
                f"{name}: {words}"
                for name, item in known.items()
                for words in _governed(item.missing, item.terms.supply_risk, item.worst.supply_risk)
            ),
            *weak_claims(claims),
        ],
    }
    return Result(data.drop(columns="supply_considered").reset_index(drop=True), meta)


@dataclass(frozen=True, eq=False)
class _BuyerTerms:
    buyer: Buyer
    world: Mix
    sourcing: Mix
    terms: Terms
    governance: pd.DataFrame
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    worst: Terms


def _buyer_terms(ledger: Ledger, study: Study, material: str, question: Question) -> _BuyerTerms | None:
    """The terms of one material for a place; None without mine statistics or without figures of the place."""
    place, factors, element = question.place, question.factors, element_of(ledger.codes, material)
    chosen = year_for(ledger, "mine_production", element, question.year)
    found = dependence_of(ledger, place, element, chosen) if chosen is not None else None
    if chosen is None or found is None:
        return None
    world = statistic(ledger, "mine_production", element, chosen)
    made = found.reliance.production
    home = ledger.codes.country(place)
    bought = found.trade.sellers
    notes = [f"{element}: {note}" for note in found.notes]
    if not bought.sum() > 0 and not made > 0:
        return None
    used = bought.add(pd.Series({home: made}), fill_value=0.0) if made > 0 else bought
    risks, claims = governance_of(ledger, chosen)
    trade = {name: max(1.0, value) for name, value in study.trade_parameters(material, "extraction").items()}
    global_mix, sourcing = (_mix(amounts, risks, trade) for amounts in (world.by_place, used))
    worst_mix, worst_sourcing = (_mix(amounts, risks, trade, WORST_GOVERNANCE) for amounts in (world.by_place, used))
    missing = governance_missing(risks, *global_mix.places, *sourcing.places)
    reliance = min(max(found.reliance.net_import_reliance, 0.0), 1.0)
    terms = Terms(
        hhi_global=global_mix.hhi,
        hhi_sourcing=sourcing.hhi,
        import_reliance=reliance if factors.import_reliance is None else factors.import_reliance,
        recycling_input_rate=_given(factors.recycling_input_rate, study.factor(material, "end_of_life_recycling_input_rate")),
        substitution_index=_given(factors.substitution_index, study.factor(material, "substitution_index_supply_risk")),
    )
    buyer = Buyer(place, element, chosen, world, found.trade, made)
    weighed = claims[claims["country"].isin([*global_mix.places, *sourcing.places])]
    worst = replace(terms, hhi_global=worst_mix.hhi, hhi_sourcing=worst_sourcing.hhi)
    return _BuyerTerms(buyer, global_mix, sourcing, terms, weighed, tuple(notes), missing, worst)


def governance_missing(risks: Mapping[str, float], *places: str) -> tuple[str, ...]:
    """Named suppliers without a governance estimate; aggregates such as the rest of the world are no suppliers.

    >>> governance_missing({"CHN": 5.6}, "NCL", "CHN", "ROW", "NCL")
    ('NCL',)
    """
    return tuple(sorted({place for place in places if place not in AGGREGATES and place not in risks}))


def _governed(names: tuple[str, ...], low: float, high: float) -> list[str]:
    if not names:
        return []
    bounds = f"supply risk is {low:.3g} if they are governed best, {high:.3g} if worst"
    return [f"no governance estimate for {', '.join(names)}: {bounds}"]


def _given(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _assumed(factors: Factors) -> list[str]:
    names = [
        words
        for words, value in (
            ("recycling input rate", factors.recycling_input_rate),
            ("substitution index", factors.substitution_index),
        )
        if value is None
    ]
    return [f"{' and '.join(names)} are those of the EU study"] if names else []


def _rows_of(mix: Mix, missing: tuple[str, ...]) -> list[dict[str, Any]]:
    """What each supplier adds; of those without a governance estimate that is not known."""
    blank = {"governance": float("nan"), "adds": float("nan")}
    return [entry | (blank if entry["place"] in missing else {}) for entry in supplier_rows(mix)]


def _mix(amounts: pd.Series, risks: Mapping[str, float], trade: Mapping[str, float], otherwise: float = 0.0) -> Mix:
    """Shares of all amounts; aggregates such as the rest of the world add nothing.

    Named suppliers without a governance estimate count with ``otherwise``: 0 gives the lower bound, 10 the upper one.
    """
    shares = amounts[amounts > 0] / amounts.sum()
    places = tuple(str(place) for place in shares.index)
    governance = np.array([risks.get(place, 0.0 if place in AGGREGATES else otherwise) for place in places])
    return Mix(shares.to_numpy(dtype=float), governance, np.array([trade.get(place, 1.0) for place in places]), places=places)
