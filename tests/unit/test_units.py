"""Units convert within a dimension and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts import Codes
from orepact.units import Unit, Units

UNITS = Units(
    {
        "t": Unit("t", "tonne", "mass"),
        "kt": Unit("kt", "thousand tonnes", "mass", 1000.0),
        "MWh": Unit("MWh", "megawatt-hour", "energy"),
        "text": Unit("text", "text", "text"),
        "words": Unit("words", "words", "text"),
    }
)


def test_a_number_converts_by_the_quotient_of_the_factors() -> None:
    assert UNITS.convert(2.5, "kt", "t") == 2500.0
    assert UNITS.convert(500.0, "t", "kt") == 0.5
    assert UNITS.factor("t", "t") == 1.0


def test_an_array_converts_as_its_numbers_do() -> None:
    assert UNITS.convert(np.array([1.0, 2.0]), "kt", "t").tolist() == [1000.0, 2000.0]


def test_mass_does_not_convert_to_energy() -> None:
    with pytest.raises(BadInput) as caught:
        UNITS.convert(1.0, "kt", "MWh")
    (problem,) = caught.value.problems
    assert str(problem) == "unit: expected a unit of energy (such as MWh), found kt (mass); give the value in one of MWh"


def test_text_converts_to_nothing_else() -> None:
    assert UNITS.problem("text", "text") is None
    assert UNITS.problem("text", "words") is not None


def test_an_unknown_unit_comes_with_its_closest_names() -> None:
    problem = UNITS.problem("ktt", "t", file="claims.csv", row=7)
    assert problem is not None
    assert (problem.where, problem.mend) == ("claims.csv, row 7, unit", "did you mean kt?")
    with pytest.raises(NotFound, match="did you mean kt"):
        UNITS.unit("ktt")


def test_a_unit_without_any_likeness_says_where_to_add_it() -> None:
    problem = UNITS.problem("furlong", "t")
    assert problem is not None
    assert problem.mend == "add it to units.yaml"


def test_units_are_a_mapping() -> None:
    assert (len(UNITS), list(UNITS)[:2], UNITS["kt"].factor) == (5, ["t", "kt"], 1000.0)
    assert UNITS.dimensions == {"mass", "energy", "text"}
    assert UNITS.dimension("kt") == "mass"
    assert UNITS.of_dimension("mass") == ("kt", "t")


def test_every_shipped_dimension_has_one_base_unit_at_least() -> None:
    units = Codes.shipped().units
    for dimension in units.dimensions:
        assert any(units[name].factor == 1.0 for name in units.of_dimension(dimension)), dimension
