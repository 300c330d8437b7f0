"""What else falls: the precursor case of 2025 from the shipped facts, and small chains worked out by hand."""

from datetime import date

import pytest

from orepact.errors import NotFound
from orepact.facts import Ledger
from orepact.pact.records.register import Register
from orepact.pact.supply.cascade import Chain, Plant, Tie, cascade
from orepact.pact.supply.plants import chain_on

RECIPES = {
    "salt": {"metal": -0.2, "salt": 1.0, "slag": 0.3},
    "precursor": {"salt": -2.0, "precursor": 1.0},
    "cathode": {"precursor": -1.0, "cathode": 1.0},
    "smelting": {"ore": -9.0, "metal": 1.0},
    "reuse": {"cathode": -1.0, "salt": 1.0},
}


def plant(site, process, place="CA-QC", status="planned", **more):
    return Plant(site, site.title(), process, place, place[:2], status, **({"town": "Here"} | more))


def falls(fallen, *plants, ties=(), **more):
    return {fall.site: fall for fall in cascade([fallen], Chain.of(plants, RECIPES, ties), **more).falls}


@pytest.fixture(scope="module")
def before():
    return chain_on(Ledger.shipped().at("2025-09-30"), Register({}), date(2025, 9, 30))


class TestThePrecursorPauseOf2025:
    """Asked on the day before the month in which both projects stopped, with what was known then."""

    def test_it_finds_the_nickel_sulphate_plant(self, before):
        found = {fall.site: fall for fall in cascade(["ultium_cam_2"], before).falls}
        plant = found["vale_becancour_niso4"]
        assert plant.strength == max(fall.strength for fall in found.values()) == round((1 + 1 + 1 / 2) / 3, 4)
        (step,) = plant.path
        assert (step.way, step.commodity, step.contract) == ("loses its buyer", "nickel_sulphate", "")
        assert "the only one in the town and the province" in plant.words

    def test_no_note_tells_it(self, before):
        """The same answer comes when every text of the facts but ids, places, towns and states is empty."""
        plants = [
            Plant(one.site, "", one.process, one.place, one.country, one.status, one.town, one.at, one.capacity)
            for one in before.plants.values()
        ]
        assert "vale_becancour_niso4" in {fall.site for fall in cascade(["ultium_cam_2"], Chain.of(plants, before.recipes)).falls}

    def test_the_cathode_plant_next_door_loses_its_supplier(self, before):
        found = {fall.site: fall for fall in cascade(["ultium_cam_2"], before).falls}
        assert found["ultium_cam_1"].path[0].way == "loses its supplier"

    def test_what_works_without_it_is_left_alone(self, before):
        found = {fall.site for fall in cascade(["ultium_cam_2"], before).falls}
        assert before.plants["vale_sudbury"].status == "operating"
        assert not found & {"vale_sudbury", "long_harbour", "sherritt_fort_sask"}

    def test_afterwards_the_plant_has_ended_already(self):
        after = chain_on(Ledger.shipped().at("2025-12-31"), Register({}), date(2025, 12, 31))
        assert "vale_becancour_niso4" not in {fall.site for fall in cascade(["ultium_cam_2"], after).falls}
        with pytest.raises(NotFound):
            cascade(["vale_becancour_niso4"], after)


