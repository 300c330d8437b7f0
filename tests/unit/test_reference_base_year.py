"""Closing the base year, on paper: a few claims whose balance can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orepact.chain.reference.amounts import ByPlace, spread, total
from orepact.chain.reference.base_year import BaseYear
from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.known_output import KnownOutput
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.rules import Family, Rule, Statistic, base_year_rules
from reference_networks import claim, paper_ledger, recipe


@dataclass
class PaperDemand:
    """Final demand as the test states it, in the form that the closure asks for."""

    wanted: dict[str, ByPlace]
    sold: ByPlace = field(default_factory=dict)
    lfp: float = 0.5
    remainders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.rules = SimpleNamespace(remainder=self.remainders)
        self.market = SimpleNamespace(sold=lambda _: self.sold)
        self.chemistry = SimpleNamespace(lfp_share=lambda *_: self.lfp, nickel_mix={"cell_nmc811": 0.75, "cell_nca": 0.25})

    def year(self, _: int) -> dict[str, ByPlace]:
        return self.wanted

    def remainder(self, totals: dict[str, float], _: int) -> dict[str, ByPlace]:
        return {commodity: spread(quantity, {"DEU": 1.0, "CHN": 3.0}) for commodity, quantity in totals.items()}


def closed(folder: Path, rows: list[dict[str, Any]], rules: list[Rule], wanted: dict[str, ByPlace], **more: Any) -> BaseYear:
    """The closed base year of a paper ledger; ``more`` goes to the demand, and named, provinces and use to the evidence."""
    parts = {name: more.pop(name, {}) for name in ("named", "provinces", "utilisation")}
    evidence = Evidence(paper_ledger(folder, rows), 2024)
    recipes = RecipeBook.from_evidence(evidence)
    demand: Any = PaperDemand(wanted, **more)
    return BaseYear(KnownOutput(evidence, recipes, demand, **parts), {rule.process: rule for rule in rules}).close()


def mine(process: str, thing: str) -> list[dict[str, Any]]:
    """A recipe without inputs."""
    return recipe(process, **{thing: 1.0})


LITHIUM = [
    *recipe("cell_nmc811_assembly", cell_nmc811=1, cam_nmc811=-2),
    *recipe("cam_nmc811_calcination", cam_nmc811=1, lithium_hydroxide=-0.5),
    *recipe("hydroxide_from_spodumene", lithium_hydroxide=1, spodumene_concentrate=-6),
    *recipe("hydroxide_from_carbonate", lithium_hydroxide=1, lithium_carbonate=-1),
    *recipe("carbonate_from_brine", lithium_carbonate=1, lithium_brine=-4),
    *mine("lithium_brine_extraction", "lithium_brine"),
    *mine("spodumene_mining", "spodumene_concentrate"),
    claim("KOR/cam_nmc811", "supply_share", 0.25, "1"),
    claim("AUS/lithium_hydroxide", "production", 10),
    claim("CHL/lithium", "mine_production", 6),
    claim("CHL/lithium", "brine_share", 1, "1"),
    claim("AUS/lithium", "mine_production", 13.3776),
    claim("world/lithium", "mine_production", 20),
]
LITHIUM_RULES = [
    Rule("cell_nmc811_assembly", close="users"),
    Rule("cam_nmc811_calcination", close="CHN"),
    Rule("hydroxide_from_spodumene", close="CHN"),
    Rule("hydroxide_from_carbonate", close="CHN", part=0.2),
    Rule("carbonate_from_brine", close="input", part="input"),
    Rule("lithium_brine_extraction", Statistic("mine_production", "lithium", part_attribute="brine_share"), moves=False),
    Rule("spodumene_mining", Statistic("mine_production", "lithium", less_attribute="brine_share")),
]
WANTED = {"cell_nmc811": {"KOR": 60.0, "JPN": 40.0}}


def test_needs_run_upstream_and_the_closing_place_makes_what_is_left(tmp_path: Path) -> None:
    """100 MWh of cells take 200 t of cathode (a quarter Korean), 100 t of hydroxide: 20 from carbonate, 10 Australian."""
    base = closed(tmp_path, LITHIUM, LITHIUM_RULES, WANTED)
    assert base.output["cell_nmc811_assembly"] == {"JPN": 40.0, "KOR": 60.0}
    assert base.output["cam_nmc811_calcination"] == {"CHN": 150.0, "KOR": 50.0}
    assert base.need["lithium_hydroxide"] == {"CHN": 75.0, "KOR": 25.0}
    # Australia's 10 t may come by either process, so each has its part of them.
    assert base.output["hydroxide_from_carbonate"] == {"AUS": 2.0, "CHN": 18.0}
    assert base.output["hydroxide_from_spodumene"] == {"AUS": 8.0, "CHN": 72.0}
    assert base.need["spodumene_concentrate"] == {"AUS": 48.0, "CHN": 432.0}


def test_only_what_rests_on_a_claim_is_certain(tmp_path: Path) -> None:
    """The share of Korea is claimed, the rest of China closes the balance."""
    base = closed(tmp_path, LITHIUM, LITHIUM_RULES, WANTED)
    assert base.certain["cam_nmc811_calcination"] == {"CHN": 0.0, "KOR": 50.0}
    assert base.certain["cell_nmc811_assembly"] == {"JPN": 0.0, "KOR": 0.0}


def test_a_statistic_rules_by_content_and_the_input_carries_its_product(tmp_path: Path) -> None:
    """6 t of brine lithium are 100 t of brine at 6 %, which make 25 t of carbonate; aggregates are left out."""
    base = closed(tmp_path, LITHIUM, LITHIUM_RULES, WANTED)
    assert base.output["lithium_brine_extraction"] == pytest.approx({"CHL": 100.0})
    assert base.output["carbonate_from_brine"] == pytest.approx({"CHL": 25.0})
    assert base.output["spodumene_mining"] == pytest.approx({"AUS": 480.0})


def test_named_sites_raise_a_place_and_claims_beat_shares(tmp_path: Path) -> None:
    """Sites of 80 t count for more than a share of 25 %; a production claim of 90 t for more than both."""
    named = {"cam_nmc811_calcination": {"KOR": 80.0, "CA-QC": 5.0}}
    base = closed(tmp_path / "a", LITHIUM, LITHIUM_RULES, WANTED, named=named)
    assert base.output["cam_nmc811_calcination"] == {"CA-QC": 5.0, "CHN": 115.0, "KOR": 80.0}
    said = [*LITHIUM, claim("KOR/cam_nmc811", "production", 90)]
    assert closed(tmp_path / "b", said, LITHIUM_RULES, WANTED).output["cam_nmc811_calcination"] == {"CHN": 110.0, "KOR": 90.0}


def test_known_output_beyond_the_need_is_scaled_down(tmp_path: Path) -> None:
    """300 t known against 200 needed leave nothing to close and keep their proportions."""
    said = [*LITHIUM, claim("KOR/cam_nmc811", "production", 200), claim("JPN/cam_nmc811", "production", 100)]
    found = closed(tmp_path, said, LITHIUM_RULES, WANTED).output["cam_nmc811_calcination"]
    assert found == pytest.approx({"JPN": 200 / 3, "KOR": 400 / 3})


def test_a_family_statistic_is_split_by_need_and_leaves_the_closing_place_out(tmp_path: Path) -> None:
    """Korea's 40 MWh of cells of all kinds: three quarters for the chemistry that has three quarters of the need."""
    family = Family("cell", members=("cell_nmc811", "cell_nca"))
    rules = [Rule(f"cell_{kind}_assembly", family=family, close="CHN") for kind in ("nmc811", "nca")]
    rows = [
        *recipe("cell_nmc811_assembly", cell_nmc811=1),
        *recipe("cell_nca_assembly", cell_nca=1),
        claim("KOR/cell", "production", 40, "MWh"),
        claim("CHN/cell", "production", 1000, "MWh"),
        claim("JPN/cell", "installed_capacity", 16, "MWh_per_year", 2022),
    ]
    use = {"cell_nmc811_assembly": 0.5, "cell_nca_assembly": 0.5}
    wanted = {"cell_nmc811": {"KOR": 75.0}, "cell_nca": {"KOR": 25.0}}
    base = closed(tmp_path, rows, rules, wanted, utilisation=use)
    assert base.output["cell_nmc811_assembly"] == pytest.approx({"KOR": 30.0, "JPN": 6.0, "CHN": 39.0})
    assert base.output["cell_nca_assembly"] == pytest.approx({"KOR": 10.0, "JPN": 2.0, "CHN": 13.0})


