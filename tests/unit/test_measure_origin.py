"""Traced origin on chains that can be worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from orepact.errors import BadInput, NotFound
from orepact.measure.origin import Tracing, trace, trace_all
from orepact.measure.tracing.paths import path
from origin_networks import COBALT, YEAR, at, chain, cobalt_chain, cobalt_flows, flows

CELLS = ("cell", "Korea")


def shares(found) -> dict[str, float]:
    return dict(zip(found.rows["origin"], found.rows["share"].round(9), strict=True))


def cells(**how):
    made = cobalt_flows()
    return trace(made, "cobalt", YEAR, at(made.network, CELLS), **how)


# The example of the why-page ----------------------------------------------------------------------------


def test_the_example_by_mine_refinery_owner_and_company():
    assert shares(cells()) == {"Congo": 0.875, "Cuba": 0.125, "unknown": 0}
    assert shares(cells(by="owner")) == {"China": 0.875, "Canada": 0.125, "unknown": 0}
    assert shares(cells(by="company")) == {"Red Mining": 0.875, "Blue Mining": 0.125, "unknown": 0}
    found = cells()
    assert found.total == pytest.approx(40)
    assert found.rows["quantity"].sum() == pytest.approx(40)


def test_refining_origin_counts_the_last_or_the_first_refinery():
    # 20 of 44 t sulphate came from China, 24 from Korea, 4 of these by way of scrap that was refined before
    assert shares(cells(stage="refine")) == pytest.approx({"Korea": 24 / 44, "China": 20 / 44, "unknown": 0})
    # first: scrap keeps the refinery that it saw first: x = (20 + 4 x) / 44 for Korea
    assert shares(cells(stage="refine", visit="first")) == pytest.approx({"Korea": 0.5, "China": 0.5, "unknown": 0})


def test_all_pools_at_once_agree_with_one_at_a_time():
    made = cobalt_flows()
    table = trace_all(made, "cobalt", YEAR).rows()
    korea = table[(table["commodity"] == "sulphate") & (table["place"] == "Korea")].set_index("origin")
    assert korea["share"].to_dict() == pytest.approx({"Congo": 0.875, "Cuba": 0.125})
    assert korea["quantity"].sum() == pytest.approx(44)
    for stage, visit in [("mine", "last"), ("refine", "last"), ("refine", "first")]:
        tracing = Tracing.of(made, YEAR, "cobalt", stage=stage, visit=visit)
        everywhere = tracing.everywhere(by="owner")
        for node in np.flatnonzero(everywhere.held > 0):
            alone = tracing.origin([int(node)], by="owner")
            row = dict(zip(everywhere.origins, everywhere.shares[[node], :].toarray()[0], strict=True))
            expected = {name: share for name, share in shares(alone).items() if share > 0}
            assert {name: share for name, share in row.items() if share > 1e-12} == pytest.approx(expected)


def test_the_path_shows_every_step_and_loses_nothing():
    made = cobalt_flows()
    table = path(Tracing.of(made, YEAR, "cobalt"), at(made.network, CELLS))
    steps = table.set_index(["step", "from_place", "to_place", "commodity"])["quantity"]
    assert steps["entered", "Congo", "Congo", "ore"] == pytest.approx(35)
    assert steps["moved", "Congo", "China", "ore"] == pytest.approx(40 * 0.5 * 0.75)
    assert steps["moved", "China", "Korea", "sulphate"] == pytest.approx(20)
    assert steps["made", "Korea", "Korea", "cell"] == pytest.approx(40)
    assert steps["made", "Korea", "Korea", "scrap"] == pytest.approx(4)
    assert table.loc[table["step"] == "entered", "share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("scrap", [{}, {"scrap": 16_000.0}])
def test_value_begins_where_it_is_added(scrap):
    network = chain(**{**COBALT, "prices": {**COBALT["prices"], **scrap}})
    found = trace(cobalt_flows(network), "value", YEAR, at(network, CELLS))
    # 40 t of cells at 40,000: 35 and 5 t of ore at 10,000; 20 t refined in China for 6,000 each; the rest was added in Korea
    worth = {"Korea": 1_080_000, "Congo": 350_000, "China": 120_000, "Cuba": 50_000, "unknown": 0}
    assert found.rows.set_index("origin")["quantity"].to_dict() == pytest.approx(worth)
    assert (found.unit, found.total) == ("USD", pytest.approx(1_600_000))


def test_value_of_a_straight_chain_is_the_price_difference_at_each_step():
    network = chain(
        recipes={"mining": {"ore": 1.0}, "refining": {"ore": -2.0, "metal": 1.0}},
        sites={"mine": {"process": "mining", "place": "A"}, "smelter": {"process": "refining", "place": "B"}},
        routes=[("ore", "A", "B")],
        prices={"ore": 30.0, "metal": 100.0},
    )
    found = trace(
        flows(network, {"mine": 20, "smelter": 10}, {("ore", "A", "B"): 20}), "value", YEAR, at(network, ("metal", "B"))
    )
    assert shares(found) == {"A": 0.6, "B": 0.4, "unknown": 0}
    assert found.total == pytest.approx(1000)


def test_value_added_where_a_price_is_missing_is_unknown_and_said():
    network = chain(
        recipes={"mining": {"ore": 1.0}, "refining": {"ore": -2.0, "salt": 1.0}, "making": {"salt": -1.0, "cell": 1.0}},
        sites={
            "mine": {"process": "mining", "place": "A"},
            "refinery": {"process": "refining", "place": "A"},
            "maker": {"process": "making", "place": "A"},
        },
        prices={"ore": 30.0, "cell": 100.0},
    )
    found = trace(flows(network, {"mine": 20, "refinery": 10, "maker": 10}), "value", YEAR, at(network, ("cell", "A")))
    assert shares(found) == {"A": 0.6, "unknown": 0.4}
    assert any("no price" in note and "salt" in note for note in found.notes)


# Where things come from that no mine explains -----------------------------------------------------------


def straight(**more):
    return chain(
        recipes={"mining": {"ore": 1.0}, "refining": {"ore": -1.0, "metal": 1.0}},
        sites={
            "mine": {"process": "mining", "place": "A", "owner_country": "X"},
            "smelter": {"process": "refining", "place": "A"},
        },
        contents={"copper": {"ore": 1.0, "metal": 1.0}},
        stages={"ore": "mine", "metal": "refine"},
        **more,
    )


def test_stocks_and_recovered_matter_have_rows_of_their_own():
    network = straight(stocks=[("metal", "A")])
    made = flows(network, {"mine": 50, "smelter": 50}, stock_out={("metal", "A"): 30.0}, recovered={("metal", "A"): 20.0})
    found = trace(made, "copper", YEAR, at(network, ("metal", "A")))
    assert shares(found) == {"A": 0.5, "stock": 0.3, "recycled": 0.2, "unknown": 0}
    assert shares(trace(made, "copper", YEAR, at(network, ("metal", "A")), basis="production")) == {"A": 1, "unknown": 0}
    first = trace(made, "copper", YEAR, at(network, ("metal", "A")), stage="refine", visit="first")
    assert shares(first) == {"A": 0.5, "stock": 0.3, "recycled": 0.2, "unknown": 0}


def test_what_leaves_a_pool_without_having_entered_it_is_unknown():
    network = straight()
    made = flows(network, {"mine": 60, "smelter": 100}, demand={("metal", "A"): 100.0})
    found = trace(made, "copper", YEAR, at(network, ("metal", "A")))
    assert shares(found) == {"A": 0.6, "unknown": 0.4}
    assert any("unknown origin" in note for note in found.notes)


def test_a_process_that_puts_out_more_than_it_took_in_makes_the_excess_unknown():
    network = straight().with_tables(
        contents=pd.DataFrame([("ore", "copper", 0.5), ("metal", "copper", 1.0)], columns=["commodity", "element", "t_per_unit"])
    )
    found = trace(flows(network, {"mine": 100, "smelter": 100}), "copper", YEAR, at(network, ("metal", "A")))
    assert shares(found) == {"A": 0.5, "unknown": 0.5}


def test_an_unknown_owner_stays_unknown():
    network = straight()
    made = flows(network, {"mine": 100, "smelter": 100})
    assert shares(trace(made, "copper", YEAR, at(network, ("metal", "A")), by="owner")) == {"X": 1, "unknown": 0}
    nobody = network.with_tables(sites=network.sites.assign(owner_country=""))
    found = trace(flows(nobody, {"mine": 100, "smelter": 100}), "copper", YEAR, at(nobody, ("metal", "A")), by="owner")
    assert shares(found) == {"unknown": 1}


def test_matter_that_passed_no_site_of_the_stage_says_so():
    network = straight()
    made = flows(network, {"mine": 100, "smelter": 40})
    for visit in ("last", "first"):
        found = trace(made, "copper", YEAR, at(network, ("ore", "A")), stage="refine", visit=visit)
        assert shares(found) == {"no_refine": 1, "unknown": 0}


def test_contents_that_are_averages_follow_their_inputs():
    network = chain(
        recipes={
            "mine_rich": {"rich": 1.0},
            "mine_poor": {"poor": 1.0},
            "from_rich": {"rich": -1.0, "pack": 1.0},
            "from_poor": {"poor": -1.0, "pack": 1.0},
        },
        sites={
            "rich": {"process": "mine_rich", "place": "A"},
            "poor": {"process": "mine_poor", "place": "B"},
            "pack_a": {"process": "from_rich", "place": "A"},
            "pack_b": {"process": "from_poor", "place": "B"},
        },
        routes=[("pack", "B", "A")],
        contents={"cobalt": {"rich": 0.3, "poor": 0.1, "pack": 0.2}},
    )
    made = flows(network, {"rich": 10, "poor": 10, "pack_a": 10, "pack_b": 10}, {("pack", "B", "A"): 5})
    found = trace(made, "cobalt", YEAR, at(network, ("pack", "A")))
    assert found.rows.set_index("origin")["quantity"].to_dict() == pytest.approx({"A": 3.0, "B": 0.5, "unknown": 0})


# Rings ---------------------------------------------------------------------------------------------------


def ring():
    network = chain(
        recipes={"mining": {"ore": 1.0}, "forward": {"a": -1.0, "b": 1.0}, "back": {"b": -1.0, "a": 1.0}},
        sites={
            "mine": {"process": "mining", "place": "A"},
            "forward": {"process": "forward", "place": "A"},
            "back": {"process": "back", "place": "A"},
        },
        contents={"copper": {"a": 1.0, "b": 1.0, "ore": 1.0}},
    )
    return network, flows(network, {"mine": 5, "forward": 10, "back": 10})


def test_a_ring_that_nothing_enters_is_named_and_unknown():
    network, made = ring()
    found = trace(made, "copper", YEAR, at(network, ("a", "A"), ("b", "A"))[:1])
    assert shares(found) == {"unknown": 1}
    assert any("rings that nothing enters" in note and "a in A" in note for note in found.notes)
    assert shares(trace(made, "copper", YEAR, at(network, ("ore", "A")))) == {"A": 1, "unknown": 0}


def test_re_export_back_and_forth_leaves_the_first_origin():
    network = chain(
        recipes={"mining": {"ore": 1.0}},
        sites={"mine_a": {"process": "mining", "place": "A"}, "mine_b": {"process": "mining", "place": "B"}},
        routes=[("ore", "A", "B"), ("ore", "B", "A")],
        contents={"copper": {"ore": 0.3}},
    )
    made = flows(network, {"mine_a": 90, "mine_b": 10}, {("ore", "A", "B"): 90, ("ore", "B", "A"): 60})
    # A: 90 own + 60 b;  B: 10 own + 90 a;  a = (90 + 60 b) / 150, b = 90 a / 100
    a = 0.6 / (1 - 0.4 * 0.9)
    assert shares(trace(made, "copper", YEAR, at(network, ("ore", "A")))) == pytest.approx({"A": a, "B": 1 - a, "unknown": 0})
    both = trace(made, "copper", YEAR, at(network, ("ore", "A"), ("ore", "B")))
    assert both.rows.set_index("origin")["quantity"].to_dict() == pytest.approx({"A": 27, "B": 3, "unknown": 0})


def test_losses_under_way_leave_shares_of_what_arrived():
    network = chain(
        recipes={"mining": {"ore": 1.0}},
        sites={"mine_a": {"process": "mining", "place": "A"}, "mine_b": {"process": "mining", "place": "B"}},
        routes=[("ore", "A", "B")],
        contents={"copper": {"ore": 0.5}},
        loss={("ore", "A", "B"): 0.25},
    )
    made = flows(network, {"mine_a": 40, "mine_b": 10}, {("ore", "A", "B"): 40})
    found = trace(made, "copper", YEAR, at(network, ("ore", "B")))
    assert shares(found) == {"A": 0.75, "B": 0.25, "unknown": 0}
    assert found.total == pytest.approx(20)


# How well it is known ------------------------------------------------------------------------------------


def test_confidence_is_the_worst_class_that_carries_a_tenth():
    made = cobalt_flows()
    classes = {"activity": "reported", "route": "reported", "demand": "reported"}
    quality = pd.DataFrame({"confidence": made.frame["kind"].map(classes)}).assign(standard_deviation=0.0, information=1.0)
    weak = (made.frame["kind"] == "route") & (made.frame["origin"] == "China")
    quality.loc[weak, "confidence"] = "estimated"
    graded = type(made)(made.frame, made.network, quality=quality[["standard_deviation", "information", "confidence"]])
    found = trace(graded, "cobalt", YEAR, at(made.network, CELLS))
    rows = found.rows.set_index("origin")
    assert rows["confidence"].to_dict() == {"Congo": "estimated", "Cuba": "estimated", "unknown": "estimated"}
    # all of Cuba's and 15 of 35 t of Congo's came over China, and scrap returns: x = 0.5 + 4/44 x ... = 0.5 of the pool
    assert rows.loc["Cuba", "estimated_share"] == pytest.approx(1)
    assert rows.loc["Congo", "estimated_share"] == pytest.approx(3 / 7)
    assert found.estimated_share == pytest.approx(0.5)


@pytest.mark.parametrize(("weak", "expected"), [(8.0, "reported"), (12.0, "estimated")])
def test_a_tenth_is_the_border(weak, expected):
    owned = {"process": "mining", "owner_country": "X", "confidence": "reported"}
    network = chain(
        recipes={"mining": {"ore": 1.0}},
        sites={"near": {**owned, "place": "A"}, "far": {**owned, "place": "B"}},
        routes=[("ore", "B", "A")],
        contents={"copper": {"ore": 1.0}},
    )
    made = flows(network, {"near": 100 - weak, "far": weak}, {("ore", "B", "A"): weak})
    row = trace(made, "copper", YEAR, at(network, ("ore", "A")), by="owner").rows.iloc[0]
    assert (row["origin"], row["share"], row["confidence"]) == ("X", 1.0, expected)
    assert row["estimated_share"] == pytest.approx(weak / 100)


# Wrong questions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"by": "planet"}, "planet"), ({"basis": "stock"}, "stock"), ({"visit": "third"}, "third"), ({"stage": "refyne"}, "refine")],
)
def test_unknown_words_are_named(wrong, words):
    with pytest.raises(NotFound, match=words):
        cells(**wrong)


def test_an_unknown_element_year_or_empty_pool_is_named():
    made = cobalt_flows()
    with pytest.raises(NotFound, match="kobalt"):
        trace(made, "kobalt", YEAR, [0])
    with pytest.raises(NotFound, match="2099"):
        trace(made, "cobalt", 2099, [0])
    idle = cobalt_chain()
    with pytest.raises(BadInput, match="cell in Korea"):
        trace(flows(idle, {"mine_congo": 1}), "cobalt", YEAR, at(idle, CELLS))
