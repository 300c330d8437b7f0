"""The watch on the shipped facts: values read straight from the tables, thresholds as the data give them, what rang in time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from orepact.facts import Ledger
from orepact.service.result import Result
from orepact.service.shock.watching import watch
from orepact.shock.watch.customs import customs_of
from orepact.shock.watch.levels import Level
from orepact.shock.watch.prices import prices_of
from orepact.shock.watch.rules import WatchRules

FACTS = Path(__file__).parents[2] / "src" / "orepact" / "data" / "facts"
RULES = WatchRules.shipped()
TODAY = "2026-11-22"


@cache
def signals(as_of: str = TODAY, place: str | None = None, **asked: object) -> Result:
    ledger = Ledger.shipped().at(as_of, **asked)  # type: ignore[arg-type]
    return watch(ledger, place=place, rows="all")


def signal(place: str, commodity: str, indicator: str, result: Result | None = None) -> pd.Series:
    data = (result or signals()).data
    (row,) = data[(data["place"] == place) & (data["commodity"] == commodity) & (data["indicator"] == indicator)].iloc
    return row


@cache
def imports(place: str, commodity: str, year: int) -> pd.Series:
    """Imports by seller, summed from the table itself."""
    raw = pq.read_table(FACTS / "trade.parquet").to_pandas()
    raw = raw[(raw["attribute"] == "trade_quantity") & (raw["source"] == "baci_hs92") & (raw["confidence"] != "unverified")]
    own = raw[raw["subject"].str.endswith(f">{place}/{commodity}") & (raw["year"].astype(str) == str(year))]
    return pd.Series(own["value"].astype(float).to_numpy(), index=own["subject"].str.split(">").str[0])


def stated(file: str, subject: str, attribute: str, year: int) -> float:
    raw = pd.read_csv(FACTS / file, dtype=str)
    own = raw[(raw["subject"] == subject) & (raw["attribute"] == attribute) & (raw["year"] == str(year))]
    return float(own["value"].item())


def test_koreas_graphite_of_2024_by_hand() -> None:
    before, now = imports("KOR", "natural_graphite_flake", 2023), imports("KOR", "natural_graphite_flake", 2024)
    assert (round(before.sum()), round(now.sum())) == (51_977, 28_962)
    change = signal("KOR", "natural_graphite_flake", "import_volume_change")
    assert change["value"] == pytest.approx(now.sum() / before.sum() - 1)
    assert change["value"] == pytest.approx(-0.4428, abs=1e-4)
    assert change["level"] == "caution"
    held = signal("KOR", "natural_graphite_flake", "dependence")
    assert held["value"] == pytest.approx(now["CHN"] / now.sum())
    assert held["value"] == pytest.approx(0.9722, abs=1e-4)
    assert held["level"] == "severe"


def test_japans_rare_earth_oxides_of_2024_by_hand() -> None:
    before, now = imports("JPN", "ndpr_oxide", 2023), imports("JPN", "ndpr_oxide", 2024)
    grown, lost = now["CHN"] / now.sum() - before["CHN"] / before.sum(), before["MYS"] / before.sum() - now["MYS"] / now.sum()
    assert signal("JPN", "ndpr_oxide", "dependence_change")["value"] == pytest.approx(grown)
    assert signal("JPN", "ndpr_oxide", "seller_lost")["value"] == pytest.approx(lost)
    assert (round(grown, 2), round(lost, 2)) == (0.28, 0.26)


def test_the_price_of_cobalt_by_hand() -> None:
    now, before = (stated("prices.csv", "cobalt_metal", "price", year) for year in (2025, 2024))
    found = signal("KOR", "cobalt_metal", "price_change")
    assert found["value"] == pytest.approx(now / before - 1)
    assert found["value"] == pytest.approx(33_069.3 / 26_102.7 - 1)


def test_americas_days_of_cobalt_by_hand() -> None:
    stock, use = (stated("production.csv", "USA/cobalt", name, 2025) for name in ("stock_total", "apparent_consumption"))
    found = signal("USA", "cobalt_metal", "stock_days", signals(place="USA"))
    assert found["value"] == pytest.approx(365 * stock / use)
    assert found["value"] == pytest.approx(365 * 1534 / 9600)


def test_governance_of_koreas_cobalt_by_hand() -> None:
    raw = pd.read_csv(FACTS / "governance.csv", dtype=str)
    mean = raw[raw["year"] == "2023"].assign(value=lambda rows: rows["value"].astype(float)).groupby("subject")["value"].mean()
    bought = imports("KOR", "cobalt_hydroxide", 2024)
    known = bought[bought.index.isin(mean.index)]
    risk = (2 * (2.5 - mean)).clip(0, 10).reindex(known.index)
    found = signal("KOR", "cobalt_hydroxide", "supplier_governance")
    assert found["value"] == pytest.approx((known * risk).sum() / known.sum(), rel=1e-6)
    assert found["level"] == "caution"


def test_what_has_no_data_says_so_and_is_counted() -> None:
    result = signals()
    silent = result.data[result.data["level"] == "no data"]
    assert silent["value"].isna().all()
    assert (silent["reason"] != "").all()
    assert signal("JPN", "cobalt_metal", "stock_days")["reason"].endswith(
        "days are unverified, and such claims were not asked for"
    )
    assert "no data on dependence for" in " ".join(result.warnings)
    calm = result.data[result.data["value"].isna() & (result.data["level"] == "calm")]
    assert calm["reason"].str.contains("too little to ring").all(), "no value is calm for want of data"


def test_a_province_is_in_no_customs_table() -> None:
    data = watch(Ledger.shipped().at(TODAY), place="CA-QC", commodity="cobalt", rows="all").data
    own = data[data["indicator"].isin(["import_volume_change", "dependence", "seller_lost"])]
    assert set(own["level"]) == {"no data"}
    assert own["reason"].str.contains("none of them CA-QC").any()


def test_a_group_is_one_party() -> None:
    europe = signals(place="europe").data
    held = europe[(europe["commodity"] == "natural_graphite_flake") & (europe["indicator"] == "dependence")]
    inside = set(Ledger.shipped().codes.members("europe"))
    raw = pd.concat([imports(name, "natural_graphite_flake", 2024) for name in sorted(inside)])
    by_seller = raw[~raw.index.isin(inside)].groupby(level=0).sum()
    assert held["value"].item() == pytest.approx(by_seller.drop("ROW", errors="ignore").max() / by_seller.sum())


def test_unverified_stocks_come_in_when_asked_for() -> None:
    found = signal("JPN", "cobalt_metal", "stock_days", signals(include_unverified=True))
    assert (found["value"], found["level"], found["confidence"]) == (42.0, "alert", "unverified")


@pytest.mark.parametrize(
    ("as_of", "place", "commodity", "level", "says"),
    [
        # announced 20 October 2023, in force on 1 December
        ("2023-10-25", "KOR", "natural_graphite_flake", "alert", "from 2023-12-01, in 37 days (CN-GRAPHITE-2023)"),
        # the ban of 22 February 2025
        ("2025-03-15", "KOR", "cobalt_hydroxide", "severe", "since 2025-02-22 (CD-CO-BAN)"),
        # announced 9 October 2025, suspended on 7 November
        ("2025-10-20", "KOR", "pcam_nmc811", "alert", "from 2025-11-08, in 19 days (CN-2025-58)"),
    ],
)
def test_what_rang_before_events_that_happened(as_of: str, place: str, commodity: str, level: str, says: str) -> None:
    found = watch(Ledger.shipped().at(as_of, hindsight=True), place=place, commodity=commodity)
    (row,) = found.data.iloc
    assert row["level"] == level
    assert says in row["reasons"]


def test_nothing_of_a_later_day_is_known() -> None:
    before = watch(Ledger.shipped().at("2022-01-15"), place="KOR", commodity="natural_graphite_flake", rows="all")
    assert signal("KOR", "natural_graphite_flake", "export_control", before)["level"] == "calm"
    assert set(before.data.loc[before.data["indicator"] == "dependence", "level"]) == {"no data"}
    suspended = watch(Ledger.shipped().at("2025-10-20"), place="KOR", commodity="pcam_nmc811", rows="all")
    assert "suspended" not in signal("KOR", "pcam_nmc811", "export_control", suspended)["reason"]


def test_levels_narrow_the_answer() -> None:
    ledger = Ledger.shipped().at(TODAY)
    every, worst = (watch(ledger, place="KOR", commodity="cobalt", level=level) for level in ("attention", "alert"))
    assert set(worst.data["level"]) <= {"alert", "severe"}
    assert set(worst.data["commodity"]) <= set(every.data["commodity"])
    order = [Level[name] for name in every.data["level"]]
    assert order == sorted(order, reverse=True)
    assert every.meta["levels"]["alert"] == len(worst.data[worst.data["level"] == "alert"])


@cache
def past() -> pd.DataFrame:
    """Every change that the three parties' imports of some size made from 2016 to 2024."""
    ledger, rows = Ledger.shipped(), []
    for year in range(2016, 2025):
        for table in customs_of(ledger, ledger.codes.commodities, year).values():
            for place in RULES.parties:
                found = table.imports_of(place, frozenset({place}), {})
                if table.before and found.weight >= 0.005 and found.total > 0 and found.total_before > 0:
                    grown = found.share(found.largest) - found.share(found.largest, before=True)
                    rows.append((found.change, grown, found.most_lost[1]))
    return pd.DataFrame(rows, columns=["import_volume_change", "dependence_change", "seller_lost"])


