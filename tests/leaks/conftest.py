"""Registers that differ by what is hidden alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from leak_register import FEW, MADE, hidden, put, register, seen_kinds
from leak_worlds import empty

from orepact.store.store import Store, open_store


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """A register with all hidden records, one without any, and one with those that a member sees."""
    folder = tmp_path_factory.mktemp("uses")
    stores = {}
    for name in ("all", "none", "member's"):
        (folder / f"{name}.db").write_bytes(empty())
        stores[name] = open_store(str(folder / f"{name}.db"), clock=lambda: MADE)
        with stores[name].write("ana", "the records of the package", seeding=True) as unit:
            for item in register().values():
                unit.put(item)
    kept = [item for item in hidden(register()) if put(stores["all"], item)]
    kinds_kept = {item.kind for item in kept}
    assert {"incident", "assessment", "decision", "delivery", "review", "drill", "notice"} <= kinds_kept
    assert len(kinds_kept) >= len(seen_kinds()) - FEW, set(seen_kinds()) - kinds_kept
    assert all(put(stores["member's"], item) for item in kept if item.readers or item.label == "TLP:GREEN")
    yield stores
    for store in stores.values():
        store.close()
