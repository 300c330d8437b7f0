"""``Said``: a sentence still to be said: English words with named places, and values that languages write their own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from orepact.report.words import uncapped

if TYPE_CHECKING:
    from orepact.report.voice import Voice


class Value(Protocol):
    """What stands in a place of a sentence."""

    def in_voice(self, voice: Voice) -> str:
        """The value as a language writes it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the whole, in whole per cent unless it is ``exact``, or nearly nothing or all: neither is said of what is not.

    >>> from orepact.report.voice import Voice
    >>> [Share(value).in_voice(Voice("en")) for value in (0.751, 0.9968, 1.0, 0.0031)]
    ['75%', '99.7%', '100%', '0.31%']
    """

    value: float
    exact: bool = False

    def in_voice(self, voice: Voice) -> str:
        """The share in per cent."""
        rounded = round(self.value, 2)
        return voice.share(self.value if self.exact or rounded in {0, 1} else rounded)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit ("" for none)."""

    value: float
    unit: str = ""

    def in_voice(self, voice: Voice) -> str:
        """Three digits that count, and the unit."""
        return voice.amount(self.value, self.unit) if self.unit else voice.number(self.value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as documents give it: a year, a half-year, a month or a day."""

    text: str

    def in_voice(self, voice: Voice) -> str:
        """The date in words."""
        return voice.when(self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a province by its id; ``title``: what it is called in English, and where a language has no name of its own."""

    id: str
    title: str

    def in_voice(self, voice: Voice) -> str:
        """The name of a country in the language; of a province as the catalogues have it."""
        from babel import Locale
        from babel.core import get_global

        short = get_global("territory_aliases").get(self.id, ()) if voice.language != "en" else ()
        return str(Locale.parse(voice.locale).territories.get(short[0], self.title)) if short else voice.say(self.title)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the code lists, by its English title, which the catalogues hold: a good, an element, a stage, a state."""

    title: str
    first: bool = False

    def in_voice(self, voice: Voice) -> str:
        """The word in the language as it stands within a sentence (``first``: at its head), without what is in brackets."""
        return self.whole(voice) if self.first else uncapped(self.whole(voice))

    def whole(self, voice: Voice) -> str:
        """The word as it stands by itself."""
        return voice.say(self.title.partition(" (")[0])


@dataclass(frozen=True, slots=True)
class Named:
    """A name as records give it, in the languages that it has."""

    title: str
    titles: Mapping[str, str] = field(default_factory=dict)

    def in_voice(self, voice: Voice) -> str:
        """The name in the language, else in English."""
        return self.titles.get(voice.language, self.title)


@dataclass(frozen=True, slots=True)
class Several:
    """Values side by side; ``either``: one of them."""

    values: tuple[Value, ...]
    either: bool = False

    def in_voice(self, voice: Voice) -> str:
        """The values as a phrase."""
        return voice.listed((one.in_voice(voice) for one in self.values), style="or" if self.either else "standard")


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences to be said one after the other: each an English sentence and the values of its places."""

    parts: tuple[tuple[str, Mapping[str, Value]], ...] = ()

    def __add__(self, other: Said) -> Said:
        return Said((*self.parts, *other.parts))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def in_voice(self, voice: Voice) -> str:
        """The sentences in a language; "" for none.

        >>> from orepact.report.voice import Voice
        >>> say("Rule: {rule}.", rule=Named("yearly", {"fr": "chaque année"})).in_voice(Voice("fr")).split()
        ['Règle', ':', 'chaque', 'année.']
        """
        told = (
            voice.say(words, **{name: value.in_voice(voice) for name, value in values.items()}) for words, values in self.parts
        )
        return voice.sentences(told)


#: Nothing to say.
SILENCE = Said()


def say(sentence: str, **values: Value) -> Said:
    """A sentence to be said; its English words are gathered for the catalogues."""
    return Said(((sentence, values),))


def joined(said: Iterable[Said]) -> Said:
    """Sentences one after the other."""
    return Said(tuple(part for one in said for part in one.parts))
