"""Checks of a network (first stone)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.errors import Problem

if TYPE_CHECKING:
    from orepact.chain.network import Network


def check_network(network: Network, *, graph: bool = True, missing_cells: bool = True) -> list[Problem]:
    """Every problem of the network."""
    return []
