"""What people and programs ask of the service: a seeded mix of reads, with the share of each and why.

Shares are those of a week in which a secretariat, ministries and companies work with the register: mostly one record, or a list
that narrows down to what is one's own, often the same as an hour ago; searches and boards when somebody prepares a meeting; facts
and measures beside a file that is being written. Nobody has counted it; a register that serves for months will know better.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import quote

from benchmarks.register_rows import ARTICLES, BODIES, INSTRUMENTS, OWNERS

#: Words of the made-up titles in three scripts, common and rare, and what is in none.
WORDS = (
    "니켈", "프레이저", "硫酸", "フレーザー渓谷", "graphite", "fraser valley", "전구체 공장", "workshop 코발트", "cobalt",
    "agree a standard", "nothing like it",
)  # fmt: skip
THINGS, PLACES = ("lithium", "nickel", "cobalt", "graphite", "manganese"), ("CAN", "JPN", "KOR", "USA", "CHN")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the name of its share, and the address."""

    name: str
    path: str


@dataclass
class Mix:
    """Questions drawn with a seed. ``near``: how many of them are about the few records that everybody looks at."""

    commitments: int
    projects: int
    seed: int = 1
    near: float = 0.6
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)

    def questions(self) -> Iterator[Asked]:
        """Without end."""
        names, each = [*SHARES], [*accumulate(share for share, _, _ in SHARES.values())]
        while True:
            name = self.draw.choices(names, cum_weights=each)[0]
            yield Asked(name, f"/api/v1{SHARES[name][2](self)}")

    def one(self, most: int, few: int) -> int:
        """One of so many: often one of a few."""
        return self.draw.randrange(min(few, most)) if self.draw.random() < self.near else self.draw.randrange(most)

    def record(self) -> str:
        """The kind and id of one that is long in the register."""
        if self.draw.random() < 0.8:
            return f"commitment/commitment-{self.one(self.commitments, 200):06d}"
        return f"project/project-{self.one(self.projects, 50):06d}"

    def instrument(self) -> str:
        """The id of one."""
        return f"instrument-{self.one(INSTRUMENTS, 6)}"

    def owner(self) -> str:
        """The id of one."""
        return f"organisation-{self.one(OWNERS, 12)}"

    def body(self) -> str:
        """The id of one."""
        return f"{self.instrument()}-body-{self.draw.randrange(BODIES)}"

    def article(self) -> str:
        """An article of one, as a list asks for it."""
        name = self.instrument()
        return f"instrument={name}&article={quote(f'{name}:area-{self.draw.randrange(ARTICLES)}')}"

    def kinds(self) -> str:
        """One kind, or both of which there are many."""
        return self.draw.choice(("kind=commitment", "kind=project", "kind=commitment&kind=project"))

    def words(self) -> str:
        """What somebody looks for: mostly words, now and then the number of something."""
        said = self.draw.choice(WORDS) if self.draw.random() < 0.7 else str(self.draw.randrange(self.commitments))
        return quote(said)

    def choice(self, *of: str) -> str:
        """One of these."""
        return self.draw.choice(of)


#: Name: its share of a hundred, why, and how its address is made.
SHARES: dict[str, tuple[float, str, Callable[[Mix], str]]] = {
    "record": (22, "a page of one record, from a list or a link", lambda m: f"/records/{m.record()}"),
    "history": (3, "who changed it, when and why", lambda m: f"/records/{m.record()}/history"),
    "list_instrument": (
        10,
        "the page of an instrument",
        lambda m: f"/records?{m.kinds()}&instrument={m.instrument()}&order={m.choice('id', 'due', 'title')}&limit=50",
    ),
    "list_owner": (9, "one's own work, by due date", lambda m: f"/records?kind=commitment&owner={m.owner()}&order=due&limit=50"),
    "list_article": (5, "what serves an article", lambda m: f"/records?kind=commitment&{m.article()}&limit=50"),
    "list_state": (
        5,
        "what is open, or done",
        lambda m: f"/records?kind=commitment&state={m.choice('open', 'done', 'withdrawn')}&limit=50",
    ),
    "list_overdue": (
        4,
        "what is late of an organisation",
        lambda m: f"/records?kind=commitment&overdue=true&owner={m.owner()}&order=due&limit=50",
    ),
    "list_changed": (3, "what is new", lambda m: f"/records?{m.kinds()}&order=changed&limit=50"),
    "search": (6, "somebody looks for words, in any language", lambda m: f"/search?search={m.words()}&kind=commitment&limit=50"),
    "counts": (
        5,
        "the figures on a first page",
        lambda m: f"/counts?by={m.choice('kind', 'state&by=kind', 'owner', 'instrument&by=state')}&instrument={m.instrument()}",
    ),
    "counts_all": (1, "the same of all instruments", lambda m: f"/counts?by={m.choice('kind', 'instrument', 'state')}"),
    "scoreboard": (5, "the board of an instrument, before a meeting", lambda m: f"/instruments/{m.instrument()}/scoreboard"),
    "instrument": (3, "one instrument", lambda m: f"/instruments/{m.instrument()}"),
    "agenda": (3, "the draft for the next meeting of a body", lambda m: f"/bodies/{m.body()}/agenda"),
    "chairs": (2, "who chairs", lambda m: f"/bodies/{m.body()}/chairs"),
    "facts": (
        5,
        "a figure for a note",
        lambda m: f"/facts?attribute=mine_production&thing={m.choice(*THINGS)}&place={m.choice(*PLACES)}&limit=50",
    ),
    "measures": (
        2,
        "how concentrated supply is",
        lambda m: f"/measures/concentration?thing={m.choice(*THINGS)}&stage=mine&year=2023",
    ),
    "sources": (1, "what stands behind it", lambda _: "/sources"),
    "me": (4, "each page asks who is logged in", lambda _: "/me"),
    "audit": (1, "what happened lately", lambda _: "/audit?limit=50"),
}
