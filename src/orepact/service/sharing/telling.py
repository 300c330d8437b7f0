"""What a message of a webhook says: a version of a record, as its reader may see it when it is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from orepact.service.sharing.leaving import leaves, open_label

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.store.outbox import Message
    from orepact.store.store import Store

#: The type of a message that only tries the way.
TEST = "webhook.test"


def body_of(store: Store, message: Message, reader: Reader) -> bytes | None:
    """A message as JSON; None when its reader is told nothing of it: he may not see the record now, or could not see
    that version, or may not take it out of the register.
    """
    if not message.kind:
        return _json({"type": TEST, "timestamp": message.at, "data": {}})
    theirs = store.seen_by(reader)
    found = theirs.change(message.kind, message.record, message.version)
    if found is None or not _may_leave(store, message, reader, found.item.label):
        return None
    did = "added" if found.version == 1 else "changed"
    data = {
        "kind": message.kind,
        "id": message.record,
        "version": found.version,
        "at": found.at,
        "by": found.actor,
        "reason": found.reason,
        "label": found.item.label,
        "record": found.item.content(),
    }
    return _json({"type": f"{message.kind}.{did}", "timestamp": found.at, "data": data})


def _may_leave(store: Store, message: Message, reader: Reader, label: str) -> bool:
    """Whether both that version and the record as it stands may leave: what was closed since does not come out."""
    from orepact.store.derived import read_content
    from orepact.store.loading import stored

    key = (message.kind, message.record)
    whole = store.change(*key, message.version)
    with store.database.reading() as connection:
        content = stored(connection, [key])[key].content
    now = read_content(*key, content)
    if open_label(label) and open_label(now.label):
        return True
    asked = reader.asking(store.clock())
    return whole is not None and leaves(whole.item, asked) and leaves(now, asked)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
