"""``folded`` and ``searched``: names as they are compared, and texts as they are searched, whatever the case, width, accents or
the way their letters were put together.
"""

from __future__ import annotations

import re
import unicodedata

#: Latin letters with accents. Marks of other scripts stay: they make another letter (か and が, и and й).
_ACCENTS = re.compile("([A-Za-z])[\u0300-\u036f]+")
_BETWEEN = re.compile(r"[\W_]+")
#: What parts words in a text that is searched: who writes ``nickel_class1`` or ``40%`` means just that.
_BETWEEN_SEARCHED = re.compile(r"[^\w%]+")
_LETTER = re.compile(r"[^\W_]")


def folded(text: str) -> str:
    """The text for comparing: one case, one width, no Latin accents, words parted by one space.

    Letters of one syllable count as the syllable, half-width katakana as katakana.

    >>> folded("  Ministère de l’Économie"), folded("ＭＥＴＩ"), folded("ｶﾞｽ") == "ガス"
    ('ministere de l economie', 'meti', True)
    """
    return _BETWEEN.sub(" ", _one_form(text)).strip()


def searched(text: str) -> str:
    """The same for searching, where ``_`` and ``%`` are letters like others: they stand for nothing else.

    >>> searched("Nickel_Class1, 40 %"), searched("Ni-ckel ４０％")
    ('nickel_class1 40 %', 'ni ckel 40%')
    """
    return _BETWEEN_SEARCHED.sub(" ", _one_form(text)).strip()


def says(text: str) -> bool:
    """Whether a text has a letter or a digit to search for.

    >>> says("니켈"), says("_ %")
    (True, False)
    """
    return _LETTER.search(text) is not None


def _one_form(text: str) -> str:
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    joined = unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", apart))
    return unicodedata.normalize("NFKC", joined.casefold())
