"""The cheapest change of sources that would surely pass: a small linear programme over who delivers each direct material.

Variables ``y_ij``: units a product unit that move from today's part i to source j of the same material (staying is i = j).

    minimise    sum over moves of max(0, p_j - p_i) y_ij             extra cost; a saving is not sought, only taken
    subject to  sum_j y_ij = q_i                                     every unit bought today is bought somewhere
                sum_i y_ij <= available_j                            nobody delivers more than it makes
                sum_j slack_tj x_j + margin_t >= 0, x_j = sum_i y_ij every test t on its sure side

Of all answers of that cost the one that moves the least value is taken (a second solve), so that nothing changes without need. A
source that is cheaper on paper than today's is worth no search: something that the model does not see keeps buyers from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations_of
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from orepact.measure.eligibility.asked import Asked
from orepact.measure.eligibility.assess import answer
from orepact.measure.eligibility.bill import Bill, Offer, Part
from orepact.measure.eligibility.linear import Share
from orepact.measure.eligibility.sourcing_tests import BY_SOURCING
from orepact.measure.eligibility.verdict import Outcome, Verdict, either, judge

#: The second solve may spend this much more than the least, relative.
SLACK = 1e-9
#: Shares that change by less than this are told as unchanged.
SMALLEST = 1e-4
PASSES, CHANGE, NONE = "passes already", "change", "no such change"


@dataclass(frozen=True, slots=True)
class Shift:
    """The share of one source in one material, before and after, and its delivered price a unit of the material."""

    material: str
    source: str
    place: str
    owner_country: str
    share_from: float
    share_to: float
    price_usd: float


@dataclass(frozen=True, slots=True)
class CheapestChange:
    """The answer: ``status`` is ``passes already``, ``change`` or ``no such change``.

    ``extra_cost_usd_per_unit`` is signed (a saving is negative). ``blocking`` names the tests that no sourcing can mend and why,
    ``open`` those that stay open whatever is bought. With blocking tests, ``shifts`` still mend every other one where they can.
    """

    status: str
    words: str
    shifts: tuple[Shift, ...] = ()
    extra_cost_usd_per_unit: float = float("nan")
    extra_cost_usd_per_kwh: float = float("nan")
    blocking: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()


def cheapest_change(
    asked: Sequence[Asked], offers: Mapping[str, Sequence[Offer]], *, include_unverified: bool = False
) -> CheapestChange:
    """The least extra cost at which every test that sourcing can mend surely passes. ``offers`` are by material."""
    if not asked:
        return CheapestChange(PASSES, "no test is asked")
    outcomes = {item.question.test: answer(item, include_unverified=include_unverified) for item in asked}
    blocking, left_open, wanted = _sorted_out(asked, outcomes, include_unverified=include_unverified)
    bill = asked[0].bill
    market = Market.of(bill, offers)
    if all(_passes(shares, bill) for _, shares in wanted):
        wanted = []
    cannot = [(item, shares) for item, shares in wanted if market.best([shares]) is None]
    blocking += [(item.question.test, market.why_not(shares)) for item, shares in cannot]
    kept = [shares for item, shares in wanted if (item, shares) not in cannot]
    solved = market.best(kept) if kept else None
    if kept and solved is None:
        names = ", ".join(item.question.test for item, shares in wanted if shares in kept)
        blocking.append((names, "no known mix of sources meets them together"))
    shifts = market.shifts(solved) if solved is not None else ()
    extra = market.dearer(solved) if solved is not None else 0.0 if not kept else float("nan")
    per_kwh = extra / bill.kwh if bill.kwh else float("nan")
    status = NONE if blocking else CHANGE if shifts else PASSES
    words = _words(bill, status, shifts, extra=(extra, per_kwh), blocking=blocking, left_open=left_open)
    return CheapestChange(status, words, shifts, extra, per_kwh, tuple(blocking), tuple(left_open))


def _sorted_out(
    asked: Sequence[Asked], outcomes: Mapping[str, Outcome], *, include_unverified: bool
) -> tuple[list[tuple[str, str]], list[str], list[tuple[Asked, tuple[Share, ...]]]]:
    """Tests that no sourcing can mend, those that stay open, and those that bound the choice of sources."""
    blocking, left_open, wanted = [], [], []
    for item in asked:
        question, outcome = item.question, outcomes[item.question.test]
        decides = question.kind in BY_SOURCING and not (question.rule and item.rule is None)
        decides = decides and not (question.carved_out and item.book.on(question.carved_out, item.day) is not None)
        verified = item.rule is None or item.rule.verified or include_unverified
        if decides and verified:
            wanted.append((item, BY_SOURCING[question.kind](item)))
        elif outcome.verdict is Verdict.failed:
            blocking.append((question.test, outcome.why))
        elif outcome.verdict is Verdict.undetermined:
            left_open.append(question.test)
    return blocking, left_open, wanted


def _passes(shares: Sequence[Share], bill: Bill) -> bool:
    """Whether a bill surely meets a test as it is."""
    return either(judge(*share.measure(bill.parts), ">=", share.threshold) for share in shares) is Verdict.passed


@dataclass(frozen=True, eq=False)
class Market:
    """Today's parts and every source of the same materials; ``part`` and ``source`` are the ends of each possible move."""

    bill: Bill
    parts: tuple[Part, ...]
    sources: tuple[Offer, ...]
    part: Any
    source: Any

    @classmethod
    def of(cls, bill: Bill, offers: Mapping[str, Sequence[Offer]]) -> Market:
        """Every move from a part to a source of its material; today's parts are sources too."""
        sources: dict[tuple[str, Any], Offer] = {}
        for part in bill.parts:
            known = sources.get(_key(part))
            amount = part.quantity + (known.available if known else 0.0)
            sources[_key(part)] = Offer(part, part.price_usd, amount)
        for offer in (offer for listed in offers.values() for offer in listed):
            known = sources.get(_key(offer.part))
            if known is None:
                sources[_key(offer.part)] = offer
            else:
                sources[_key(offer.part)] = replace(known, available=max(known.available, offer.available))
        listed = tuple(sources.values())
        moves = [
            (i, j) for i, part in enumerate(bill.parts) for j, offer in enumerate(listed) if offer.part.material == part.material
        ]
        ends = np.array(moves, dtype=int).reshape(-1, 2)
        return cls(bill, bill.parts, listed, ends[:, 0], ends[:, 1])

    def best(self, wanted: Sequence[tuple[Share, ...]]) -> Any:
        """The cheapest moves that meet one share of each test; None where there are none."""
        found: tuple[float, Any] | None = None
        for chosen in combinations_of(*wanted):
            solved = self._solve(chosen)
            if solved is not None and (found is None or solved[0] < found[0] * (1 - 1e-9)):
                found = solved
        return None if found is None else found[1]

    def _solve(self, chosen: Sequence[Share]) -> tuple[float, Any] | None:
        """Extra cost and moves: first the least cost, then the least value moved at that cost."""
        paid = np.array([part.price_usd for part in self.parts])[self.part]
        step = np.array([offer.price_usd for offer in self.sources])[self.source] - paid
        stays = np.array([_key(self.parts[i]) == _key(self.sources[j].part) for i, j in zip(self.part, self.source, strict=True)])
        cost = np.where(stays, 0.0, np.maximum(step, 0.0))
        value = np.where(stays, 0.0, np.maximum(paid, 1e-12))
        rows, limits = self._bounds(chosen)
        least = self._least(cost, rows, limits)
        if least is None:
            return None
        spent = float(cost @ least)
        scale = max(float(cost.max(initial=0.0)), 1e-12)
        capped = sparse.vstack([rows, sparse.csr_array((cost / scale)[None, :])])
        fewest = self._least(value, capped, np.append(limits, (spent + SLACK * (spent + scale)) / scale))
        return spent, least if fewest is None else fewest

    def _least(self, cost: Any, rows: Any, limits: Any) -> Any:
        """Moves of the least total cost within the bounds; None where there are none."""
        moves = len(self.part)
        from_ = sparse.csr_array((np.ones(moves), (self.part, np.arange(moves))), shape=(len(self.parts), moves))
        quantity = np.array([part.quantity for part in self.parts])
        top = max(float(np.abs(cost).max(initial=0.0)), 1e-12)
        bounds: dict[str, Any] = {"A_ub": rows, "b_ub": limits, "A_eq": from_, "b_eq": quantity}
        solved: Any = linprog(cost / top, method="highs", **bounds)
        return np.asarray(solved.x) if solved.status == 0 else None

    def _bounds(self, chosen: Sequence[Share]) -> tuple[Any, Any]:
        """What sources can deliver, and the sure side of each test, as ``rows @ moves <= limits``."""
        size, moves = len(self.sources), len(self.part)
        into = sparse.csr_array((np.ones(moves), (self.source, np.arange(moves))), shape=(size, moves))
        bounded = np.flatnonzero([np.isfinite(offer.available) for offer in self.sources])
        rows: list[Any] = [into[bounded]]
        limits = [self.sources[j].available for j in bounded]
        for share in chosen:
            slack = np.array([share.slack(_one(offer)) for offer in self.sources])
            scale = max(float(np.abs(slack).max(initial=0.0)), abs(share.margin), 1e-12)
            rows.append(sparse.csr_array(((-slack / scale) @ into)[None, :]))
            limits.append(share.margin / scale)
        return sparse.vstack(rows), np.array(limits)

    def why_not(self, shares: Sequence[Share]) -> str:
        """Why no mix of sources meets a test: the materials without any source that counts for it."""
        lacking = []
        for material in self.bill.materials:
            units = [_one(offer) for offer in self.sources if offer.part.material == material]
            if all(share.slack(unit) < 0 for share in shares for unit in units):
                lacking.append(material)
        words = f"; no source that surely counts for {', '.join(lacking)}" if lacking else ""
        return f"no known mix of sources meets it{words}"

    def dearer(self, moved: Any) -> float:
        """Extra cost of one unit of product, signed."""
        step = np.array(
            [self.sources[j].price_usd - self.parts[i].price_usd for i, j in zip(self.part, self.source, strict=True)]
        )
        return float(step @ moved)

    def shifts(self, moved: Any) -> tuple[Shift, ...]:
        """Sources whose share of their material changes, by material and size of the change."""
        after = np.bincount(self.source, moved, minlength=len(self.sources))
        before = np.zeros(len(self.sources))
        at = {_key(offer.part): j for j, offer in enumerate(self.sources)}
        for part in self.parts:
            before[at[_key(part)]] += part.quantity
        whole: dict[str, float] = {}
        for part in self.parts:
            whole[part.material] = whole.get(part.material, 0.0) + part.quantity
        out = []
        for j, offer in enumerate(self.sources):
            total = whole.get(offer.part.material, 0.0)
            if total > 0 and abs(after[j] - before[j]) > SMALLEST * total:
                maker = offer.part.maker
                control = maker.proportional.control
                out.append(
                    Shift(
                        offer.part.material,
                        maker.label,
                        maker.place,
                        control,
                        _share(before[j], total),
                        _share(after[j], total),
                        offer.price_usd,
                    )
                )
        return tuple(sorted(out, key=lambda shift: (shift.material, shift.share_to - shift.share_from, shift.source)))


