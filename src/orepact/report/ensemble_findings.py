"""What an ensemble says first: a usual year, the bad ones, the average and how sure it is, the largest cause, insurance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from orepact.report.brief import Basis, Finding
from orepact.report.words import dollars, number
from orepact.shock.ensemble.risk import Measure, median, value_at_risk

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: The measures at the head of the page: what the figure is, and what the year is called.
HEADS = {
    "mean": ("lost in a year on average", "An average year"),
    "value at risk 95%": ("exceeded in one year of twenty", "A bad year"),
    "conditional value at risk 95%": ("mean of the worst twentieth of years", "The worst years"),
}


def ensemble_findings(tables: Mapping[str, pd.DataFrame], basis: Basis, titles: Mapping[str, str]) -> list[Finding]:
    """What stands at the head of the page; a mean that is hardly larger than its error stands last, as the span that it is."""
    losses = tables["members"]["loss_usd"].to_numpy(dtype=float)
    said = tables["summary"].set_index("measure")[["value_usd", "standard_error_usd"]].astype(float)
    measures = {str(name): Measure(*pair) for name, pair in zip(said.index, said.to_numpy().tolist(), strict=True)}
    mean = measures.get("mean")
    unsure = mean is not None and mean.unsure
    found = [_usual_year(losses, basis)] if unsure else []
    for measure, (label, title) in HEADS.items():
        if measure in measures and not (unsure and measure == "mean"):
            one = measures[measure]
            found.append(Finding(dollars(one.value), label, title, _error_words(one, len(losses)), basis, "distribution"))
    causes = tables.get("causes")
    if causes is not None and len(causes) and causes["loss_usd"].iloc[0] > 0:
        found.append(_largest_cause(causes.iloc[0], basis, titles, unsure=unsure))
    insurance = tables.get("insurance")
    if insurance is not None and len(insurance):
        found += _best_insurance(insurance, basis)
    return [*found, _unsure_mean(mean, len(losses), basis)] if unsure and mean is not None else found


def _usual_year(losses: NDArray[np.float64], basis: Basis) -> Finding:
    """The middle year, and how much the bad ones lose: what a sample can say whose mean is unsure."""
    ten, twenty = (dollars(value_at_risk(losses, level).value) for level in (0.9, 0.95))
    words = f"One year in ten loses {ten} or more, one in twenty {twenty} or more."
    return Finding(
        dollars(median(losses).value), "lost in the middle one of all years", "A usual year", words, basis, "distribution"
    )


def _unsure_mean(mean: Measure, years: int, basis: Basis) -> Finding:
    """The mean as a span of two standard errors, and how many years would make a figure of it."""
    low, high = max(mean.value - 2 * mean.standard_error, 0.0), mean.value + 2 * mean.standard_error
    wanted = f"About {mean.years_for(years):,.0f} sampled years instead of {years:,} would bring its error to a tenth."
    words = (
        f"A few bad years make most of the mean of {dollars(mean.value)}, give or take {dollars(mean.standard_error)}. {wanted}"
    )
    label = "lost in a year on average: the mean and two standard errors"
    return Finding(f"{dollars(low)} to {dollars(high)}", label, "The average is unsure", words, basis, "distribution")


def _error_words(measure: Measure, years: int) -> str:
    if not np.isfinite(measure.standard_error):
        return "These years are too few to say how sure that is."
    words = f"Give or take {dollars(measure.standard_error)} (standard error)"
    wanted = measure.years_for(years)
    if not measure.unsure or not np.isfinite(wanted):
        return f"{words}: another sample would give another figure."
    return f"{words}: unsure. About {wanted:,.0f} sampled years would bring that to a tenth."


def _largest_cause(first: pd.Series, basis: Basis, titles: Mapping[str, str], *, unsure: bool) -> Finding:
    share, loss, title = f"{100 * first['loss_share']:.0f} %", dollars(float(first["loss_usd"])), "The largest cause"
    name = hazard_title(str(first["hazard"]), titles)
    if unsure:
        words = f"{name}: {loss} a year, as unsure as the average itself."
        return Finding(share, "of the average loss of these years", title, words, basis, "causes")
    return Finding(loss, "a year on average", title, f"{name}: {share} of the average loss.", basis, "causes")


def hazard_title(name: str, titles: Mapping[str, str]) -> str:
    """What a hazard is called; its id in words where nobody said.

    >>> hazard_title("mine_stop", {}), hazard_title("quake", {"quake": "The earth shakes"})
    ('Mine stop', 'The earth shakes')
    """
    return titles.get(name) or name.replace("_", " ").capitalize()


def _best_insurance(insurance: pd.DataFrame, basis: Basis) -> list[Finding]:
    """The option that saves most for its price, if it is clear that it saves; else that nothing is clear."""
    clear = insurance[is_clear(insurance)].sort_values("saved_per_dollar", ascending=False, kind="stable")
    if not len(clear):
        words = "What each option saves is less than twice its standard error. Sample more years before buying anything."
        return [Finding("None", "saves clearly more than nothing", "Insurance", words, basis, "insurance")]
    best = clear.iloc[0]
    said = f"{dollars(float(best['saved_usd']))} a year for {dollars(float(best['cost_usd_per_year']))}"
    if float(best["saved_per_dollar"]) < 1:
        words = f"Of those that clearly save something, \u201c{best['title']}\u201d saves most for its price: {said}."
        return [Finding("None", "pays for itself beyond doubt", "Insurance", words, basis, "insurance")]
    figure = f"${number(float(best['saved_per_dollar']))}"
    words = f"{best['title']}: saves {said}."
    return [Finding(figure, "saved for each dollar", "The insurance that buys most", words, basis, "insurance")]


def is_clear(insurance: pd.DataFrame) -> pd.Series:
    """Whether the saving of each option is one: above nothing by two standard errors (``insuring.CLEAR``)."""
    saved, error = insurance["saved_usd"], insurance["saved_standard_error_usd"]
    return (saved > 0) & (saved >= 2.0 * error)