class TestByRecipeAndPlace:
    def test_the_only_user_anywhere(self):
        found = falls("user", plant("user", "precursor"), plant("maker", "salt"))
        assert found["maker"].strength == 1.0
        assert found["maker"].path[0].commodity == "salt"

    def test_shares_by_town_province_and_country(self):
        """Here alone (1), one of two in the province (1/2), one of four in the country (1/4): the mean is 7/12."""
        others = [
            plant("next", "precursor", town="There"),
            plant("far", "precursor", "CA-ON"),
            plant("farther", "precursor", "CA-BC"),
        ]
        assert falls("user", plant("user", "precursor"), plant("maker", "salt"), *others)["maker"].strength == round(7 / 12, 4)

    def test_shares_by_amount_where_all_capacities_are_known(self):
        """The user needs 60 of 80 in each circle."""
        plants = [plant("user", "precursor", capacity=30.0), plant("other", "precursor", capacity=10.0), plant("maker", "salt")]
        assert falls("user", *plants)["maker"].strength == 0.75

    def test_a_user_that_rests_buys_nothing(self):
        plants = [plant("user", "precursor"), plant("other", "precursor", status="paused"), plant("maker", "salt")]
        assert falls("user", *plants)["maker"].strength == 1.0

    def test_by_products_do_not_carry_a_plant(self):
        recipes = RECIPES | {"paving": {"slag": -1.0, "road": 1.0}}
        chain = Chain.of([plant("road", "paving"), plant("maker", "salt")], recipes)
        assert cascade(["road"], chain).falls == ()

    def test_a_working_plant_does_without_one_that_never_worked(self):
        plants = [plant("user", "precursor"), plant("maker", "salt", status="operating")]
        assert falls("user", *plants) == {}
        works = [plant("user", "precursor", status="operating"), plant("maker", "salt", status="operating")]
        assert set(falls("user", *works)) == {"maker"}

    def test_towns_by_distance_where_points_are_known(self):
        near = {"at": (46.3, -72.4), "town": "A"}, {"at": (46.4, -72.5), "town": "B"}
        far = {"at": (46.3, -72.4), "town": "A"}, {"at": (48.0, -72.5), "town": "A"}
        for (one, other), strength in ((near, 1.0), (far, round(2 / 3, 4))):
            assert falls("user", plant("user", "precursor", **one), plant("maker", "salt", **other))["maker"].strength == strength

    def test_other_countries_are_no_neighbours(self):
        assert falls("user", plant("user", "precursor"), plant("maker", "salt", "US")) == {}

    def test_strength_falls_along_the_path(self):
        plants = [
            plant("user", "precursor"),
            plant("maker", "salt"),
            plant("rival", "precursor", "CA-ON"),
            plant("smelter", "smelting"),
        ]
        found = falls("user", *plants)
        assert found["maker"].strength == round((1 + 1 + 0.5) / 3, 4)
        assert [step.site for step in found["smelter"].path] == ["maker", "smelter"]
        assert found["smelter"].strength == found["maker"].strength
        assert set(falls("user", *plants, depth=1)) == {"maker"}

    def test_circles_end(self):
        plants = [plant("one", "precursor"), plant("two", "cathode"), plant("three", "reuse")]
        found = falls("one", *plants, depth=50)
        assert {site: len(fall.path) for site, fall in found.items()} == {"two": 1, "three": 1}

    def test_what_nothing_can_be_said_of_is_named(self):
        chain = Chain.of([plant("user", "precursor"), plant("riddle", "")], RECIPES)
        assert cascade(["user"], chain).unjudged == ("riddle",)

    def test_sites_that_fall_together_do_not_hold_each_other_up(self):
        plants = [plant("user", "precursor"), plant("other", "precursor"), plant("maker", "salt")]
        assert falls("user", *plants)["maker"].strength == 0.5
        both = cascade(["user", "other"], Chain.of(plants, RECIPES)).falls
        assert [(fall.site, fall.strength) for fall in both] == [("maker", 1.0)]


