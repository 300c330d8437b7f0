"""Which duty a shipment pays: the narrowest measure, the day, preference, surtaxes and each other, and what is unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from orepact.errors import BadInput
from orepact.facts import Codes
from orepact.facts.rules import RuleBook
from orepact.measure.costing.tariff_files import known_by, read_tariffs, shipped
from orepact.measure.costing.tariffs import Regime, TariffMeasure, TariffTable, cheapest
from orepact.measure.costing.tax_credits import credits_for

REGIMES = {
    regime.id: regime
    for regime in (
        Regime("mfn", "", "duty"),
        Regime("pact", "", "preference", condition="origin", relieves=("anger",)),
        Regime("anger", "", "surtax"),
        Regime("cars", "", "surtax", excludes=("anger",)),
    )
}
DAY = 20240630
CASES = Path(__file__).parents[1] / "cases"
TOLD = (
    "regimes, odd, kind",
    "nobody",
    "measures, rate, rate",
    "2025-02-30",
    "measures, swapped, to",
    "did you mean mfn",
    "Atlantis",
    "nowhere",
    "85.07",
    "a rate or a total",
    "us_mfn_batteries holds on the same days",
    "measures, bare",
    "rte",
)


def table(*measures: TariffMeasure) -> TariffTable:
    return TariffTable(REGIMES, measures, {"cell": "850760", "car": "870380"}, {"UNION": frozenset({"DDD", "EEE"})})


def base(name: str = "base", **more: object) -> TariffMeasure:
    return TariffMeasure(name, **{"regime": "mfn", "importer": "AAA", "exporter": "any", "rate": 0.05, **more})  # type: ignore[arg-type]


def rates(found: TariffTable, exporter: str = "BBB", commodity: str = "cell", day: int = DAY) -> dict[str, float]:
    return {option.rules: round(option.rate, 6) for option in found.options(exporter, "AAA", commodity, day)}


def test_the_narrowest_goods_go_before_the_closest_exporter() -> None:
    found = table(
        base("all", rate=0.01),
        base("chapter", headings=("85",), rate=0.02),
        base("heading", headings=("850760",), rate=0.03),
        base("partner", exporter="BBB", rate=0.04),
        base("good", commodities=("car",), rate=0.06),
    )
    assert rates(found)["mfn"] == 0.03
    assert rates(found, commodity="car")["mfn"] == 0.06
    assert rates(found, commodity="ore")["mfn"] == 0.04
    assert rates(found, exporter="CCC", commodity="ore")["mfn"] == 0.01


def test_a_place_goes_before_its_territory_and_that_before_anybody() -> None:
    found = table(base(), base("union", exporter="UNION", rate=0.02), base("one", exporter="EEE", rate=0.01))
    assert [rates(found, exporter=name)["mfn"] for name in ("CCC", "DDD", "EEE")] == [0.05, 0.02, 0.01]


@pytest.mark.parametrize(("day", "rate"), [(20240926, 0.075), (20240927, 0.25), (20191231, 0.0), (20991231, 0.25)])
def test_both_ends_of_a_period_count(day: int, rate: float) -> None:
    found = table(
        base(),
        base("first", regime="anger", rate=0.075, start=20200101, end=20240926),
        base("second", regime="anger", rate=0.25, start=20240927),
    )
    assert rates(found, day=day)["mfn"] == pytest.approx(0.05 + rate)


def test_a_preference_takes_the_place_of_the_duty_and_relieves_of_what_it_names() -> None:
    found = table(
        base(), base("free", regime="pact", exporter="BBB", rate=0.0), base("angry", regime="anger", rate=0.3),
        base("motor", regime="cars", headings=("8703",), rate=0.2),
    )  # fmt: skip
    assert rates(found) == {"mfn": 0.35, "pact": 0.0}
    assert rates(found, commodity="car") == {"mfn": 0.25, "pact": 0.2}
    assert cheapest(found.options("BBB", "AAA", "cell", DAY)).rules == "pact"
    assert found.options("BBB", "AAA", "cell", DAY)[1].condition == "origin"


def test_a_total_fills_the_duty_up_and_never_below_nothing() -> None:
    found = table(base(), base("free", regime="pact", rate=0.0), base("fill", regime="cars", all_in=0.15))
    assert rates(found) == {"mfn": 0.15, "pact": 0.15}
    high = table(base(rate=0.2), base("fill", regime="cars", all_in=0.15))
    assert rates(high) == {"mfn": 0.2}


def test_within_one_territory_nothing_is_paid() -> None:
    found = table(base(importer="DDD"))
    assert [option.rules for option in found.options("EEE", "DDD", "cell", DAY)] == ["domestic"]
    assert [option.rate for option in found.options("DDD", "DDD", "cell", DAY)] == [0.0]


def test_no_measure_is_unknown_and_a_measure_without_rate_too() -> None:
    (nothing,) = table().options("BBB", "AAA", "cell", DAY)
    assert np.isnan(nothing.rate)
    assert nothing.unknown == ("mfn",)
    (partly,) = table(base(), base("angry", regime="anger", rate=None)).options("BBB", "AAA", "cell", DAY)
    assert partly.rate == 0.05
    assert partly.unknown == ("anger",)
    assert partly.confidence == "unknown"


def test_a_rate_that_is_known_goes_before_a_lower_one_that_is_not() -> None:
    found = table(base(), base("open", regime="pact", rate=0.1), base("angry", regime="anger", rate=None))
    assert cheapest(found.options("BBB", "AAA", "cell", DAY)).rules == "pact"


def test_unverified_measures_stay_out_unless_asked_for() -> None:
    found = table(base(confidence="unverified"))
    assert np.isnan(found.options("BBB", "AAA", "cell", DAY)[0].rate)
    (asked,) = found.options("BBB", "AAA", "cell", DAY, include_unverified=True)
    assert (asked.rate, asked.confidence) == (0.05, "unverified")


# What is shipped ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def law() -> TariffTable:
    codes = Codes.shipped()
    return read_tariffs(country=codes.country, places=[*codes.places, *codes.groups])[0]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (
            ("CHN", "USA", "cell_nmc811", 20240630),
            {"mfn": 0.109},
        ),  # 10.9 % before September 2024, as Transport & Environment says
        (("CHN", "USA", "cell_nmc811", 20241231), {"mfn": 0.284}),
        (("CHN", "USA", "cell_nmc811", 20250501), {"mfn": 1.734}),  # 145 % of emergency duties for a month
        (("CHN", "USA", "cell_nmc811", 20250614), {"mfn": 0.584}),
        (("CHN", "USA", "stationary_storage", 20251231), {"mfn": 0.034 + 0.075 + 0.2}),
        (("CHN", "USA", "stationary_storage", 20260101), {"mfn": 0.034 + 0.25 + 0.2}),
        (("CHN", "USA", "ev_car_lfp", 20241231), {"mfn": 1.025}),
        (("KOR", "USA", "cell_nmc811", 20241231), {"mfn": 0.034, "korus": 0.0}),
        (("KOR", "USA", "cell_nmc811", 20251231), {"mfn": 0.15, "korus": 0.15}),
        (("JPN", "USA", "ev_car_nickel", 20250915), {"mfn": 0.275}),  # 27.5 % until the day before 2025-09-16
        (("JPN", "USA", "ev_car_nickel", 20250916), {"mfn": 0.15}),
        (("CA-ON", "USA", "cell_nmc811", 20250901), {"mfn": 0.384, "cusma": 0.0}),
        (("CA-ON", "USA", "cell_nmc811", 20260301), {"mfn": 0.134, "cusma": 0.0}),
        (("CHN", "CA-QC", "ev_car_lfp", 20240930), {"mfn": 0.061}),
        (("CHN", "CA-QC", "ev_car_lfp", 20241001), {"mfn": 1.061}),
        (("CHN", "CA-QC", "ev_car_lfp", 20260116), {"mfn": 1.061, "ca_china_quota": 0.061}),
        (("CHN", "DEU", "ev_car_lfp", 20241029), {"mfn": 0.10}),
        (("CHN", "DEU", "ev_car_lfp", 20241030), {"mfn": 0.453}),
        (("CHN", "DEU", "cell_lfp", 20241231), {"mfn": 0.013}),
        (("USA", "CHN", "cell_lfp", 20240101), {"mfn": 0.10}),
        (("CA-QC", "CA-ON", "cell_lfp", 20240101), {"domestic": 0.0}),
        (("POL", "DEU", "cell_lfp", 20240101), {"domestic": 0.0}),
    ],
)
def test_shipped_rates_are_what_the_sources_say(
    law: TariffTable, way: tuple[str, str, str, int], expected: dict[str, float]
) -> None:
    found = law.options(*way)
    assert {option.rules: option.rate for option in found} == pytest.approx(expected)


def test_after_the_surcharge_what_followed_is_unknown(law: TariffTable) -> None:
    (last,) = law.options("CHN", "USA", "cell_lfp", 20260723)
    (after,) = law.options("CHN", "USA", "cell_lfp", 20260724)
    assert (last.unknown, after.unknown) == ((), ("us_122",))


def test_what_was_not_yet_published_was_not_known() -> None:
    codes = Codes.shipped()
    law, sources = read_tariffs(country=codes.country)
    (before,) = known_by(law, sources, 20240917).options("CHN", "USA", "cell_lfp", 20241231)
    assert before.parts == ()
    assert np.isnan(before.rate)
    (after,) = known_by(law, sources, 20240918).options("CHN", "USA", "cell_lfp", 20241231)
    assert [part.measure.id for part in after.parts] == ["us_301_ev_batteries_b"]
    assert known_by(law, sources, None) is law


def test_every_shipped_measure_names_a_source_and_recalled_ones_are_unverified() -> None:
    raw = shipped()
    for name, measure in raw["measures"].items():
        assert (measure["source"] == "recalled") == (measure["confidence"] == "unverified"), name


def test_the_credit_of_a_cell_shrinks_by_year_and_needs_a_ratio() -> None:
    rules = RuleBook.shipped()

    def cell(year: int, place: str = "USA", stage: str = "cell", unit: str = "MWh") -> list[tuple[float, str]]:
        listed = credits_for(
            shipped()["credits"], rules, commodity="cell_lfp", stage=stage, unit=unit, names=[place], day=date(year, 6, 30)
        )
        return [(credit.usd(60_000.0), credit.condition) for credit in listed]

    sold = "made in the United States by its maker and sold to an unrelated buyer (IRC 45X, recalled)"
    assert cell(2024) == [(35_000.0, sold)]
    assert cell(2026) == [(35_000.0, f"{sold}; material assistance ratio of at least 60 %")]
    assert cell(2031)[0][0] == pytest.approx(17_500)
    assert cell(2033) == []
    assert cell(2026, place="CA-ON") == []
    assert cell(2026, unit="vehicle") == []
    assert cell(2026, stage="active_material", unit="t")[0][0] == pytest.approx(6_000)
    assert cell(2026, stage="pack") == []  # its amount was not read in a source


# Files of one's own ------------------------------------------------------------------------------

OWN = """
measures:
  us_mfn_batteries: {regime: mfn, importer: USA, exporter: any, headings: ["850760"], rate: 0.1, source: my_source, confidence: unverified}
  mine: {regime: mfn, importer: IND, exporter: any, headings: ["850760"], rate: 0.18, source: my_source}
sources: {my_source: {title: My own reading, producer: me, grade: D}}
"""  # noqa: E501


def test_own_measures_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    found, sources = read_tariffs(path)
    assert found.options("CHN", "IND", "cell_lfp", DAY)[0].rate == 0.18
    assert np.isnan(found.options("KOR", "USA", "cell_lfp", DAY)[0].rate)
    assert sources["my_source"]["title"] == "My own reading"


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    codes = Codes.shipped()
    with pytest.raises(BadInput) as found:
        read_tariffs(CASES / "tariffs_every_mistake" / "own.yaml", places=[*codes.places, *codes.groups])
    told = "\n".join(map(str, found.value.problems))
    for word in TOLD:
        assert word in told, word
    assert all(problem.file == "own.yaml" for problem in found.value.problems)


@pytest.mark.parametrize("text", ["measures: [1, 2]", "- a list", "measures: {a: {", "prices: {}", "", "sources: {a: {}, a: {}}"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(BadInput):
        read_tariffs(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_tariffs(tmp_path / "none.yaml")
