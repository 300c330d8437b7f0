"""``Voice``: a language in which pages are written: its words, dates, numbers and lists.

Sentences stand in English in the code and are looked up in the catalogues under ``data/locale``; what a catalogue lacks stays in
English. ``tools.compile.catalogues`` gathers the sentences and makes the catalogues anew.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Literal

from orepact.errors import NotFound
from orepact.report.sentences import sentence
from orepact.report.words import DASH

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "orepact"
#: Languages with a catalogue, each by its own name.
LANGUAGES = {"en": "English", "fr": "Français", "ja": "日本語", "ko": "한국어"}
#: What stands between parts side by side, where it is not a comma and a space.
SEPARATORS = {"ja": "、"}
#: Words of units that differ by language; all others are signs.
UNITS = {
    "bn USD": sentence("bn USD"),
    "m USD": sentence("m USD"),
    "million USD": sentence("million USD"),
    "USD": sentence("USD"),
    "million CAD": sentence("million CAD"),
    "days": sentence("days"),
    "vehicle": sentence("vehicle"),
    "vehicle/y": sentence("vehicle/y"),
}
#: Units that are counted, as they stand behind a number.
COUNTED = {"vehicle": sentence("vehicles"), "vehicle/y": sentence("vehicles/y")}
#: Where money is counted in steps of ten thousand: dollars of a unit, and the steps that people say, the larger first.
DOLLARS = {"bn USD": 1e9, "m USD": 1e6, "million USD": 1e6}
STEPS = {"ja": ((1e8, "億米ドル"), (1e4, "万米ドル")), "ko": ((1e8, "억 달러"), (1e4, "만 달러"))}
_HALF = re.compile(r"(\d{4})-H([12])")


@cache
def _catalogue(language: str) -> NullTranslations:
    from gettext import NullTranslations, translation

    if language == "en":
        return NullTranslations()
    with as_file(files("orepact").joinpath("data/locale")) as folder:
        return translation(DOMAIN, folder, [language])


@dataclass(frozen=True)
class Voice:
    """One of ``LANGUAGES``."""

    language: str

    @classmethod
    def of(cls, language: str) -> Voice:
        """The voice of a language; raises ``NotFound`` for one without a catalogue."""
        if language not in LANGUAGES:
            raise NotFound("language", language, LANGUAGES)
        return cls(language)

    @property
    def locale(self) -> str:
        """How dates, numbers and lists are written."""
        return "en_GB" if self.language == "en" else self.language

    @cached_property
    def _words(self) -> NullTranslations:
        return _catalogue(self.language)

    def say(self, sentence: str, **values: object) -> str:
        """A sentence with its ``{places}`` filled.

        >>> Voice("fr").say("Draft agenda"), Voice("en").say("due {day}", day="today")
        ("Projet d'ordre du jour", 'due today')
        """
        return self.translated(sentence).format(**values)

    def translated(self, sentence: str) -> str:
        """The words of a sentence, with its ``{places}`` as they are."""
        return self._words.gettext(sentence) if sentence else ""

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence about a number of things, in the form that the language has for that number.

        >>> Voice("en").count("{n} day", "{n} days", 2)
        '2 days'
        """
        return self._words.ngettext(one, many, number).format(n=self.number(number), **values)

    def number(self, value: float | None) -> str:
        """Three digits that count, whole numbers whole; a dash for nothing.

        >>> Voice("en").number(1234.56), Voice("fr").number(0.04567), Voice("ko").number(None)
        ('1,230', '0,0457', '–')
        """
        from babel.numbers import format_decimal

        if value is None or not math.isfinite(value):
            return DASH
        kept = value if isinstance(value, int) else float(f"{value:.3g}")
        return str(format_decimal(kept, locale=self.locale, decimal_quantization=False))

    def share(self, value: float | None) -> str:
        """A fraction in per cent.

        >>> Voice("en").share(0.7512), Voice("ja").share(0.9)
        ('75.1%', '90%')
        """
        from babel.numbers import format_percent

        if value is None or not math.isfinite(value):
            return DASH
        return str(format_percent(float(f"{value:.3g}"), locale=self.locale, decimal_quantization=False))

    def amount(self, value: float | None, unit: str) -> str:
        """A number with its unit; what has unit 1 is a share.

        >>> Voice("fr").amount(600, "GWh/y").split(), Voice("en").amount(0.75, "1"), Voice("en").amount(None, "t")
        (['600', 'GWh/an'], '75%', '–')
        >>> Voice("en").amount(1200, "vehicle").split(), Voice("ko").amount(2, "vehicle").split()
        (['1,200', 'vehicles'], ['2', '대'])
        """
        if value is None:
            return DASH
        if unit == "1":
            return self.share(value)
        for step, words in STEPS.get(self.language, ()) if unit in DOLLARS else ():
            if abs(value * DOLLARS[unit]) >= step:
                return f"{self.number(value * DOLLARS[unit] / step)}{words}"
        words = self.translated(COUNTED[unit]) if unit in COUNTED else self.unit(unit)
        return f"{self.number(value)}\N{NO-BREAK SPACE}{words}"

    def unit(self, unit: str) -> str:
        """A unit as the language writes it.

        >>> Voice("fr").unit("GWh/y"), Voice("en").unit("bn USD"), Voice("en").unit("kg CO2e")
        ('GWh/an', 'bn USD', 'kg CO2e')
        """
        return self.translated(UNITS[unit]) if unit in UNITS else unit.replace("/y", self.say("/y"))

    def day(self, day: date | None) -> str:
        """A day in words; a dash for none.

        >>> Voice("en").day(date(2026, 8, 26)), Voice("ja").day(date(2026, 8, 26))
        ('26 August 2026', '2026年8月26日')
        """
        from babel.dates import format_date

        if day is None:
            return DASH
        return str(format_date(day, "long", locale=self.locale))

    def when(self, text: str | None) -> str:
        """A date as documents give it: a year, a half-year, a month or a day.

        >>> Voice("en").when("2026-H2"), Voice("fr").when("2024-03"), Voice("ko").when("2030")
        ('second half of 2026', 'mars 2024', '2030년')
        """
        from babel.dates import format_skeleton

        if not text:
            return DASH
        half = _HALF.fullmatch(text)
        if half:
            first, second = self.say("first half of {year}", year=half[1]), self.say("second half of {year}", year=half[1])
            return first if half[2] == "1" else second
        if len(text) == len("2026-08-26"):
            return self.day(date.fromisoformat(text))
        year, month = int(text[:4]), int(text[5:7] or 1)
        return str(format_skeleton("yMMMM" if len(text) > len("2026") else "y", date(year, month, 1), locale=self.locale))

    def sentences(self, said: Iterable[str]) -> str:
        """Sentences one after the other; what is empty is left out.

        >>> Voice("en").sentences(["One.", "", "Two."]), Voice("ja").sentences(["一。", "二。"])
        ('One. Two.', '一。二。')
        """
        return ("" if self.language == "ja" else " ").join(each for each in said if each)

    def series(self, parts: Iterable[str]) -> str:
        """Parts side by side, as the language separates them; a dash for none.

        >>> Voice("en").series(["9 July 2025", "26 August 2026"]), Voice("ja").series(["1", "2"]), Voice("ko").series([])
        ('9 July 2025, 26 August 2026', '1、2', '–')
        """
        return SEPARATORS.get(self.language, ", ").join(parts) or DASH

    def listed(self, names: Iterable[str], *, style: Literal["standard", "or"] = "standard") -> str:
        """Names as a phrase, joined by "and" (or by "or"); a dash for none.

        >>> Voice("en").listed(["METI", "NRCan"]), Voice("fr").listed(["METI", "RNCan"], style="or")
        ('METI and NRCan', 'METI ou RNCan')
        """
        from babel.lists import format_list

        parts = [*names]
        return str(format_list(parts, style=style, locale=self.locale)) if parts else DASH
