"""Losses of episodes on the small chain, by hand and against exposure; blame, insurances, tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ensemble_worlds import MANY, bare_case, entry, hazard, study
from orepact.shock.case.case import ShockCase
from orepact.shock.ensemble import tables
from orepact.shock.ensemble.book import InsuranceBook
from orepact.shock.ensemble.ensemble import run_members
from orepact.shock.ensemble.insurance import insured, saving
from orepact.shock.ensemble.insuring import _notes, insurance_table
from orepact.shock.ensemble.member import MemberSolver
from orepact.shock.ensemble.sampling import Occurrence
from orepact.shock.exposure.hit import Hit
from orepact.shock.exposure.program import Losing
from shock_networks import chain_case

#: Threats of ``study(hazard("stop"))``: one for each site, in the order of the chain.
NEAR, FAR, SMELTER, PLANT = range(4)


def usd(solver: MemberSolver, *events: Occurrence) -> float:
    return solver.usd(solver.lost(events))


@pytest.fixture(scope="module")
def bare() -> MemberSolver:
    return MemberSolver(study(hazard("stop")))


def test_a_stopped_plant_loses_its_cars(bare):
    # 50 cars a week for ten weeks: 40 at 1000 and 10 at 800
    assert usd(bare, Occurrence(PLANT, 0.0, 10.0)) == pytest.approx(10 * (40 * 1000 + 10 * 800))


def test_a_stopped_mine_is_helped_by_the_other(bare):
    # FAR 40 ore is gone, NEAR may make 70 in place of 60: 30 ore short, 15 cars; ABROAD's 10 are worth least, then 5 at HOME
    assert usd(bare, Occurrence(FAR, 0.0, 4.0)) == pytest.approx(4 * (10 * 800 + 5 * 1000))


def test_events_one_after_the_other_in_one_chain_lose_no_more_than_the_scarcer(bare):
    both = usd(bare, Occurrence(SMELTER, 0.0, 10.0), Occurrence(PLANT, 0.0, 10.0))
    assert both == pytest.approx(usd(bare, Occurrence(PLANT, 0.0, 10.0)))


def test_stocks_bridge_and_are_used_once():
    solver = MemberSolver(study(hazard("stop"), case=chain_case(), block_weeks=4))
    # 20 cars in stock for 50 a week: four weeks without the plant lose 180, another four 200 more. HOME first.
    four, eight = (solver.lost([Occurrence(PLANT, 0.0, weeks)]) for weeks in (4.0, 8.0))
    under_way = 10 * 2  # cars on the way to ABROAD
    assert four.sum() == pytest.approx(4 * 50 - 20 - under_way)
    assert eight.sum() == pytest.approx(8 * 50 - 20 - under_way)
    # ore of the smelter: 200 in stock and 60 + 120 under way is nearly four weeks of 100; metal 40 + 80 above the floors
    assert usd(solver, Occurrence(NEAR, 0.0, 2.0), Occurrence(FAR, 0.0, 2.0)) == 0


def test_stocks_that_two_events_need_serve_but_one():
    solver = MemberSolver(study(hazard("stop"), case=chain_case(), block_weeks=4))
    first, second = Occurrence(PLANT, 0.0, 2.0), Occurrence(PLANT, 1.9, 2.0)
    joined = solver.lost([first, second]).sum()
    apart = solver.lost([first]).sum() + solver.lost([Occurrence(PLANT, 30.0, 2.0)]).sum()
    assert joined > apart + 20


def test_one_block_is_what_exposure_says():
    case = chain_case()
    long = study(hazard("stop"), case=case, block_weeks=1000)
    solver, losing = MemberSolver(long), Losing(long.aggregate)
    for site in range(4):
        for weeks in (1.0, 5.0, 10.0, 30.0):
            ours = usd(solver, Occurrence(site, 3.0, weeks))
            assert ours == pytest.approx(losing.solve(weeks, Hit.of([site])).usd, rel=1e-6, abs=1.0)


def test_shortage_that_could_fall_on_anybody_falls_on_all_alike():
    case = bare_case()
    equal = case.wants.assign(loss_usd_per_unit=1000.0)
    solver = MemberSolver(study(hazard("stop", share_left=0.6), case=bare_case(wants=equal)))
    lost = solver.lost([Occurrence(PLANT, 0.0, 10.0)])
    left = 55 * 0.6
    # of 40 and 10 cars a week: the first tenth of each, then the next three tenths: 20 of 50 at most, 17 missing
    assert lost.sum() == pytest.approx(10 * (50 - left))
    assert (lost > 0).all()
    assert lost[1] / 100 == pytest.approx(lost[0] / 400, abs=0.31)


def test_the_loss_of_an_episode_is_laid_at_the_door_of_its_events():
    solver = MemberSolver(study(*MANY))
    for number in range(40):
        member = solver.solve(number)
        worth = sum(quantity * float(solver.study.worth[want]) for want, quantity in member.lost.items())
        assert member.loss_usd == pytest.approx(worth)
        assert all(event.loss_usd >= 0 for event in member.events)
    assert any(sum(event.loss_usd > 0 for event in solver.solve(k).events) > 1 for k in range(40))


def lumpy(least: float = 0.01) -> MemberSolver:
    """The bare chain, but the near mine stands for fifteen plants of four ore a week each; the far one may make a tenth more."""
    case = bare_case(capacity=np.array([60.0, 44.0, 60.0, 55.0]))
    network = case.network.with_tables(sites=case.network.sites.rename(index={"mine_near": "rest_near"}))
    hazards = (hazard("dig", stages=["mine"], rate_per_year=0.1),)
    return MemberSolver(study(*hazards, case=bare_case(network=network, capacity=case.capacity), least=least))


def test_a_small_plant_that_others_make_up_for_counts_beside_another_event():
    solver = lumpy()
    plant, mine = (next(k for k, t in enumerate(solver.study.threats) if t.element == name) for name in ("rest_near", "mine_far"))
    stop, other = Occurrence(plant, 2.0, 4.0), Occurrence(mine, 0.0, 10.0)
    assert solver._beside(plant)
    assert not solver._beside(mine)
    assert usd(solver, stop) == 0  # 4 ore a week fewer, and the other may make 4 more
    alone = solver.lost([other]).sum()
    assert alone == pytest.approx(10 * 20)  # 40 ore a week are 20 cars
    # nobody helps any more: 4 ore, which are 2 cars, in each of four weeks
    assert solver.lost([other], [stop]).sum() == pytest.approx(alone + 4 * 2)


def test_members_count_small_plants_in_company_only():
    solver = lumpy()
    plain = lumpy(least=0.05)
    assert {t.element for t in solver.study.threats} - {t.element for t in plain.study.threats} == {"rest_near"}
    found = [solver.solve(number) for number in range(150)]
    named = {solver.study.threats[event.threat].element for member in found for event in member.events}
    assert named == {"mine_far"}
    more = 0
    for member in found:
        without = sum(solver.usd(solver.lost([Occurrence(e.threat, e.start, e.weeks)])) for e in member.events)
        assert member.loss_usd >= without - 1e-6
        more += member.loss_usd > without + 1
    assert more > 3


def test_what_only_hurts_together_is_shared_alike():
    case = bare_case(capacity=np.array([100.0, 100.0, 60.0, 55.0]))
    solver = MemberSolver(study(hazard("stop"), case=case))
    pair = (Occurrence(NEAR, 0.0, 10.0), Occurrence(FAR, 0.0, 10.0))
    assert usd(solver, pair[0]) == usd(solver, pair[1]) == 0
    assert usd(solver, *pair) == pytest.approx(10 * 48_000)
    from orepact.shock.ensemble.sampling import Episode

    assert solver._blame(Episode(pair), 100.0) == [50.0, 50.0]


def test_answers_do_not_hang_on_what_was_asked_before():
    chosen = study(*MANY, case=chain_case())
    fresh = [MemberSolver(chosen).solve(k) for k in (5, 11, 2)]
    used = MemberSolver(chosen)
    for k in range(30):
        used.solve(k)
    assert [used.solve(k) for k in (5, 11, 2)] == fresh


def test_more_stock_never_hurts_and_never_makes_a_year_lose_that_did_not():
    plain = study(*MANY, case=chain_case())
    stores = plain.aggregate.stores
    more = plain.on(
        type(plain.aggregate)(**{**plain.aggregate.__dict__, "stores": stores.assign(quantity=stores["quantity"] * 3)})
    )
    before, after = MemberSolver(plain), MemberSolver(more)
    pairs = [(before.solve(k).loss_usd, after.solve(k).loss_usd) for k in range(60)]
    assert all(b >= a - 1e-6 * max(b, 1) for b, a in pairs)
    assert any(b > a for b, a in pairs)


def options(*entries: dict) -> InsuranceBook:
    prices = entry(unit="USD", usd_per_unit={"ore": 10.0, "metal": 60.0})
    return InsuranceBook.model_validate({"title": "t", "prices": prices, "options": list(entries)})


def test_what_insurances_add_and_cost():
    plain = study(hazard("stop")).aggregate
    common = {"places": ["HOME"], "cost_share_per_year": 0.1}
    stock = insured(
        plain,
        one := options(entry(id="s", kind="stock", amount=14, unit="day", commodities=["metal"], **common)).options[0],
        book := options(entry(id="s", kind="stock", amount=14, unit="day", commodities=["metal"], **common)),
    )
    assert one.id == "s"
    # two weeks of 50 metal at 60 dollars
    assert stock.aggregate.stores["quantity"].tolist() == [100.0]
    assert stock.value_usd == 6000
    assert stock.cost_usd_per_year == 600
    supply = options(entry(id="r", kind="supply", amount=0.2, unit="1", commodities=["ore"], **common))
    found = insured(plain, supply.options[0], supply)
    assert found.aggregate.stores["release"].tolist() == [20.0]
    assert found.value_usd == pytest.approx(20 * 10 * 52)
    spare = options(entry(id="c", kind="capacity", amount=0.5, unit="1", stages=["refine"], **common))
    found = insured(plain, spare.options[0], spare)
    assert (found.aggregate.site_capacity - plain.site_capacity).tolist() == [0, 0, 25.0, 0]
    assert found.value_usd == 25 * 60 * 52
    assert book.options


def test_savings_are_paired():
    before, after = np.array([0.0] * 90 + [10.0] * 10), np.array([0.0] * 90 + [4.0] * 10)
    saved = saving(before, after, 0.95, 0.3)
    assert saved.expected.value == pytest.approx(0.6)
    assert saved.per_dollar == pytest.approx(2.0)
    assert saved.tail.value == pytest.approx(6.0)
    assert saved.tail_per_dollar == pytest.approx(20.0)


def test_the_option_that_saves_most_per_dollar_stands_first():
    plain = study(*MANY, case=chain_case())
    members = run_members(plain, range(60))
    common = {"places": ["HOME"], "cost_share_per_year": 0.1}
    book = options(
        entry(id="much", kind="stock", amount=60, unit="day", commodities=["car", "metal"], **common),
        entry(id="useless", kind="capacity", amount=0.5, unit="1", places=["ABROAD"], cost_share_per_year=0.1),
        entry(id="little", kind="stock", amount=3, unit="day", commodities=["car"], **common),
    )
    table = insurance_table(plain, book, members).set_index("option")
    assert table["saved_per_dollar"].dropna().is_monotonic_decreasing
    assert table.loc["much", "saved_usd"] > table.loc["little", "saved_usd"] > 0
    assert (
        "sample more years" in table.loc["little", "note"]
        or table.loc["little", "saved_usd"] > 2 * table.loc["little", "saved_standard_error_usd"]
    )
    assert table.loc["useless", "saved_usd"] == 0
    assert np.isnan(table.loc["useless", "saved_per_dollar"])


def test_tables_add_up():
    plain = study(*MANY, case=chain_case())
    members = run_members(plain, range(100))
    losses = tables.losses_of(members)
    causes = tables.contribution_table(plain, members, ("hazard",), lambda t: (t.hazard,))
    elements = tables.contribution_table(plain, members, ("hazard", "element"), lambda t: (t.hazard, t.element))
    summary = tables.summary_table(losses).set_index("measure")["value_usd"]
    for table in (causes, elements, tables.wants_table(plain, members, "party"), tables.wants_table(plain, members, "commodity")):
        assert table["loss_usd"].sum() == pytest.approx(summary["mean"])
        assert table["tail_loss_usd"].sum() == pytest.approx(summary["conditional value at risk 95%"])
        assert table["loss_share"].sum() == pytest.approx(1)
    assert causes["events_per_year"].sum() == pytest.approx(np.mean([len(member.events) for member in members]))
    assert tables.member_table(plain, members)["loss_usd"].tolist() == losses.tolist()
    assert tables.distribution_table(losses)["one_year_in"].tolist() == [2, 5, 10, 20]
    assert len(tables.hazard_table(plain)) == len(plain.threats)


@pytest.mark.parametrize(("near", "far"), [(300.0, 200.0), (200.0, 300.0)])
def test_of_stocks_that_serve_alike_the_larger_is_drawn(near, far):
    """The near mine stops: of its 60 ore the far one makes 40 more, the other 20 come from the larger stock."""
    solver = MemberSolver(study(hazard("stop"), case=with_ore(near, far)))
    threat = [threat.element for threat in solver.study.threats].index("mine_near")
    limits = solver.strikes.bounds([Occurrence(threat, 0.0, 1.0)], 0.0, 1.0, solver.program.size)
    found = solver.program.solve(limits, 1.0, solver.program.quantity)
    assert not found.lost.any()
    assert found.drawn.tolist() == pytest.approx([20.0, 0.0] if near > far else [0.0, 20.0])


def test_what_never_ends_is_drawn_before_what_does():
    solver = MemberSolver(study(hazard("stop"), case=with_ore(300.0, 200.0)))
    second = entry(
        id="second", kind="supply", places=["HOME"], commodities=["ore"], amount=0.1, unit="1", cost_share_per_year=0.1
    )
    more = insured(solver.study.aggregate, options(second).options[0], options(second)).aggregate
    solver = MemberSolver(solver.study.on(more))
    threat = [threat.element for threat in solver.study.threats].index("mine_near")
    limits = solver.strikes.bounds([Occurrence(threat, 0.0, 1.0)], 0.0, 1.0, solver.program.size)
    found = solver.program.solve(limits, 1.0, solver.program.quantity)
    # 20 are missing, a tenth of the usual 100 a week stands by, and the rest is taken from the larger of the stocks
    assert sorted(found.drawn.tolist()) == pytest.approx([0.0, 10.0, 10.0])
    assert found.drawn[np.isinf(solver.program.quantity)].tolist() == pytest.approx([10.0])


def with_ore(near: float, far: float) -> ShockCase:
    """The chain with stocks of ore at the mines alone."""
    rows = chain_case().stores.head(1)
    stores = [rows.assign(node=node, place=place, quantity=q) for node, place, q in ((0, "NEAR", near), (1, "FAR", far))]
    return chain_case(stores=pd.concat(stores, ignore_index=True), lag_weeks=np.zeros(3, dtype=np.int64))


def test_only_a_saving_below_nothing_is_explained_as_one() -> None:
    plain = study(*MANY, case=chain_case())
    common = {"places": ["HOME"], "cost_share_per_year": 0.1}
    book = options(entry(id="much", kind="stock", amount=60, unit="day", commodities=["car"], **common))
    bought = insured(plain.aggregate, book.options[0], book)
    before = np.array([4.0, 8.0])
    for after, explained in ((before, False), (before + 1.0, True)):
        (note,) = _notes(bought, saving(before, after, 0.95, 1.0))
        assert note.startswith("saves nothing: it helps in none of these years")
        assert ("below zero" in note) == explained
