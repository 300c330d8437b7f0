"""Policy limits, on paper."""

from __future__ import annotations

import pytest

from orepact.chain.policy import CapacityTarget, LargestSupplierShare, bound_years
from orepact.errors import BadInput
from orepact.plan import solve
from plan_networks import scenario, small_network, two_suppliers, wanted


def share(**content: object) -> dict[str, object]:
    """A share limit on ore in CCC."""
    return {"kind": "largest_supplier_share", "commodities": "ore", "places": "CCC", "max_share": 0.7, "name": "cap", **content}


def test_largest_share_by_place() -> None:
    """At most 70 of 100 from the cheap place: 70 x 1 + 30 x 3. One more unit from it would save 2."""
    result = solve(two_suppliers(), scenario(limits=[share()]))
    assert result.objective_usd == pytest.approx(70 + 90)
    rows = result.limits.set_index("subject")
    assert rows["value"].to_dict() == pytest.approx({"AAA": 0.7, "BBB": 0.3})
    assert rows["binding"].to_dict() == {"AAA": True, "BBB": False}
    assert rows.loc["AAA", "dual_usd_per_unit"] == pytest.approx(2)


def test_an_exempt_supplier_is_not_bound() -> None:
    """Nothing to pay for when the cheap place may have all of it."""
    assert solve(two_suppliers(), scenario(limits=[share(exempt="AAA")])).objective_usd == pytest.approx(100)


def test_a_limit_that_is_switched_off_does_nothing() -> None:
    """``enabled: false`` takes an inherited limit away."""
    assert solve(two_suppliers(), scenario(limits=[share(enabled=False)])).objective_usd == pytest.approx(100)


def test_a_limit_binds_in_its_years_only() -> None:
    """From 2031 on: the one model year is 2030."""
    assert solve(two_suppliers(), scenario(limits=[share(from_year=2031)])).objective_usd == pytest.approx(100)


def test_production_inside_a_group_is_supply_of_its_place_and_transit_inside_is_not() -> None:
    """Group of BBB and CCC: AAA sells into it, BBB makes inside and passes on to CCC; the share of AAA is of 100, not of 200."""
    network = two_suppliers()
    places = network.places.assign(group=["", "EU", "EU"])
    result = solve(network.with_tables(places=places), scenario(limits=[share(places="EU")]))
    rows = result.limits.set_index("subject")["value"].to_dict()
    assert rows == pytest.approx({"AAA": 0.7, "BBB": 0.3})
    assert result.objective_usd == pytest.approx(70 + 90)


def test_largest_share_by_owner_looks_at_production_inside() -> None:
    """Both mines lie in the group; owner XXX may have half: 50 x 1 + 50 x 3."""
    result = solve(two_suppliers(), scenario(limits=[share(places=["AAA", "BBB"], by="owner", max_share=0.5)]))
    assert result.objective_usd == pytest.approx(50 + 150)
    assert set(result.limits["subject"]) == {"XXX", "YYY"}


def test_the_share_is_of_what_arrives_after_losses() -> None:
    """AAA loses half on the way: to bring 70 of 100 it sends 140."""
    network = two_suppliers()
    lossy = network.with_tables(routes=network.routes.assign(loss=[0.5, 0.0]))
    result = solve(lossy, scenario(limits=[share()]))
    assert result.objective_usd == pytest.approx(140 * 1 + 30 * 3)


def target(**content: object) -> dict[str, object]:
    """A target of capacity owned from XXX."""
    return {"kind": "capacity_target", "commodities": "ore", "owner_country": "XXX", "minimum": 150, "name": "home", **content}


GROWING = {"capacity_per_year": 100, "capex_usd": 40, "lifetime_years": 4}


def test_a_hard_target_is_built_even_where_nobody_needs_it() -> None:
    """50 more than existing, 40 / 4 = 10 USD a year each (no discounting), on top of 100 x 1."""
    result = solve(two_suppliers(**GROWING), scenario(limits=[target()]))
    assert result.objective_usd == pytest.approx(100 + 50 * 10)
    row = result.limits.query("kind == 'capacity_target'").iloc[0]
    assert (row["bound"], row["value"], row["dual_usd_per_unit"], row["shortfall"]) == pytest.approx((150, 150, 10, 0))


