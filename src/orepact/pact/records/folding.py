"""``folded``: names as they are compared, whatever the case, width, accents or the way their letters were put together."""

from __future__ import annotations

import re
import unicodedata

#: Latin letters with accents. Marks of other scripts stay: they make another letter (か and が, и and й).
_ACCENTS = re.compile("([A-Za-z])[\u0300-\u036f]+")
_BETWEEN = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """The text for comparing: one case, one width, no Latin accents, words parted by one space.

    Letters of one syllable count as the syllable, half-width katakana as katakana.

    >>> folded("  Ministère de l’Économie"), folded("ＭＥＴＩ"), folded("ｶﾞｽ") == "ガス"
    ('ministere de l economie', 'meti', True)
    """
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    joined = unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", apart))
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", joined.casefold())).strip()
