"""One name for each company, by whatever name a source calls it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import pandas as pd

from orepact.chain.tables import code_list


def company_names(owners: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The company that stands first in each owner cell (semicolons part several), by its title in the code list if it has one.

    >>> company_names(pd.Series(["Glencore International AG; Gecamines", "Nobody & Sons", ""])).tolist()
    ['Glencore', 'Nobody & Sons', '']
    """
    known = {str(name): _title(str(name)) for name in owners.unique()}
    return owners.map(known).to_numpy(dtype=object)


def _title(owner: str) -> str:
    first = owner.split(";", maxsplit=1)[0].strip()
    text = f" {_folded(first)} "
    return next((title for alias, title in _aliases() if f" {alias} " in text), first)


@cache
def _aliases() -> tuple[tuple[str, str], ...]:
    """Folded titles and aliases with the title, the longest first, so that the most telling one wins."""
    pairs = {
        _folded(str(name)): str(entry["title"])
        for entry in code_list("companies").values()
        for name in (entry["title"], *entry.get("aliases", []))
    }
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()
