"""What pages are drawn with: style sheets, small scripts and Plotly, below an address that changes with their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files

#: By ending, what a browser is told that it is.
MEDIA = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
}
PLOTLY = "plotly.min.js"
PREFIX = "/static/"
_STYLES = re.compile(rb'getElementById\("([0-9a-f]{64})"\)')
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers."""

    name: str
    content: bytes

    @property
    def media(self) -> str:
        """What it is."""
        return MEDIA[self.name.rpartition(".")[2]]


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name."""
    folder = files("orepact.web.pages").joinpath("static")
    own = [each for each in folder.iterdir() if each.name.rpartition(".")[2] in MEDIA]
    plotly = files("plotly").joinpath("package_data", PLOTLY)
    return {each.name: Asset(each.name, each.read_bytes()) for each in [*own, plotly]}


@cache
def edition() -> str:
    """What stands for the bytes of all of them: part of their address, so that browsers may keep them for good."""
    digest = sha256()
    for name, one in sorted(assets().items()):
        digest.update(name.encode() + b"\0" + sha256(one.content).digest())
    return digest.hexdigest()[:16]


def place(name: str) -> str:
    """The address of a file; raises ``KeyError`` for one that is not there."""
    return f"{PREFIX}{edition()}/{assets()[name].name}"


def found(path: str) -> Asset | None:
    """The file at an address; None where there is none, or another edition of it."""
    whole, _, name = path.removeprefix(PREFIX).partition("/")
    return assets().get(name) if whole == edition() else None


@cache
def plotly_styles() -> tuple[str, ...]:
    """The ids of style sheets that Plotly writes into a page that has nothing of that id: of maps that no page here draws, and
    which the policy does not let in.
    """
    return tuple(sorted({name.decode() for name in _STYLES.findall(assets()[PLOTLY].content)}))


@cache
def packed(name: str) -> bytes:
    """The bytes of a file, packed with gzip."""
    return compress(assets()[name].content, 6, mtime=0)
