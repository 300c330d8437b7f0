"""Sampling, episodes, threats and risk measures, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ensemble_worlds import MANY, bare_case, book, hazard
from orepact.errors import BadInput
from orepact.shock.ensemble import risk
from orepact.shock.ensemble.book import hazard_book, insurance_book
from orepact.shock.ensemble.sampling import Occurrence, Sampler, episodes_of, spans_of
from orepact.shock.ensemble.strikes import Strikes
from orepact.shock.ensemble.tables import summary_table
from orepact.shock.ensemble.threats import threats_of
from orepact.shock.exposure.aggregate import Aggregate
from shock_networks import chain_case


@pytest.fixture(scope="module")
def aggregate():
    return Aggregate.of_case(bare_case())


@pytest.fixture(scope="module")
def threats(aggregate):
    return threats_of(book(*MANY), aggregate)


def test_members_are_the_same_in_any_order(threats):
    forwards = [Sampler(threats, 7).member(k) for k in range(20)]
    backwards = [Sampler(threats, 7).member(k) for k in reversed(range(20))][::-1]
    assert forwards == backwards
    assert forwards != [Sampler(threats, 8).member(k) for k in range(20)]
    assert len(set(forwards)) > 15


def test_events_come_at_their_rates_and_last_as_long_as_they_say(threats):
    sampler = Sampler(threats, 1)
    years = [sampler.member(k) for k in range(4000)]
    events = [event for year in years for event in year]
    rates = np.bincount([event.threat for event in events], minlength=len(threats)) / len(years)
    wanted = np.array([threat.rate_per_year for threat in threats])
    assert np.abs(rates - wanted).max() < 4 * np.sqrt(wanted.max() / len(years))
    counts = np.array([len(year) for year in years])
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.1)  # Poisson
    bans = np.array([event.weeks for event in events if threats[event.threat].hazard == "ban"])
    assert np.median(bans) == pytest.approx(12, rel=0.06)
    assert np.std(np.log(bans)) == pytest.approx(np.log(1.5), rel=0.06)
    starts = np.array([event.start for event in events])
    assert starts.min() >= 0
    assert starts.max() < 52
    assert starts.mean() == pytest.approx(26, abs=0.7)


def test_no_event_lasts_longer_than_most():
    threat = threats_of(book(hazard("x", weeks={"median": 10, "spread": 5, "most": 11})), Aggregate.of_case(bare_case()))
    assert max(event.weeks for k in range(300) for event in Sampler(threat, 2).member(k)) == 11


def test_episodes_join_what_overlaps_and_spans_cut_it():
    events = [Occurrence(0, 1.0, 4.0), Occurrence(1, 4.0, 2.0), Occurrence(2, 10.0, 1.0)]
    found = episodes_of(events)
    assert [(one.start, one.end, len(one.events)) for one in found] == [(1.0, 6.0, 2), (10.0, 11.0, 1)]
    assert spans_of(events, 3) == [(1.0, 3.5), (3.5, 6.0), (10.0, 11.0)]


def test_threats_strike_what_they_name(threats, aggregate):
    sites, routes = list(aggregate.network.sites.index), aggregate.network.routes
    by = {(t.hazard, t.element): t for t in threats}
    assert {element for name, element in by if name == "stop"} == set(sites)
    ban = by["ban", "FAR/ore"]
    assert [tuple(routes.loc[c - len(sites), ["commodity", "origin"]]) for c in ban.columns] == [("ore", "FAR")]
    assert {sites[c] for c in by["quake", "HOME"].columns} == {"smelter", "plant"}
    assert len(by["port", "HOME"].columns) == 3


def test_a_site_that_stands_for_many_plants_loses_one_of_them():
    case = chain_case()
    network = case.network.with_tables(sites=case.network.sites.rename(index={"mine_near": "rest_near"}))
    small = book(hazard("stop", stages=["mine"], rate_per_year=0.1), least=0.01)
    found = {t.element: t for t in threats_of(small, Aggregate.of_case(chain_case(network=network)))}
    # 60 of 100 ore a week in plants of at most 4: fifteen of them
    assert found["rest_near"].rate_per_year == pytest.approx(1.5)
    assert found["rest_near"].share[0] == pytest.approx(1 - 1 / 15)
    assert found["mine_far"].rate_per_year == 0.1
    assert found["mine_far"].share[0] == 0
    assert (found["rest_near"].small, found["mine_far"].small) == (True, False)  # four in a hundred, and forty
    assert "rest_near" not in {
        t.element for t in threats_of(book(hazard("stop")), Aggregate.of_case(chain_case(network=network)))
    }


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("mine", "mine__usa"), {"mine"}),  # two owners of one mine
        (("rest_x__digging__usa", "rest_x__digging__chn"), {"rest_x__digging"}),
        (("rest_x__digging", "rest_x__washing"), {"rest_x__digging", "rest_x__washing"}),
        (("mine", "other__usa"), {"mine", "other"}),
    ],
)
def test_shares_of_one_facility_stop_together(names, wanted):
    network = chain_case().network
    sites = network.sites.rename(index=dict(zip(("mine_near", "mine_far"), names, strict=True)))
    sites.loc[names[1], "place"] = sites.loc[names[0], "place"]
    case = chain_case(network=network.with_tables(sites=sites))
    found = threats_of(book(hazard("stop", stages=["mine"]), least=0.001), Aggregate.of_case(case))
    assert {threat.element for threat in found} == wanted
    assert sum(len(threat.columns) for threat in found) == 2


def test_shares_at_two_places_are_two_facilities():
    network = chain_case().network
    sites = network.sites.rename(index={"mine_near": "mine", "mine_far": "mine__usa"})
    case = chain_case(network=network.with_tables(sites=sites))
    found = threats_of(book(hazard("stop", stages=["mine"])), Aggregate.of_case(case))
    assert [threat.element for threat in found] == ["mine", "mine__usa"]


def test_shares_multiply_and_are_means_over_the_span(threats, aggregate):
    strikes = Strikes.of(aggregate, threats, catch_up=1.25)
    number = {(t.hazard, t.element): k for k, t in enumerate(threats)}
    stop, quake = number["stop", "smelter"], number["quake", "HOME"]
    columns, share = strikes.shares([Occurrence(stop, 0.0, 4.0), Occurrence(quake, 2.0, 6.0)], 0.0, 8.0)
    at = dict(zip(columns.tolist(), share.tolist(), strict=True))
    smelter = list(aggregate.network.sites.index).index("smelter")
    # 0.3 for two weeks, 0.3 x 0.5 for two, 0.5 for four
    assert at[smelter] == pytest.approx((2 * 0.3 + 2 * 0.15 + 4 * 0.5) / 8)
    ban = number["ban", "FAR/ore"]
    columns, share = strikes.shares([Occurrence(ban, 0.0, 2.0)], 0.0, 8.0)
    assert share.tolist() == [pytest.approx(0.75 * 1.25)]  # a route without limit may catch up
    assert strikes.bounds([Occurrence(ban, 0.0, 8.0)], 0.0, 8.0, np.ones(7)).upper.tolist() == [0.0]


def test_risk_measures_of_ten_years():
    losses = np.array([0, 0, 0, 0, 0, 0, 10, 20, 40, 130.0])
    assert risk.mean(losses).value == 20
    assert risk.mean(losses).standard_error == pytest.approx(losses.std(ddof=1) / np.sqrt(10))
    assert risk.value_at_risk(losses, 0.8).value == 20
    assert risk.conditional_value_at_risk(losses, 0.8).value == pytest.approx((40 + 130) / 2)
    # half of the year at the value at risk is in the worst 25 %
    assert risk.conditional_value_at_risk(losses, 0.75).value == pytest.approx((0.5 * 20 + 40 + 130) / 2.5)
    for level in (0.75, 0.8, 0.95):
        weights = risk.tail_weights(losses, level)
        assert weights.sum() == pytest.approx(1)
        assert (weights >= 0).all()
        assert weights @ losses == pytest.approx(risk.conditional_value_at_risk(losses, level).value)


def test_risk_measures_against_the_known_tail_of_an_exponential():
    losses = np.random.default_rng(5).exponential(1.0, 100_000)
    at_risk, tail = risk.value_at_risk(losses, 0.95), risk.conditional_value_at_risk(losses, 0.95)
    assert abs(at_risk.value - np.log(20)) < 4 * at_risk.standard_error < 0.1
    assert abs(tail.value - (np.log(20) + 1)) < 4 * tail.standard_error < 0.2


def test_shipped_books_say_where_every_number_is_from():
    for entry in [*hazard_book().hazards, *insurance_book().options, insurance_book().prices]:
        assert len(entry.source) > 10
        assert entry.title


def test_a_book_with_mistakes_names_them_all(tmp_path):
    file = tmp_path / "hazards.yaml"
    file.write_text(
        "title: t\nassumptions: {largest_plant: {title: a, source: s, confidence: sure, unit: '1', value: 0}}\n"
        "hazards:\n- {id: a, kind: site, title: t, source: s, confidence: estimated, rate_per_year: -1,\n"
        "   weeks: {median: 0}, share_left: 1}\n- {id: b, kind: place, title: t, source: s, confidence: estimated,\n"
        "   rate_per_year: 1, weeks: {median: 9, most: 3}, share_left: 0}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        hazard_book(file)
    where = "\n".join(map(str, caught.value.problems))
    for piece in ("smallest_plant", "largest_plant.value", "largest_plant.confidence", "hazards.a.rate_per_year"):
        assert piece in where
    for piece in ("hazards.a.weeks.median", "hazards.a.share_left", "hazards.b.weeks"):
        assert piece in where


def test_the_error_falls_with_the_square_root_of_the_years():
    assert risk.Measure(100.0, 20.0).unsure is False
    assert risk.Measure(100.0, 20.1).unsure is True
    assert risk.Measure(100.0, float("nan")).unsure is False
    assert risk.Measure(100.0, 50.0).years_for(200) == 200 * 25
    assert risk.Measure(51.55, 21.2).years_for(200) == 3400  # 3382.5, to two digits and upwards
    assert risk.Measure(0.0, 1.0).years_for(200) == float("inf")


def test_few_years_in_the_tail_have_no_error_rather_than_none():
    lonely = np.array([0.0] * 59 + [1e9])
    for level in (0.95, 0.99):
        assert np.isnan(risk.conditional_value_at_risk(lonely, level).standard_error)
        assert np.isnan(risk.value_at_risk(lonely, level).standard_error)
    table = summary_table(lonely).set_index("measure")
    assert table.loc["conditional value at risk 99%", "value_usd"] == pytest.approx(1e9)
    assert "sample more" in table.loc["conditional value at risk 99%", "note"]
    assert (table.loc[["median", "largest"], "note"] == "").all()
    # one year of sixty makes the mean: its error is as large as it is, and a tenth of that takes 100 times the years
    assert "100% of it; about 6,000 years" in table.loc["mean", "note"]
    assert (summary_table(np.arange(1000.0))["note"] == "").all()
    assert (summary_table(np.arange(900.0))["note"] != "").sum() == 2  # nine years beyond 99 %


def test_hazards_that_strike_nothing_are_refused(aggregate):
    with pytest.raises(BadInput, match="at least one hazard"):
        threats_of(book(hazard("x", stages=["cell"])), aggregate)
