"""Tables of an ensemble: members, distribution, and what the loss comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.ensemble import risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.member import MemberLoss
    from orepact.shock.ensemble.study import Study
    from orepact.shock.ensemble.threats import Threat

#: Level of the tail that contributions are given for.
TAIL = 0.95
#: A loss that is exceeded in one year of so many, where that many years were sampled so many times.
PERIODS, SEEN_TIMES = (2, 5, 10, 20, 50, 100, 200, 500, 1000), 5
#: Fewer years than these have no distribution.
LEAST_YEARS = SEEN_TIMES * PERIODS[0]


def losses_of(members: Sequence[MemberLoss]) -> NDArray[np.float64]:
    """Loss of each member (dollars)."""
    return np.array([member.loss_usd for member in members], dtype=float)


def member_table(study: Study, members: Sequence[MemberLoss]) -> pd.DataFrame:
    """One row for each member: ``member, events, episodes, loss_usd, worst_hazard, worst_element, worst_place``."""
    return pd.DataFrame([_member_row(study, member) for member in members], columns=list(MEMBER_COLUMNS))


MEMBER_COLUMNS = ("member", "events", "episodes", "loss_usd", "worst_hazard", "worst_element", "worst_place")


def _member_row(study: Study, member: MemberLoss) -> dict[str, object]:
    hurting = [event for event in member.events if event.loss_usd > 0]
    worst = max(hurting, key=lambda event: (event.loss_usd, -event.threat), default=None)
    threat = None if worst is None else study.threats[worst.threat]
    return {
        "member": member.member,
        "events": len(member.events),
        "episodes": member.episodes,
        "loss_usd": member.loss_usd,
        "worst_hazard": "" if threat is None else threat.hazard,
        "worst_element": "" if threat is None else threat.element,
        "worst_place": "" if threat is None else threat.place,
    }


def summary_table(losses: NDArray[np.float64]) -> pd.DataFrame:
    """One row for each figure of the distribution: ``measure, value_usd, standard_error_usd, note``."""
    found = {"median": risk.median(losses), "mean": risk.mean(losses)}
    for level in risk.LEVELS:
        found[f"value at risk {level:.0%}"] = risk.value_at_risk(losses, level)
        found[f"conditional value at risk {level:.0%}"] = risk.conditional_value_at_risk(losses, level)
    rows = [(name, one.value, one.standard_error, _how_unsure(one, len(losses))) for name, one in found.items()]
    rows.append(("largest", float(losses.max(initial=0.0)), float("nan"), ""))
    return pd.DataFrame(rows, columns=["measure", "value_usd", "standard_error_usd", "note"])


def _how_unsure(measure: risk.Measure, years: int) -> str:
    """What to know before a figure is used; "" where it is sure enough."""
    if np.isnan(measure.standard_error):
        return f"fewer than {risk.LEAST_YEARS} years in the tail: no error can be told; sample more"
    if not measure.unsure:
        return ""
    wanted = measure.years_for(years)
    if not np.isfinite(wanted):
        return "unsure: the standard error is larger than the figure; sample more"
    part = measure.standard_error / abs(measure.value)
    return f"unsure: the standard error is {part:.0%} of it; about {wanted:,.0f} years would bring it to {risk.GOOD_ERROR:.0%}"


def distribution_table(losses: NDArray[np.float64]) -> pd.DataFrame:
    """The loss that is exceeded in so many years: ``one_year_in, exceeded_share, loss_usd``; no rarer than it can tell."""
    periods = [period for period in PERIODS if len(losses) >= SEEN_TIMES * period]
    rows = [(period, 1 / period, risk.value_at_risk(losses, 1 - 1 / period).value) for period in periods]
    return pd.DataFrame(rows, columns=["one_year_in", "exceeded_share", "loss_usd"])


def contribution_table(
    study: Study, members: Sequence[MemberLoss], by: Sequence[str], of: Callable[[Threat], tuple[str, ...]]
) -> pd.DataFrame:
    """What each cause contributes: ``*by, events_per_year, loss_usd, loss_share, tail_loss_usd, tail_share``, largest first.

    ``loss_usd`` is the expected loss a year that is laid at its door; ``tail_loss_usd`` the same in the worst years (95 %), so
    that these add up to the conditional value at risk (Euler allocation).
    """
    losses = losses_of(members)
    weights = risk.tail_weights(losses, TAIL) if len(losses) else losses
    sums: dict[tuple[str, ...], NDArray[np.float64]] = {of(threat): np.zeros(3) for threat in study.threats}
    for weight, member in zip(weights.tolist(), members, strict=True):
        for event in member.events:
            sums[of(study.threats[event.threat])] += (1.0, event.loss_usd, weight * event.loss_usd)
    count = max(len(members), 1)
    rows = [(*key, events / count, loss / count, tail) for key, (events, loss, tail) in sums.items()]
    table = pd.DataFrame(rows, columns=[*by, "events_per_year", "loss_usd", "tail_loss_usd"])
    table.insert(len(by) + 2, "loss_share", _shares(table["loss_usd"]))
    table["tail_share"] = _shares(table["tail_loss_usd"])
    return table.sort_values(["loss_usd", *by], ascending=[False, *(True for _ in by)]).reset_index(drop=True)


def wants_table(study: Study, members: Sequence[MemberLoss], by: str) -> pd.DataFrame:
    """Who or what loses: ``by`` is ``party`` or ``commodity``; expected loss a year and in the worst years, largest first."""
    losses = losses_of(members)
    weights = risk.tail_weights(losses, TAIL) if len(losses) else losses
    expected, tail = np.zeros(len(study.worth)), np.zeros(len(study.worth))
    for weight, member in zip(weights.tolist(), members, strict=True):
        for want, quantity in member.lost.items():
            expected[want] += quantity
            tail[want] += weight * quantity
    wants = study.aggregate.wants
    count = max(len(members), 1)
    table = pd.DataFrame({by: wants[by].astype(str), "unit": wants["unit"].astype(str), "lost_quantity": expected / count})
    table["loss_usd"], table["tail_loss_usd"] = expected * study.worth / count, tail * study.worth
    keys = [by, "unit"] if by == "commodity" else [by]
    numbers = ["lost_quantity", "loss_usd", "tail_loss_usd"] if by == "commodity" else ["loss_usd", "tail_loss_usd"]
    summed = table.groupby(keys, sort=True)[numbers].sum().reset_index()
    summed["loss_share"], summed["tail_share"] = _shares(summed["loss_usd"]), _shares(summed["tail_loss_usd"])
    return summed.sort_values(["loss_usd", by], ascending=[False, True]).reset_index(drop=True)


def _shares(values: pd.Series) -> pd.Series:
    total = float(values.sum())
    return values / total if total > 0 else values * 0.0


def hazard_table(study: Study) -> pd.DataFrame:
    """What can happen: ``hazard, element, place, rate_per_year, median_weeks, share_left, struck``."""
    rows = [
        (t.hazard, t.element, t.place, t.rate_per_year, t.median_weeks, float(t.share.min()), len(t.columns))
        for t in study.threats
    ]
    return pd.DataFrame(rows, columns=["hazard", "element", "place", "rate_per_year", "median_weeks", "share_left", "struck"])