#: Worst quarter, tenth, twentieth and fiftieth, which the thresholds round.
WORST = {Level.attention: 0.25, Level.caution: 0.10, Level.alert: 0.05, Level.severe: 0.02}


@pytest.mark.parametrize("indicator", ["import_volume_change", "dependence_change", "seller_lost"])
def test_thresholds_are_rounded_quantiles_of_the_past(indicator: str) -> None:
    values, entry = past()[indicator], RULES.indicators[indicator]
    assert len(values) > 250
    for level, part in WORST.items():
        threshold = entry.below[level] if entry.below else entry.above[level]
        quantile = values.quantile(part if entry.below else 1 - part)
        assert threshold == pytest.approx(quantile, abs=0.05)


def test_price_thresholds_are_rounded_quantiles_of_the_past() -> None:
    prices = prices_of(Ledger.shipped())
    changes = prices.sort_values("year").groupby("thing")["number"].pct_change(fill_method=None).dropna()
    for level, part in {Level.attention: 0.25, Level.caution: 0.10, Level.alert: 0.05}.items():
        assert RULES.indicators["price_change"].above[level] == pytest.approx(changes.quantile(1 - part), abs=0.05)
    assert RULES.indicators["price_change"].below[Level.attention] == pytest.approx(changes.quantile(0.10), abs=0.05)