def test_cars_split_by_the_lfp_share_and_close_where_cars_are_sold(tmp_path: Path) -> None:
    """Germany's 10 cars are 4 with LFP; the rest of the world's 20 goes where cars are sold, but not to Germany again."""
    rules = [Rule("ev_lfp_assembly", family=Family("ev_car", split="lfp"), close="sales")]
    rows = [*recipe("ev_lfp_assembly", ev_car_lfp=1), claim("DEU/ev_car", "production", 10, "vehicle")]
    base = closed(tmp_path, rows, rules, {"ev_car_lfp": {"USA": 20.0}}, lfp=0.4, sold={"DEU": 50.0, "USA": 30.0, "KOR": 10.0})
    assert base.output["ev_lfp_assembly"] == pytest.approx({"DEU": 4.0, "USA": 12.0, "KOR": 4.0})


def test_once_nearly_all_makers_are_known_the_largest_makes_the_rest(tmp_path: Path) -> None:
    """Germany and Spain make 19 of 20 cars, so that Norway, which only buys them, makes none."""
    rules = [Rule("ev_lfp_assembly", family=Family("ev_car", split="lfp"), close="sales")]
    made = [claim(f"{place}/ev_car", "production", cars, "vehicle") for place, cars in (("DEU", 14), ("ESP", 5))]
    rows = [*recipe("ev_lfp_assembly", ev_car_lfp=1), *made]
    base = closed(tmp_path, rows, rules, {"ev_car_lfp": {"NOR": 20.0}}, lfp=1.0, sold={"DEU": 50.0, "NOR": 30.0})
    assert base.output["ev_lfp_assembly"] == pytest.approx({"DEU": 15.0, "ESP": 5.0})


