"""One function for each kind of test that sourcing cannot mend: place, maker, carbon, declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orepact.measure.eligibility.asked import Asked
from orepact.measure.eligibility.concern import Standing
from orepact.measure.eligibility.verdict import TOLERANCE, Outcome, Verdict, judge

NO, YES = ("no", "none", "pass"), ("yes", "fail")


def place_of_production(asked: Asked) -> Outcome:
    """Whether the product is made in one of the places."""
    bill = asked.bill
    inside = bill.place in asked.places or bill.country in asked.places
    wanted = " or ".join(asked.question.places)
    why = f"made in {bill.place}" if inside else f"made in {bill.place}; it must be made in {wanted}"
    verdict = Verdict.passed if inside else Verdict.failed
    return _outcome(asked, verdict, why, measured=bill.place, demand=wanted, operator="in")


def ownership(asked: Asked) -> Outcome:
    """Part of the output by makers that are no entity of concern: all passes, none fails, a mix depends on the maker."""
    found = [(maker, part, *asked.standing(maker)) for maker, part in asked.bill.makers if part > 0]
    demand = "no entity of concern"
    if not found:
        why = "nobody is known to make it there: the owner of a plant decides"
        return _outcome(asked, Verdict.undetermined, why, measured="maker not known", demand=demand)
    whole = sum(part for _, part, _, _ in found)
    least = sum(part for _, part, standing, _ in found if standing is Standing.clean) / whole
    most = least + sum(part for _, part, standing, _ in found if standing is Standing.unknown) / whole
    verdict = Verdict.passed if least >= 1 - TOLERANCE else Verdict.failed if most <= TOLERANCE else Verdict.undetermined
    first = sorted(found, key=lambda item: (item[2] is Standing.clean, -item[1]))
    reasons = list(dict.fromkeys(f"{maker.label}: {reason}" for maker, _, _, reason in first))
    why = "; ".join(reasons[:3]) + (f" and {len(reasons) - 3} more" if len(reasons) > 3 else "")
    return _outcome(asked, verdict, why, (least, most), measured="output of makers that are no entity of concern", demand=demand)


def carbon(asked: Asked) -> Outcome:
    """The footprint per kWh against the maximum of the rule; open where no maximum is adopted."""
    rule, found = asked.known_rule, asked.bill.carbon_kg_co2e_per_kwh
    range_ = (found, found) if found is not None else (float("nan"), float("nan"))
    shown: dict[str, Any] = {"measured": "carbon footprint", "unit": "kg_co2e_per_kWh"}
    if rule.value is not None and found is not None:
        verdict = judge(found, found, "<=", rule.value)
        return _outcome(asked, verdict, f"{found:.4g} kg CO2e per kWh", range_, operator="<=", threshold=rule.value, **shown)
    known = f"{found:.4g} kg CO2e per kWh; " if found is not None else "the footprint is not known here; "
    if rule.value is not None:
        return _outcome(asked, Verdict.undetermined, known + "give it", range_, threshold=rule.value, **shown)
    what = f"maximum {asked.question.maximum}" if asked.question.maximum else rule.word
    why = f"{known}{what}: {rule.state_words}"
    return _outcome(asked, Verdict.undetermined, why, range_, demand=rule.word, **shown)


def declaration(asked: Asked) -> Outcome:
    """What only the maker can say: a number below the threshold of the rule, or no."""
    name, said = asked.question.declared, asked.declared.get(asked.question.declared)
    limit = asked.rule.value if asked.rule is not None else None
    demand = f"below {asked.rule.threshold}" if asked.rule is not None and limit is not None else "no"
    if said is None:
        why = f"no facts about it: declare {name}, {'a share' if limit is not None else 'yes or no'}"
        return _outcome(asked, Verdict.undetermined, why, measured="not declared", demand=demand)
    try:
        share = float(said)
    except ValueError:
        verdict = Verdict.passed if said.lower() in NO else Verdict.failed if said.lower() in YES else Verdict.undetermined
        return _outcome(asked, verdict, f"declared: {said}", measured=f"declared {said}", demand=demand)
    verdict = judge(share, share, "<", limit) if limit is not None else Verdict.undetermined
    why = f"declared: {100 * share:.4g} %"
    return _outcome(asked, verdict, why, (share, share), measured="declared", operator="<", threshold=limit, demand=demand)


def _outcome(
    asked: Asked,
    verdict: Verdict,
    why: str,
    bounds: tuple[float, float] = (float("nan"), float("nan")),
    *,
    measured: str,
    unit: str = "1",
    operator: str = "",
    threshold: float | None = None,
    demand: str = "",
) -> Outcome:
    question = asked.question
    return Outcome(
        question.test, question.title, question.kind, verdict, why, measured=measured, low=bounds[0], high=bounds[1],
        unit="" if bounds[0] != bounds[0] else unit, operator=operator, demand=demand,
        threshold=float("nan") if threshold is None else threshold,
    )  # fmt: skip


OF_PRODUCT: Mapping[str, Callable[[Asked], Outcome]] = {
    "place_of_production": place_of_production,
    "ownership": ownership,
    "carbon": carbon,
    "declaration": declaration,
}