class TestByContract:
    MINE = plant("mine", "smelting", "CU", status="operating")
    WORKS = plant("works", "salt", "CA-AB", status="operating")

    def test_a_contract_ties_across_borders(self):
        found = falls("mine", self.MINE, self.WORKS, ties=[Tie("feed", "mine", "works", "metal", 1.0)])
        assert (found["works"].strength, found["works"].path[0].contract) == (1.0, "feed")

    def test_the_share_sold_is_the_strength(self):
        assert falls("works", self.MINE, self.WORKS, ties=[Tie("feed", "mine", "works", "metal", 0.3)])["mine"].strength == 0.3

    def test_an_unknown_share_is_half_and_says_part(self):
        fall = falls("works", self.MINE, self.WORKS, ties=[Tie("feed", "mine", "works", "metal")])["mine"]
        assert (fall.strength, "sells part of its metal" in fall.words) == (0.5, True)

    def test_what_is_sold_to_others_frees_the_seller(self):
        plants = [plant("user", "precursor"), plant("maker", "salt"), plant("abroad", "precursor", "US")]
        ties = [Tie("export", "maker", "abroad", "salt", 0.8)]
        fall = falls("user", *plants, ties=ties)["maker"]
        assert fall.strength == 0.2
        assert "80% of the output is sold to others" in fall.words

    def test_a_buyer_that_is_no_site_keeps_its_share_from_others(self):
        plants = [plant("user", "precursor"), plant("maker", "salt")]
        found = falls("user", *plants, ties=[Tie("sale", "maker", "", "salt", 0.75)])
        assert {site: fall.strength for site, fall in found.items()} == {"maker": 0.25}

    def test_contracts_of_one_pair_add_up(self):
        ties = [Tie("one", "mine", "works", "metal", 0.3), Tie("two", "mine", "works", "metal", 0.4)]
        assert falls("works", self.MINE, self.WORKS, ties=ties)["mine"].strength == 0.7
        assert falls("mine", self.MINE, self.WORKS, ties=ties)["works"].strength == 1.0  # its only seller, in two contracts
        part = [Tie("one", "mine", "works", "metal", 0.3), Tie("two", "mine", "works", "metal")]
        assert falls("works", self.MINE, self.WORKS, ties=part)["mine"].strength == 0.65  # half of the 70 % that is left

    def test_buyers_or_sellers_that_fall_together_are_lost_together(self):
        other = plant("next", "salt", "CA-BC", status="operating")
        sold = [Tie("one", "mine", "works", "metal", 0.4), Tie("two", "mine", "next", "metal", 0.5)]
        chain = Chain.of([self.MINE, self.WORKS, other], RECIPES, sold)
        assert [fall.strength for fall in cascade(["works", "next"], chain).falls] == [0.9]
        pit = plant("pit", "smelting", "AU", status="operating")
        bought = [Tie("one", "mine", "works", "metal"), Tie("two", "pit", "works", "metal")]
        chain = Chain.of([self.MINE, pit, self.WORKS], RECIPES, bought)
        alone = {fall.site: fall.strength for fall in cascade(["mine"], chain).falls}
        assert alone == {"works": 0.5, "pit": 0.25}  # half of what the works buy; they buy part of what the pit sells
        assert [fall.strength for fall in cascade(["mine", "pit", "pit"], chain).falls] == [1.0]

    def test_a_seller_that_has_ended_sells_nothing(self):
        pit = plant("pit", "smelting", "AU", status="closed")
        ties = [Tie("one", "mine", "works", "metal"), Tie("two", "pit", "works", "metal")]
        assert falls("mine", self.MINE, pit, self.WORKS, ties=ties)["works"].strength == 1.0

    def test_what_is_sold_to_one_that_falls_too_frees_nobody(self):
        plants = [plant("user", "precursor"), plant("maker", "salt"), plant("abroad", "precursor", "US")]
        chain = Chain.of(plants, RECIPES, [Tie("export", "maker", "abroad", "salt", 0.8)])
        assert [fall.strength for fall in cascade(["user", "abroad"], chain).falls] == [1.0]

    def test_of_two_equal_ways_the_shorter_is_told(self):
        """1 x 1 x 1/2 over two others, and 1/2 x 1 over one."""
        long = [Tie("a", "one", "two", "x"), Tie("b", "two", "three", "y"), Tie("c", "three", "last", "v")]
        short = [Tie("d", "one", "near", "w"), Tie("e", "near", "last", "u")]
        rivals = [Tie("f", "other", "last", "v"), Tie("g", "other", "near", "w")]
        chain = Chain.of([plant(name, "") for name in ("one", "two", "three", "near", "last")], {}, [*long, *short, *rivals])
        found = {fall.site: fall for fall in cascade(["one"], chain).falls}["last"]
        assert (found.strength, [step.contract for step in found.path]) == (0.5, ["d", "e"])

    def test_a_weaker_but_shorter_way_still_leads_on(self):
        """The strongest way to the third site takes two links; only the weaker direct one leaves a link for the fourth."""
        names = ("one", "two", "three", "four")
        ties = [
            Tie("a", "one", "two", "x", 1.0),
            Tie("b", "two", "three", "y"),
            Tie("c", "one", "three", "z"),
            Tie("d", "three", "four", "w"),
        ]
        more = [Tie("e", "other", "three", "z")]
        chain = Chain.of([plant(name, "") for name in names], {}, [*ties, *more])
        found = {fall.site: fall for fall in cascade(["one"], chain, depth=2).falls}
        assert [step.contract for step in found["three"].path] == ["a", "b"]
        assert [step.contract for step in found["four"].path] == ["c", "d"]
