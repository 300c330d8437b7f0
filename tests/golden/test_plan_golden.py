"""Each constraint of the plan against its golden LP file, and each has one."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_cases import CASES, FOLDER, write

from orepact.chain.policy import LIMIT_KINDS
from orepact.linear import minimise
from orepact.plan import PlanOptions
from orepact.plan.constraints import BOUNDS, CONSTRAINTS, bounds, constraint
from orepact.plan.declare import declare


def test_every_constraint_and_bound_has_a_golden_file() -> None:
    """None missing, none left over."""
    assert set(CASES) == {*CONSTRAINTS, *BOUNDS}
    assert {path.stem for path in FOLDER.glob("*.lp")} == set(CASES)


def test_every_module_of_a_constraint_is_listed_and_every_kind_of_limit_is_one() -> None:
    """A new file in ``plan/constraints`` cannot be forgotten in the list."""
    folder = Path(bounds.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "bounds"}
    assert modules == set(CONSTRAINTS)
    assert set(LIMIT_KINDS) <= set(CONSTRAINTS)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_states_its_formula(name: str) -> None:
    """In code font, with a relation."""
    text = constraint(name).__doc__ or ""
    assert "``" in text
    assert any(sign in text for sign in ("<=", ">=", "=")), name


@pytest.mark.parametrize("name", BOUNDS)
def test_every_bound_states_its_formula(name: str) -> None:
    """Likewise."""
    assert "<=" in (getattr(bounds, name).__doc__ or "")


@pytest.mark.parametrize("name", CASES)
def test_the_program_is_the_golden_one(name: str, tmp_path: Path) -> None:
    """Text for text; ``python tests/golden/plan_cases.py`` writes them anew."""
    made = write(name, tmp_path).read_text(encoding="utf-8")
    assert made == (FOLDER / f"{name}.lp").read_text(encoding="utf-8")
    if name in CONSTRAINTS:
        assert f"\n{name}(" in made, f"{name} has no row in its own golden file"


@pytest.mark.parametrize("name", CASES)
def test_the_solver_reads_the_file_and_finds_the_same_optimum(name: str, tmp_path: Path) -> None:
    """The file says what the arrays say."""
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(write(name, tmp_path))).name != "kError"
    highs.run()
    solved = minimise(declare(CASES[name]()).program(), PlanOptions().solver_settings())
    assert highs.getInfo().objective_function_value == pytest.approx(solved.objective)
