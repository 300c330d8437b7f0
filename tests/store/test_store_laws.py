"""Whatever is put in whatever order, the register is what a dictionary of lists would be, and its log closes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_things import Thing, numbered, thing, ticking

from drawing import draws
from orepact.errors import BadInput, Conflict, OrepactError
from orepact.store.store import Store, open_store, restore_store, upgrade_store

NAMES = ("a", "b", "c", "d")
#: A record of a unit: its id, title, what it is within, and how far its version is off the one that stands.
PUTS = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["니켈", "ニッケル", "x"]),
    st.sampled_from([None, *NAMES]),
    st.sampled_from([0, 0, 0, 0, 1, -1]),
)
UNITS = st.lists(st.lists(PUTS, min_size=1, max_size=3), max_size=8)
Model = dict[str, list[Thing]]


def expected(model: Model, unit: list[tuple[str, str, str | None, int]]) -> type[OrepactError] | None:
    """How a unit must end."""
    names = [name for name, *_ in unit]
    if len(set(names)) < len(names):
        return BadInput
    if any(version(model, name, off) != len(model.get(name, [])) for name, _, _, off in unit):
        return Conflict
    changes = [
        (name, within) for name, title, within, _ in unit if model.get(name, [None])[-1] != thing(name, title, within=within)
    ]
    if any(within not in {None, *model, *names} for _, within in changes):
        return BadInput
    return None


def version(model: Model, name: str, off: int) -> int:
    """The version that a writer names; none means that the record is new."""
    return max(0, len(model.get(name, [])) + off)


def put(store: Store, model: Model, unit: list[tuple[str, str, str | None, int]]) -> None:
    """Keep the records of a unit."""
    with store.write("ana", "by chance") as changes:
        for name, title, within, off in unit:
            changes.put(thing(name, title, within=within), version(model, name, off) or None)


def ends(store: Store, model: Model, unit: list[tuple[str, str, str | None, int]]) -> type[OrepactError] | None:
    """How a unit ends."""
    try:
        put(store, model, unit)
    except (BadInput, Conflict) as error:
        return type(error)
    return None


@given(UNITS)
@settings(max_examples=draws(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_register_is_what_was_put(units: list[list[tuple[str, str, str | None, int]]]) -> None:
    """Every version, every refusal; and the same after a backup and restore."""
    with tempfile.TemporaryDirectory() as folder:
        url = str(Path(folder) / "register.db")
        upgrade_store(url, create=True).close()
        store = open_store(url, clock=ticking(), salt=numbered())
        model: Model = {}
        for unit in units:
            wanted = expected(model, unit)
            assert ends(store, model, unit) is wanted
            if wanted is None:
                for name, title, within, _ in unit:
                    versions = model.setdefault(name, [])
                    item = thing(name, title, within=within)
                    versions.extend([item] if not versions or versions[-1] != item else [])
        holds(store, model)
        store.backup(Path(folder) / "b.zip")
        store.close()
        other = str(Path(folder) / "other.db")
        restore_store(Path(folder) / "b.zip", other)
        restored = open_store(other)
        holds(restored, model)
        restored.close()


def holds(store: Store, model: Model) -> None:
    """The register is the model."""
    found = store.verify()
    assert (found.head.seq, found.records) == (sum(map(len, model.values())), len(model))
    assert {item.id: item for item in store.register().records.values()} == {
        name: versions[-1] for name, versions in model.items()
    }
    for name, versions in model.items():
        assert [change.item for change in store.history("thing", name)] == versions
