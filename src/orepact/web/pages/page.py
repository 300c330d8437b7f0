"""``Page``: one page as data: where it is, what may be asked of it, the function that answers, its template, its forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from orepact.report.sentences import Said, sentence
from orepact.service.asked import Day

if TYPE_CHECKING:
    from orepact.web.edge.callers import Caller
    from orepact.web.pages.shown import Shown
    from orepact.web.pages.visit import Visit

_IN_PATH = re.compile(r"\{([a-z_]+)\}")
#: Where pages are found, in the order of the navigation.
TABS = {
    "tower": (sentence("Tower"), "/tower"),
    "atlas": (sentence("Atlas"), "/atlas"),
    "dependence": (sentence("Dependence"), "/dependence"),
    "plans": (sentence("Plans"), "/plans"),
    "shocks": (sentence("Shocks"), "/shocks"),
    "incidents": (sentence("Incidents"), "/incidents"),
    "projects": (sentence("Projects"), "/projects"),
    "pact": (sentence("Pact"), "/pact"),
    "data": (sentence("Data"), "/data"),
}
#: What is said of a form with a secret that is sent again.
BEFORE = sentence("This was done before. What is secret of it was told then, and is not told again.")


class Asked(BaseModel):
    """What may stand in the address of every page after the question mark; a page with more makes a class of its own of it.

    Names that a page does not know are passed over, and it says so; what is empty is not given. ``table``: the one that a file
    holds; ``of`` and ``page``: the table of which another page than the first is shown.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    as_of: Day | None = None
    include_unverified: bool = False
    wall: bool = False
    done: str = ""
    table: str = Field(default="", max_length=60)
    of: str = Field(default="", max_length=60)
    page: int = Field(default=1, ge=1, le=10**6)


class Filled(BaseModel):
    """The fields of a form, as the one who sent it filled them in; what is empty is not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Elsewhere(Exception):
    """What is asked is on another page: ``to``, a path without language."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What comes of a form: ``to``, a path (without language) that shows what was done; or ``shown``, told this once and kept
    nowhere. ``session``: the secret of a session that begins, "" for one that ends; ``caller``: who acts in it.
    """

    to: str = ""
    shown: Shown | None = None
    session: str | None = None
    caller: Caller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a page. ``send`` asks one use case; ``deed``: what it is in the table of deeds; ``done``: the sentence that the
    page says afterwards; ``once``: it writes to the register, and sent twice it is done once; ``secret``: so is one that changes
    no record and tells a secret, which is told the first time alone.
    """

    name: str
    fields: type[Filled]
    send: Callable[[Visit, Any], Sent]
    deed: str = "write"
    done: str = sentence("Done.")
    once: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. ``path`` without language; its ``{names}`` are fields of ``asked`` too. ``use`` gives what is shown; ``title``: a
    sentence, for pages whose ``Shown`` has none.

    ``kept``: to all who hold the same, whatever their accounts are called, the same is told for as long as register, facts and
    minute stand. ``alike``: it tells of the facts alone, and to all who are shown the same of them the same, whoever they are.
    ``rests_on``: what else the answer to a visit hangs on; None where it is alike to all who are shown the same.
    ``private``: secrets are shown or typed: only over https, or on this machine.
    """

    path: str
    name: str
    title: str | Said
    use: Callable[[Visit], Shown]
    template: str
    asked: type[Asked] = Asked
    deed: str = "read"
    tab: str = ""
    forms: tuple[Form, ...] = ()
    kept: bool = True
    alike: bool = False
    private: bool = False
    rests_on: Callable[[Visit], Hashable] | None = None

    @property
    def in_path(self) -> tuple[str, ...]:
        """The names in its path.

        >>> Page(path="/records/{kind}/{record}", name="record", title="", use=print, template="").in_path
        ('kind', 'record')
        """
        return tuple(_IN_PATH.findall(self.path))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the paths of it look like."""
        parts = re.split(r"(\{[a-z_]+\})", self.path)
        return re.compile("".join(f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in parts))

    def form(self, name: str) -> Form | None:
        """The form of a name; the only one where none is named."""
        if not name and len(self.forms) == 1:
            return self.forms[0]
        return next((form for form in self.forms if form.name == name), None)