def _share(amount: float, total: float) -> float:
    """A share, in which what is next to nothing or to all is nothing or all."""
    share = float(amount / total)
    return 0.0 if share < SMALLEST else 1.0 if share > 1 - SMALLEST else share


def _key(part: Part) -> tuple[str, Any]:
    return part.material, part.maker.site or part.maker


def _one(offer: Offer) -> Part:
    """One unit of what a source delivers, at its delivered price."""
    part = offer.part
    scale = 1.0 / part.quantity if part.quantity > 0 else 0.0
    minerals = {place: value * scale for place, value in part.minerals.items()}
    return replace(part, quantity=1.0, cost_usd=offer.price_usd, minerals=minerals)


def _words(
    bill: Bill,
    status: str,
    shifts: Sequence[Shift],
    *,
    extra: tuple[float, float],
    blocking: Sequence[tuple[str, str]],
    left_open: Sequence[str],
) -> str:
    text = []
    if blocking:
        text.append("no such change: " + "; ".join(f"{test}: {why}" for test, why in blocking))
    if shifts:
        per_unit, per_kwh = extra
        each = "" if math.isnan(per_kwh) else f" ({per_kwh:+.3g} USD/kWh)"
        lead = "the other tests that sourcing can mend would pass by" if blocking else "buy differently:"
        text.append(f"{lead} {told(shifts)}; {per_unit:+,.4g} USD a {bill.unit}{each}")
    elif status == PASSES:
        text.append("no change of sources is needed")
    if left_open:
        text.append(f"left open whatever is bought: {', '.join(left_open)}")
    return ". ".join(text)


def told(shifts: Sequence[Shift]) -> str:
    """The changes in words, the largest first."""
    largest = sorted(shifts, key=lambda shift: -abs(shift.share_to - shift.share_from))[:6]
    text = ", ".join(f"{s.material} of {s.source} {100 * s.share_from:.3g} % to {100 * s.share_to:.3g} %" for s in largest)
    return text + (f" and {len(shifts) - len(largest)} smaller ones" if len(shifts) > len(largest) else "")