NICKEL = [
    *recipe("class1_from_matte", nickel_class1=1, nickel_matte=-1.5, cobalt_metal=0.02),
    *recipe("cobalt_metal_from_hydroxide", cobalt_metal=1, cobalt_hydroxide=-3),
]


def test_a_co_product_takes_part_of_the_need(tmp_path: Path) -> None:
    """1,000 t of nickel bring 20 t of cobalt, so 80 of 100 t are left to refine; the nickel comes first in the order."""
    rules = [Rule("class1_from_matte", close="RUS"), Rule("cobalt_metal_from_hydroxide", close="CHN")]
    base = closed(tmp_path, NICKEL, rules, {"nickel_class1": {"USA": 1000.0}, "cobalt_metal": {"USA": 100.0}})
    assert base.by_product == pytest.approx({"cobalt_metal": 20.0})
    assert base.output["cobalt_metal_from_hydroxide"] == pytest.approx({"CHN": 80.0})
    assert base.need["cobalt_hydroxide"] == pytest.approx({"CHN": 240.0})
    assert base.shares("cobalt_metal") == pytest.approx({"CHN": 80.0, "RUS": 20.0})


def test_a_process_may_stand_where_its_input_falls(tmp_path: Path) -> None:
    """Black mass is made where scrap falls, in parts of the need, even though no process makes scrap on purpose."""
    rows = [
        *recipe("cell_nmc811_assembly", cell_nmc811=1, cell_scrap=0.05),
        *recipe("shredding", black_mass=1, cell_scrap=-1.2),
    ]
    rules = [Rule("cell_nmc811_assembly", close="users"), Rule("shredding", close="falls", part=1.0)]
    wanted = {"cell_nmc811": {"KOR": 300.0, "POL": 100.0}, "black_mass": {"CHN": 8.0}}
    assert closed(tmp_path, rows, rules, wanted).output["shredding"] == pytest.approx({"KOR": 6.0, "POL": 2.0})


