"""What a person may call a commodity."""

from __future__ import annotations

import pandas as pd
import pytest

from orepact.chain import Network
from orepact.errors import BadInput, NotFound
from orepact.service.naming import commodities_named, element_named, elements_of, names_of, stage_named
from plan_networks import small_network, wanted


def network(**stages: str) -> Network:
    """Things with their stage; the first holds nickel and cobalt, the second nickel."""
    things = list(stages)
    plain = small_network(
        years=[2030],
        recipes={f"make_{thing}": {thing: 1.0} for thing in things},
        sites=[{"site": thing, "process": f"make_{thing}", "place": "AAA"} for thing in things],
        demand=wanted(things[0], "AAA", {2030: 1.0}),
    )
    held = [(things[0], "nickel", 0.5), (things[0], "cobalt", 0.1), (things[1], "nickel", 0.2)]
    contents = pd.DataFrame(held, columns=["commodity", "element", "t_per_unit"])
    return plain.with_tables(commodities=plain.commodities.assign(stage=pd.Series(stages)), contents=contents)


@pytest.fixture
def chain() -> Network:
    return network(sulphate="refine", metal="refine", cell_a="cell", CELL_B="cell")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sulphate", ("sulphate",)),
        ("Sulphate", ("sulphate",)),
        ("cell_b", ("CELL_B",)),
        ("cell", ("cell_a", "CELL_B")),
        ("CELL", ("cell_a", "CELL_B")),
        ("nickel", ("sulphate", "metal")),
        ("Cobalt", ("sulphate",)),
    ],
)
def test_a_name_is_an_id_a_stage_or_an_element(chain, name, meant):
    assert commodities_named(chain, name) == meant


def test_an_id_goes_before_a_stage():
    assert commodities_named(network(CELL="cell", other="cell"), "cell") == ("CELL",)


def test_a_stage_may_be_written_in_any_case():
    shouting = network(ore="MINE", metal="REFINE", other="cell")
    assert [stage_named(shouting, name) for name in ("refine", "REFINE", "Cell", "mine", "MINE")] == [
        "REFINE", "REFINE", "cell", "mine", "mine",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="did you mean REFINE"):
        stage_named(shouting, "refin")


def test_an_unknown_name_says_what_is_near(chain):
    with pytest.raises(NotFound, match="did you mean sulphate"):
        commodities_named(chain, "sulfate")
    with pytest.raises(NotFound, match="did you mean cobalt"):
        element_named(chain, "cobolt")


def test_ids_that_differ_in_case_only_must_be_written_exactly():
    twins = network(metal="refine", METAL="refine")
    assert commodities_named(twins, "METAL") == ("METAL",)
    with pytest.raises(BadInput, match="metal, METAL"):
        commodities_named(twins, "Metal")


def test_elements_of_some_commodities(chain):
    assert element_named(chain, "NICKEL") == "nickel"
    assert elements_of(chain) == ("nickel", "cobalt")
    assert elements_of(chain, ("metal",)) == ("nickel",)
    assert {"cell", "cobalt", "CELL_B"} <= set(names_of(chain))
