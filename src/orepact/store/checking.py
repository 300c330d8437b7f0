"""Whether changes fit the register: every reference leads somewhere, and no record, changed or not, is made wrong by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orepact.errors import Problem
from orepact.pact.records.changes import forbidden
from orepact.pact.records.readers import redacted
from orepact.pact.records.record import Record

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.store.loading import StoredRegister


def problems_of(
    register: StoredRegister, changes: Iterable[Record], *, seeding: bool = False, reader: Reader | None = None
) -> list[Problem]:
    """Everything that the changes do wrong; ``seeding``: they come with the package, which may bring what the sides decide.

    Besides the changed records, those that they refer to and those that refer to them are looked at again; what was wrong with
    these before is not held against the change. For a reader who writes, all is looked at as he sees it: a reference to what he
    may not know of leads nowhere, in the same words, and what he changes makes no record wrong that he may not know of.
    """
    items = [*changes]
    found = [] if seeding else _forbidden(register, items)
    if reader is not None:
        return found + _for_reader(register.seen_by(reader), [redacted(item, reader) for item in items])
    return found + _among(register, items)


def _for_reader(register: StoredRegister, items: list[Record]) -> list[Problem]:
    """What was wrong before in his eyes, such as a reference to what he may not know of, is not held against him."""
    there = [register.records[key] for item in items if (key := (item.kind, item.id)) in register.records]
    before = set(register.problems(there))
    return [problem for problem in _among(register, items) if problem not in before]


def _among(register: StoredRegister, items: list[Record]) -> list[Problem]:
    """What is wrong with these and with those beside them afterwards."""
    after = register.plus(items)
    after.records.ask_for((kind, each.target) for item in items for each in item.links() for kind in each.kinds)
    found = [*after.problems(items)]
    others = _beside(register, items)
    worse = [*after.problems(others)]
    if worse:
        before = set(register.problems(others))
        found += [problem for problem in worse if problem not in before]
    return found


def _forbidden(register: StoredRegister, items: list[Record]) -> list[Problem]:
    """Changes of what stands for good; only records of kinds that keep something are read again."""
    keeping = [item for item in items if type(item).forbidden is not Record.forbidden]
    register.records.read_all((item.kind, item.id) for item in keeping)
    return [*forbidden(register, keeping)]


def _beside(register: StoredRegister, items: list[Record]) -> list[Record]:
    """Records as they stand that the changed ones refer to, or that refer to those, and say how they may be wrong."""
    changed = {(item.kind, item.id) for item in items}
    targets = {(kind, each.target) for item in items for each in item.links() for kind in each.kinds} - changed
    register.records.ask_for(changed | targets)
    there = [key for key in sorted(targets) if key in register.records]
    register.records.read_all(there)
    found = {key: register.records[key] for key in there}
    for kind, name in changed:
        if (kind, name) in register.records:
            own = (item for item, each in register.pointing[name] if kind in each.kinds)
            found.update({(item.kind, item.id): item for item in own})
    return [found[key] for key in sorted(found.keys() - changed) if type(found[key]).problems is not Record.problems]