def test_what_a_bulk_statistic_shows_beyond_the_need_is_other_use(tmp_path: Path) -> None:
    """1,000 t of ore mined, 100 t needed: 900 t are used elsewhere, spread by the weights of final demand."""
    rows = [*mine("manganese_mining", "manganese_ore"), claim("ZAF/manganese", "mine_production", 400)]
    rules = [Rule("manganese_mining", Statistic("mine_production", "manganese"))]
    base = closed(tmp_path, rows, rules, {"manganese_ore": {"CHN": 100.0}}, remainders=("manganese_ore",))
    assert base.remainder == pytest.approx({"manganese_ore": 900.0})
    assert base.need["manganese_ore"] == pytest.approx({"CHN": 100 + 675, "DEU": 225})
    assert total(base.output["manganese_mining"]) == pytest.approx(total(base.need["manganese_ore"]))


def test_canada_is_spread_over_its_provinces(tmp_path: Path) -> None:
    """By the sites that run the process; a province that claims its own figure keeps it; else by population."""
    rows = [
        *mine("graphite_mining", "natural_graphite_flake"),
        claim("CAN/graphite", "mine_production", 95),
        claim("CA-QC/graphite", "mine_production", 19),
        claim("CA-ON", "population_share", 0.6, "1"),
        claim("CA-BC", "population_share", 0.2, "1"),
    ]
    rules = [Rule("graphite_mining", Statistic("mine_production", "graphite"))]
    by_sites = closed(tmp_path / "a", rows, rules, {}, provinces={"graphite_mining": {"CA-QC": 1.0, "CA-ON": 3.0}})
    assert by_sites.output["graphite_mining"] == pytest.approx({"CA-QC": (19 + 19) / 0.95, "CA-ON": 57 / 0.95})
    by_people = closed(tmp_path / "b", rows, rules, {})
    assert by_people.output["graphite_mining"] == pytest.approx({"CA-QC": 20.0, "CA-ON": 60.0, "CA-BC": 20.0})


def test_the_nickel_mix_splits_packs(tmp_path: Path) -> None:
    """Packs from NCA are a quarter of the need, since a quarter of the nickel cells are NCA."""
    rows = [
        *recipe("pack_ev_from_nca", pack_ev_nickel=1, cell_nca=-1),
        *recipe("pack_ev_from_nmc811", pack_ev_nickel=1, cell_nmc811=-1),
    ]
    rules = [Rule("pack_ev_from_nca", close="users", part="mix"), Rule("pack_ev_from_nmc811", close="users")]
    base = closed(tmp_path, rows, rules, {"pack_ev_nickel": {"KOR": 80.0}})
    assert (base.output["pack_ev_from_nca"], base.output["pack_ev_from_nmc811"]) == ({"KOR": 20.0}, {"KOR": 60.0})


def test_a_place_with_its_own_recipe_passes_its_own_need(tmp_path: Path) -> None:
    """A car takes another battery in each place."""
    rows = [
        *recipe("ev_lfp_assembly", ev_car_lfp=1, pack_ev_lfp=-0.05),
        *recipe("ev_lfp_assembly__KOR", pack_ev_lfp=-0.08),
    ]
    base = closed(tmp_path, rows, [Rule("ev_lfp_assembly", close="users")], {"ev_car_lfp": {"KOR": 100.0, "JPN": 100.0}})
    assert base.need["pack_ev_lfp"] == pytest.approx({"KOR": 8.0, "JPN": 5.0})


def test_the_shipped_rules_cover_every_process_with_a_recipe_but_lmfp() -> None:
    """A process without a rule would make nothing in the base year; LMFP cells were not made in amounts that count."""
    from orepact.facts.ledger import Ledger

    recipes = RecipeBook.from_evidence(Evidence(Ledger.shipped(), 2024))
    assert set(recipes.default) - set(base_year_rules()) == {"cam_lmfp_synthesis", "cell_lmfp_assembly"}
    assert set(base_year_rules()) <= set(recipes.default)
