"""``slug``: words of people as a part of an id; ``new_id``: the id of a record that somebody makes of them."""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from hashlib import sha256

#: Characters of a digest: five bits each.
DIGITS = 6
#: What a slug of no word begins with.
NOTHING = "record"
_WORDS = re.compile(r"[a-z0-9]+")
_ANY_WORDS = re.compile(r"[^\W_]+")


def slug(text: str, most: int = 60) -> str:
    """The ASCII letters and digits of a text, its words joined by hyphens, of at most ``most`` characters (20 or more).

    Where a letter or a digit was lost (of another script, with an accent, too many), a digest of the whole text follows, so that
    two titles make one slug only where they differ in nothing but case and signs.

    >>> slug("Moa stops, again!"), slug("흑연 2027"), slug("黒鉛 2027")
    ('moa-stops-again', '2027-g5qbfs', '2027-z5ybrl')
    >>> slug("Café"), slug("!?")
    ('cafe-quhx3r', 'record')
    """
    whole = unicodedata.normalize("NFKC", text).casefold()
    found = _in_ascii(text)
    if found == "-".join(_ANY_WORDS.findall(whole)) and len(found) <= most:
        return found or NOTHING
    return _joined(found, digest(whole), most)


def digest(*parts: str) -> str:
    """A few letters that other texts do not have but by a chance of one in a thousand million.

    >>> digest("a", "b") == digest("a b"), digest("a") == digest("a")
    (False, True)
    """
    return b32encode(sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()).decode().casefold()[:DIGITS]


def new_id(*words: str, label: str = "", owner: str = "", salt: tuple[str, ...] = (), most: int = 100) -> str:
    """The id of a new record: its words, and a digest of them and of ``salt``: who makes it, and when.

    It is made without asking which ids are taken, so it tells nobody of a record that he may not know of. What a ``label`` closes
    bears the name of its ``owner`` before it, as the register demands.

    >>> new_id("ca-jp-dialogue", "2027-02-10", salt=("ana", "2026-11-23T20:15:00"))
    'ca-jp-dialogue-2027-02-10-s6jd6y'
    >>> new_id("Moa", label="TLP:AMBER/nrcan", owner="nrcan")
    'nrcan.moa-tzjamp'
    """
    closed = label.startswith(("TLP:AMBER", "TLP:RED"))
    before = f"{owner}.{'red.' if label.startswith('TLP:RED') else ''}" if closed else ""
    return before + _joined(_in_ascii("-".join(words)), digest(*words, *salt), most - len(before))


def _in_ascii(text: str) -> str:
    return "-".join(_WORDS.findall(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()))


def _joined(plain: str, ending: str, most: int) -> str:
    """Words, cut where there are too many, and a digest."""
    kept = plain[: most - len(ending) - 1].strip("-")
    return f"{kept}-{ending}" if kept else f"{NOTHING}-{ending}"
