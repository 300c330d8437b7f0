"""Whether changes fit the register: every reference leads somewhere, and no record, changed or not, is made wrong by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orepact.errors import Problem
from orepact.pact.record import Record

if TYPE_CHECKING:
    from orepact.pact.register import Key
    from orepact.store.loading import StoredRegister


def problems_of(register: StoredRegister, changes: Iterable[Record]) -> list[Problem]:
    """Everything that the changes do wrong.

    Besides the changed records, those that refer to one of them are looked at again; what was wrong with these before is not held
    against the change.
    """
    items = [*changes]
    after = register.plus(items)
    after.records.ask_for((kind, each.target) for item in items for each in item.links() for kind in each.kinds)
    found = [*after.problems(items)]
    others = _referring(register, {(item.kind, item.id) for item in items})
    worse = [*after.problems(others)]
    if worse:
        before = set(register.problems(others))
        found += [problem for problem in worse if problem not in before]
    return found


def _referring(register: StoredRegister, keys: set[Key]) -> list[Record]:
    """Records that refer to one of those that stood before, and say how that may be wrong."""
    register.records.ask_for(keys)
    found = {}
    for kind, name in keys:
        if (kind, name) in register.records:
            for item, each in register.pointing[name]:
                if kind in each.kinds and type(item).problems is not Record.problems:
                    found[item.kind, item.id] = item
    return [found[key] for key in sorted(found.keys() - keys)]