def test_a_soft_target_is_missed_when_that_is_cheaper() -> None:
    """A missing unit costs 6 a year, building 10: all 50 are missed, and reported."""
    result = solve(two_suppliers(**GROWING), scenario(limits=[target(shortfall_cost_usd=6)]))
    assert result.objective_usd == pytest.approx(100 + 50 * 6)
    assert result.limits.query("kind == 'capacity_target'")["shortfall"].tolist() == pytest.approx([50])


def test_a_target_counts_sites_that_cannot_run() -> None:
    """A plant without any supply of its input still counts as capacity."""
    network = small_network(
        years=[2030],
        recipes={"mining": {"ore": 1.0}, "smelting": {"metal": 1.0, "scrap": -1.0}},
        sites=[
            {"site": "mine", "process": "mining", "place": "AAA"},
            {"site": "smelter", "process": "smelting", "place": "AAA", "owner_country": "XXX", **GROWING},
        ],
        demand=wanted("ore", "AAA", {2030: 1}),
    )
    result = solve(network, scenario(limits=[target(commodities="metal")]))
    assert result.objective_usd == pytest.approx(50 * 10)


def test_the_objective_is_the_discounted_sum_of_the_rows_and_shortfalls() -> None:
    """Costs in ``flows`` are of their year; the weights make the objective of them."""
    limits = [share(), target(shortfall_cost_usd=6)]
    result = solve(two_suppliers(**GROWING), scenario(limits=limits, discount_rate=0.07))
    frame = result.flows.frame
    by_year = (frame["cost_usd"] + frame["tariff_usd"]).groupby(frame["year"]).sum()
    weights = dict(zip(result.assumptions["years"], result.assumptions["weights"], strict=True))
    missed = (result.limits["shortfall"] * 6).sum()
    assert sum(weights[y] * v for y, v in by_year.items()) + missed == pytest.approx(result.objective_usd, rel=1e-9)


def test_every_mistake_of_the_limits_at_once() -> None:
    """Unknown commodity, place, owner and exempt supplier, each with a near name."""
    limits = [share(commodities="oer", places="CCD", exempt="ABA"), target(owner_country="XXY")]
    with pytest.raises(BadInput) as caught:
        solve(two_suppliers(), scenario(limits=limits))
    text = str(caught.value)
    for part in ("limits.0.commodities", "limits.0.places", "limits.0.exempt", "limits.1.owner_country", "did you mean"):
        assert part in text
    assert len(caught.value.problems) == 4


def test_commodities_of_different_units_cannot_share_a_limit() -> None:
    """Tonnes and megawatt-hours do not add up."""
    network = small_network(
        years=[2030],
        recipes={"a": {"ore": 1.0}, "b": {"cell": 1.0}},
        sites=[{"site": s, "process": s, "place": "AAA"} for s in ("a", "b")],
        demand=wanted("ore", "AAA", {2030: 1}) + wanted("cell", "AAA", {2030: 1}),
    )
    units = network.commodities.assign(unit=["t", "MWh"])
    with pytest.raises(BadInput, match="one unit"):
        solve(network.with_tables(commodities=units), scenario(limits=[share(commodities=["ore", "cell"], places="AAA")]))


def test_limits_in_python_take_one_name_or_many() -> None:
    """A single name is a list of one."""
    limit = LargestSupplierShare(commodities="ore", places="CCC", max_share=0.5)  # type: ignore[arg-type]
    assert limit.commodities == ("ore",)
    assert limit.label == "largest place share of ore in CCC"
    goal = CapacityTarget(owner_country="JPN", commodities="cell", minimum=1, to_year=2030)  # type: ignore[arg-type]
    assert goal.label == "capacity of cell owned by JPN"
    assert bound_years(goal, (2029, 2030, 2031)) == [0, 1]
