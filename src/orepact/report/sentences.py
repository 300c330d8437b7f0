"""Sentences that are said later: code that knows no language hands them on, who speaks to somebody says them.

The catalogues gather the first words of ``sentence`` and ``said``, as they do those of ``Voice.say``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from orepact.report.voice import Voice


@runtime_checkable
class Spoken(Protocol):
    """Whatever a language has words for."""

    def in_voice(self, voice: Voice) -> str:
        """The words in a language."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in English with what fills its ``{places}``; a value may be a sentence itself."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def in_voice(self, voice: Voice) -> str:
        """The sentence in a language."""
        return voice.say(self.text, **{name: spoken(value, voice) for name, value in self.values.items()})

    def __str__(self) -> str:
        """In English, numbers as they are: for a terminal.

        >>> str(said("{n} sites", n=3))
        '3 sites'
        """
        return self.text.format(**self.values)


def said(text: str, **values: object) -> Said:
    """A sentence to be said later, with what fills it."""
    return Said(text, values)


def sentence(text: str) -> str:
    """A sentence without values, to be looked up later.

    >>> sentence("Sources")
    'Sources'
    """
    return text


def spoken(value: object, voice: Voice) -> object:
    """A value as a language has it: sentences said, numbers written its way, all else as it is."""
    if isinstance(value, Spoken):
        return value.in_voice(voice)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return voice.number(value)
    return value
