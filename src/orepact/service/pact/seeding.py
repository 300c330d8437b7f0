"""Use case: fill the register with the records that come with the package, and bring them up to a new edition.

What somebody has changed since is never written over: it is told, and stays. So running it twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from orepact.service.pact.desk import SEED_ACTOR, hidden_from, manifest_of, opened
from orepact.service.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.store.store import Store

REASON = "the records that come with orepact {version}"


def seed_register(db: str | None = None) -> Result:
    """Add what is new and bring up to date what nobody has changed, all or nothing: ``kind, added, updated, same, kept``.

    ``kept``: records that somebody changed and that stay so; their ids are in the warnings. Raises ``BadInput`` when what people
    wrote and what comes with the package cannot stand together.
    """
    from orepact._version import __version__
    from orepact.pact.records.reading import seed

    items = {(item.kind, item.id): item for item in seed().records.values()}
    with opened(db, filled=False) as store:
        fates, versions = _fates(store, items)
        fates |= {key: "same" for key in hidden_from(store) if fates.get(key) == "kept"}  # a Nation's own change is not told
        with store.write(SEED_ACTOR, REASON.format(version=__version__), seeding=True) as unit:
            for key, fate in fates.items():
                if fate in ("added", "updated"):
                    unit.put(items[key], versions.get(key))
        manifest = manifest_of(store)
    data = _table(fates)
    kept = [
        f"{kind} {name}: changed by somebody since, and left as it is" for (kind, name), fate in fates.items() if fate == "kept"
    ]
    sums = {name: int(data[name].sum()) for name in ("added", "updated", "same", "kept")}
    title = f"seed: {sums['added']} added, {sums['updated']} brought up to date, {sums['same']} as they were, {sums['kept']} kept"
    return Result(data, {"title": title, **sums, "manifest": manifest, "warnings": kept})


def _fates(store: Store, items: Mapping[Key, Record]) -> tuple[dict[Key, str], dict[Key, int]]:
    """What becomes of each record of the seed, and the version of those that are there."""
    from orepact.store.derived import content_of
    from orepact.store.loading import stored

    with store.database.reading() as connection:
        there = stored(connection, items)
    fates = {}
    for key, item in items.items():
        stands = there.get(key)
        if stands is None:
            fates[key] = "added"
        elif stands.content == content_of(item):
            fates[key] = "same"
        else:
            fates[key] = "updated" if stands.actor == SEED_ACTOR else "kept"
    return fates, {key: one.version for key, one in there.items()}


def _table(fates: Mapping[Key, str]) -> pd.DataFrame:
    names = ["added", "updated", "same", "kept"]
    kinds = sorted({kind for kind, _ in fates})
    counted = [[sum(one == kind and fate == name for (one, _), fate in fates.items()) for name in names] for kind in kinds]
    return pd.DataFrame([[kind, *row] for kind, row in zip(kinds, counted, strict=True)], columns=["kind", *names])
