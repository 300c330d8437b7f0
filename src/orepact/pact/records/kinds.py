"""The kinds of records, by name. A new kind of record is code; kinds of instruments, areas and forms are data (``Code``)."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from orepact.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.pact.records.record import Record

#: Modules of ``orepact.pact`` that hold kinds of records.
MODULES = (
    "records.codes",
    "organisations.organisation",
    "organisations.people",
    "projects.project",
    "projects.contracts",
    "projects.support",
    "projects.programmes",
    "projects.permits",
    "organisations.engagement",
    "projects.activities",
    "projects.standards",
    "projects.third_states",
    "supply.comparison",
    "supply.stocks",
    "instruments.instrument",
    "instruments.amendments",
    "instruments.ending",
    "instruments.sharing",
    "bodies.body",
    "bodies.meetings",
    "bodies.items",
    "instruments.notices",
    "instruments.differences",
    "instruments.commitments",
    "incidents.patterns",
    "decisions.decision",
    "incidents.incident",
    "incidents.assessments",
    "incidents.deliveries",
    "incidents.reviews",
    "incidents.drills",
)


@cache
def kinds() -> Mapping[str, type[Record]]:
    """Name of each kind to its class."""
    from orepact.pact.records.record import Record

    found: dict[str, type[Record]] = {}
    for name in MODULES:
        for value in vars(import_module(f"orepact.pact.{name}")).values():
            if isinstance(value, type) and issubclass(value, Record) and value is not Record:
                found[value.kind] = value
    return found


def kind_of(name: str) -> type[Record]:
    """The class of a kind; raises ``NotFound`` with the nearest names."""
    try:
        return kinds()[name]
    except KeyError:
        raise NotFound("kind of record", name, kinds()) from None
