"""The constraints of a plan, one module each; ``CONSTRAINTS`` lists them in the order of the program.

A constraint is a function of the model under declaration. Its docstring gives the formula, its name is the
name of its rows in an LP file, and ``tests/golden/<name>.lp`` shows it on a toy network.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.plan.model import PlanModel

Constraint = Callable[["PlanModel"], None]

#: Name of each constraint, in the order in which its rows stand in the program.
CONSTRAINTS: tuple[str, ...] = (
    "balance",
    "capacity",
    "activity_below_capacity",
    "reserves",
    "stock_release",
    "largest_supplier_share",
    "capacity_target",
)

#: Limits on single variables: bounds of the program rather than rows of it.
BOUNDS: tuple[str, ...] = ("site_capacity", "build_rate", "route_capacity", "release_rate", "shortage")


def constraint(name: str) -> Constraint:
    """The function that declares a constraint."""
    module = import_module(f"orepact.plan.constraints.{name}")
    declared: Constraint = getattr(module, name)
    return declared
