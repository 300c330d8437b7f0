"""``Manifest``: from what a result was made. The same manifest gives the same numbers.

Frames and networks are hashed by content (SHA-256), so that the hash is the same on every machine and does not
depend on the version of a library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact._version import __version__
from orepact.chain.tables import tables

if TYPE_CHECKING:
    from orepact.chain.network import Network


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Editions and hashes of the inputs, the code, the solver and the seed behind one result."""

    data_edition: str = ""
    network_hash: str = ""
    scenario_hash: str = ""
    code_version: str = __version__
    solver: str = ""
    solver_status: str = ""
    as_of: str = ""
    seed: int | None = None
    created: str = field(default_factory=_now, compare=False)

    @classmethod
    def of(cls, network: Network, **facts: Any) -> Manifest:
        """The manifest of a result on ``network``; further facts by keyword."""
        return cls(network_hash=hash_network(network), **facts)

    @property
    def hash(self) -> str:
        """SHA-256 over everything but the time of creation."""
        facts = asdict(self)
        del facts["created"]
        return hash_value(facts)

    def with_facts(self, **facts: Any) -> Manifest:
        """A copy with some facts replaced."""
        return replace(self, **facts)

    def as_dict(self) -> dict[str, Any]:
        """The manifest as plain values, its hash included, for JSON replies."""
        return {**asdict(self), "hash": self.hash}


def hash_value(value: Any) -> str:
    """SHA-256 of plain values (mappings, lists, text, numbers), whatever the order of keys.

    >>> hash_value({"a": 1, "b": [2.5]}) == hash_value({"b": [2.5], "a": 1})
    True
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def hash_frame(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame: names of columns and index, and every cell in order; numbers by their exact value.

    >>> hash_frame(pd.DataFrame({"a": [1.0]})) == hash_frame(pd.DataFrame({"a": [1]}))
    True
    """
    digest = hashlib.sha256()
    named = [name for name in frame.index.names if name is not None and not isinstance(frame.index, pd.RangeIndex)]
    plain = frame.reset_index(level=named) if named else frame
    for name in plain.columns:
        digest.update(f"\x1d{name}\x1e{len(plain)}\x1f".encode())
        digest.update(_cell_bytes(plain[name]))
    return digest.hexdigest()


def _cell_bytes(values: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype="<f8", na_value=np.nan) + 0.0  # turns -0.0 into 0.0
        numbers[np.isnan(numbers)] = np.nan  # one NaN, not many
        return numbers.tobytes()
    texts = values.astype("str").fillna("").tolist()
    lengths = np.fromiter((len(text) for text in texts), dtype="<u4", count=len(texts))
    return lengths.tobytes() + "".join(texts).encode("utf-8")


def hash_network(network: Network) -> str:
    """SHA-256 of years, currency, time unit (where stated) and every table; the title and description do not count."""
    parts: dict[str, Any] = {name: hash_frame(getattr(network, name)) for name in tables()}
    head = {"years": list(network.years), "currency": network.currency}
    return hash_value(parts | head | ({"time_unit": network.time_unit} if network.time_unit else {}))
