"""``Made``: the files of one export, and what the format could not carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.facts.labels import Label, Tlp

if TYPE_CHECKING:
    import pandas as pd

CLEAR = "TLP:CLEAR"


@dataclass(frozen=True, slots=True)
class Made:
    """Files by name (text in UTF-8) and what a reader of them does not get: one text for each loss."""

    files: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The one file of a format that has one."""
        (text,) = self.files.values()
        return text


def strictest(labels: Iterable[str]) -> str:
    """The label of a file that holds all of these: the highest level, with every owner at that level or below it.

    Several owners are named with ``+`` between them, which no reader admits: such a file goes to nobody unasked. A text that is
    no label counts as the strictest.

    >>> strictest(["TLP:CLEAR", "TLP:AMBER/nrcan", "TLP:GREEN"])
    'TLP:AMBER/nrcan'
    >>> strictest(["TLP:AMBER/nrcan", "TLP:RED/meti"])
    'TLP:RED/meti+nrcan'
    """
    level, owners = Tlp.CLEAR, set[str]()
    for text in set(labels):
        label = Label.parse(text) or Label(Tlp.RED, "unknown")
        level = max(level, label.level)
        if label.owner and label.level >= Tlp.AMBER:
            owners.add(label.owner)
    name = "TLP:" + level.name.replace("_", "+")
    return f"{name}/{'+'.join(sorted(owners))}" if owners else name


def left_out(count: int, what: str, why: str) -> list[str]:
    """A warning for rows that a format cannot carry; none for none.

    >>> left_out(2, "claims of text", "an observation is a number")
    ['2 claims of text are left out: an observation is a number']
    >>> left_out(0, "claims of text", "")
    []
    """
    return [f"{count} {what} are left out: {why}"] if count else []


def filled(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Those of ``columns`` that hold anything in ``frame``: what a format drops is only said when it was there."""
    held = []
    for name in columns:
        if name in frame.columns:
            values = frame[name]
            blank = values.isna() | (values.astype("str") == "")
            if not bool(blank.all()):
                held.append(name)
    return held
