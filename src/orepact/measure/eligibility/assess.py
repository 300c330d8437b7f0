"""``assess``: every test of a rule set on one bill, with the rule, what was measured, the threshold and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.facts.rule_sets import RuleSet
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.asked import Asked
from orepact.measure.eligibility.bill import Bill, Part
from orepact.measure.eligibility.linear import Share
from orepact.measure.eligibility.product_tests import OF_PRODUCT
from orepact.measure.eligibility.sourcing_tests import BY_SOURCING
from orepact.measure.eligibility.verdict import Outcome, Verdict, either, judge, together

#: What it means that no version of the rule applies: nothing is asked (pass), or nothing is to be had (fail).
WITHOUT_RULE: Mapping[str, Verdict] = {
    "place_of_production": Verdict.failed,
    "content_share": Verdict.failed,
    "regional_value_content": Verdict.undetermined,
    "carbon": Verdict.undetermined,
}
COLUMNS = (
    "test", "title", "kind", "verdict", "measured", "low", "high", "unit", "operator", "threshold", "demand", "why", "rule",
    "provision", "source", "status",
)  # fmt: skip
MOST_NAMED = 3
#: What is demanded where the rule itself says no number.
DEMANDS: Mapping[str, str] = {
    "input_ownership": "none from an entity of concern",
    "export_control": "nothing that needs a licence",
    "tariff_shift": "all from the parties",
}


@dataclass(frozen=True)
class Eligibility:
    """The answer of one rule set for one product: the verdict of all tests together, and one outcome a test."""

    bill: Bill
    rule_set: RuleSet
    day: date
    outcomes: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict:
        """All tests together."""
        return together(outcome.verdict for outcome in self.outcomes)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a test."""
        rows = [{name: getattr(outcome, name) for name in COLUMNS} for outcome in self.outcomes]
        return pd.DataFrame(rows, columns=list(COLUMNS)).assign(verdict=[str(outcome.verdict) for outcome in self.outcomes])


def assess(
    bill: Bill,
    rule_set: RuleSet,
    book: RuleBook,
    day: date,
    *,
    declared: Mapping[str, str] | None = None,
    include_unverified: bool = False,
) -> Eligibility:
    """Every test that the rule set asks of the product on that day.

    A test whose rule is unverified is ``undetermined`` unless ``include_unverified``. Raises ``BadInput`` for a product of
    a stage that the rule set does not speak of.
    """
    questions = asked_of(bill, rule_set, book, day, declared=declared)
    return Eligibility(bill, rule_set, day, tuple(answer(asked, include_unverified=include_unverified) for asked in questions))


def asked_of(
    bill: Bill, rule_set: RuleSet, book: RuleBook, day: date, *, declared: Mapping[str, str] | None = None
) -> tuple[Asked, ...]:
    """The questions of a rule set for one bill."""
    if rule_set.products and bill.stage and bill.stage not in rule_set.products:
        expected = f"a product that {rule_set.id} speaks of: {', '.join(rule_set.products)}"
        raise BadInput([Problem("product", expected, f"{bill.product} ({bill.stage})", "ask for another product or rule set")])
    stage = bill.stage or (rule_set.products[0] if rule_set.products else "")
    return tuple(Asked(bill, question, rule_set, book, day, dict(declared or {})) for question in rule_set.asked_of(stage))


def answer(asked: Asked, *, include_unverified: bool = False) -> Outcome:
    """The outcome of one question, with the rule it rests on."""
    question, rule = asked.question, asked.rule
    if question.rule and rule is None:
        return _without_rule(asked)
    outcome = OF_PRODUCT[question.kind](asked) if question.kind in OF_PRODUCT else _of_shares(asked)
    if rule is not None:
        outcome = replace(
            outcome, rule=rule.id, provision=f"{rule.instrument}, {rule.provision}", source=rule.source, status=rule.status,
            demand=outcome.demand or rule.threshold,
        )  # fmt: skip
        if not rule.verified and not include_unverified and outcome.verdict is not Verdict.undetermined:
            recalled = ", ".join(rule.unverified_fields)
            why = f"{outcome.why}; would {outcome.verdict}, but the rule is unverified ({recalled} recalled)"
            outcome = replace(outcome, verdict=Verdict.undetermined, why=why)
    return outcome


def _without_rule(asked: Asked) -> Outcome:
    question = asked.question
    verdict = WITHOUT_RULE.get(question.kind, Verdict.passed)
    versions = asked.book.versions(question.rule)
    suspended = [rule for rule in versions if rule.spans(asked.day) and rule.state == "suspended"]
    state = f"suspended in the branch {asked.rule_set.suspensions}" if suspended else "not in force"
    meaning = {
        Verdict.passed: "nothing is asked",
        Verdict.failed: "nothing is to be had",
        Verdict.undetermined: "nothing can be said",
    }
    why = f"{versions[-1].instrument} is {state} on {asked.day}: {meaning[verdict]}"
    outcome = Outcome(question.test, question.title, question.kind, verdict, why, measured="no rule on that day")
    return replace(outcome, provision=versions[-1].provision, source=versions[-1].source, status=versions[-1].status)


def _of_shares(asked: Asked) -> Outcome:
    question = asked.question
    shares = BY_SOURCING[question.kind](asked)
    judged = [(share, share.measure(asked.bill.parts)) for share in shares]
    verdicts = [judge(*bounds, ">=", share.threshold) for share, bounds in judged]
    verdict = either(verdicts)
    rank = [Verdict.passed, Verdict.undetermined, Verdict.failed]
    best = min(range(len(judged)), key=lambda at: (rank.index(verdicts[at]), judged[at][0].threshold - judged[at][1][1]))
    share, (low, high) = judged[best]
    verdict, why = _said(asked, share, verdict)
    return Outcome(
        question.test, question.title, question.kind, verdict, why, measured=share.words, low=low, high=high, unit="1",
        operator=">=", threshold=share.threshold, demand=DEMANDS.get(question.kind, ""),
    )  # fmt: skip


def _said(asked: Asked, share: Share, verdict: Verdict) -> tuple[Verdict, str]:
    """The verdict as the kind of test reads it, and why."""
    question, (low, high) = asked.question, share.measure(asked.bill.parts)
    if question.kind == "recycled_content" and not any(share.of(part) > 0 for part in asked.bill.parts):
        return _without_element(asked)
    if question.part == "minerals" and not any(part.minerals for part in asked.bill.parts):
        return Verdict.undetermined, "where the minerals were refined is not known here"
    text = f"{_range(low, high)} {share.words}, at least {100 * share.threshold:.4g} % asked"
    against, open_ = _parts_against(asked, share)
    if against and verdict is not Verdict.passed:
        text += f"; against it: {against}"
    if asked.bill.untracked_usd > 0 and high > low:
        open_ = ", ".join(filter(None, [open_, f"parts for {asked.bill.untracked_usd:,.0f} USD that are not tracked"]))
    if open_ and high > low and verdict is not Verdict.failed:
        text += f"; not known: {open_}"
    if question.kind == "tariff_shift" and verdict is not Verdict.passed:
        return Verdict.undetermined, f"{text}; whether the rest changes its heading enough is not known: {question.note}"
    if question.carved_out and asked.book.on(question.carved_out, asked.day) is not None:
        would = f"would {verdict}" if verdict is not Verdict.undetermined else "open"
        return Verdict.undetermined, f"{text}; {would}, but batteries are carved out of this rule and follow their product rule"
    return verdict, text


def _without_element(asked: Asked) -> tuple[Verdict, str]:
    element = asked.question.element
    silent = [part.material for part in asked.bill.parts if part.contents is None]
    if silent:
        return Verdict.undetermined, f"how much {element} is in {', '.join(dict.fromkeys(silent))} is not known here"
    return Verdict.passed, f"holds no {element}: nothing is asked"


def _range(low: float, high: float) -> str:
    ends = f"{100 * low:.3g}", f"{100 * high:.3g}"
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} %"


def _parts_against(asked: Asked, share: Share) -> tuple[str, str]:
    """The largest parts that count nothing, and those that may count or not, in words."""
    lost: dict[str, float] = {}
    open_: dict[str, float] = {}
    by_price = not any(share.of(part) > 0 for part in asked.bill.parts)
    for part in asked.bill.parts:
        least, most = share.counted(part)
        whole = part.price_usd if by_price else share.of(part)
        if by_price:
            least, most = least + whole, most + whole
        if whole <= 0 or part.quantity <= 0:
            continue
        label = _label(asked, part)
        if most < whole * (1 - 1e-6) and most - least < 1e-12 + 1e-6 * whole:
            lost[label] = lost.get(label, 0.0) + (whole - most) * part.quantity
        elif most > least:
            open_[label] = open_.get(label, 0.0) + (most - least) * part.quantity
    return _largest(lost), _largest(open_)


def _label(asked: Asked, part: Part) -> str:
    reason = ""
    if asked.question.concern is not None:
        reason = f" ({asked.standing(part.maker)[1]})"
    return f"{part.material} of {part.maker.label}{reason}"


def _largest(found: Mapping[str, float]) -> str:
    ordered: Sequence[str] = sorted(found, key=lambda name: (-found[name], name))
    more = f" and {len(ordered) - MOST_NAMED} more" if len(ordered) > MOST_NAMED else ""
    return ", ".join(ordered[:MOST_NAMED]) + more
