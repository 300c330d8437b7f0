"""``Sides``: one question answered on the shared facts and, for who has one, with an overlay of his organisation beside it.

The shared answer is kept with the program where the facts of the reader are those of the package; all else is a run. A run is of
one organisation and is found by all that its answer rests on, the content of the overlay included: nobody is told of another's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orepact.service import jobs

if TYPE_CHECKING:
    import pandas as pd

    from orepact.service.pact.desk import Desk
    from orepact.service.result import Result

SHARED, OWN = "shared", "own"
DONE = "done"
#: A number that differs by less than this part is the same: kept ones have five digits.
SAME = 1e-4


@dataclass(frozen=True)
class Question:
    """A run as it is asked on the shared facts: ``use_case`` and ``arguments``; ``command``: the command line that says the same.

    ``as_of`` and ``include_unverified`` are what the reader set for the whole site.
    """

    use_case: str
    arguments: Mapping[str, Any]
    command: str
    as_of: str | None = None
    include_unverified: bool = False

    def asked(self, overlay: str = "") -> dict[str, Any]:
        """The arguments of the run, with an overlay (``NAME@VERSION``) or on the shared facts."""
        site = {"as_of": self.as_of, "include_unverified": self.include_unverified, "overlay": overlay}
        return {**self.arguments, **{name: value for name, value in site.items() if value}}

    def command_line(self, overlay: str = "", organisation: str = "") -> str:
        """The command line that gives the same rows; with an overlay that of a run, for who holds the register."""
        if overlay:
            words = [f"{name}={_text(value)}" for name, value in self.asked().items() if value]
            return " ".join(["orepact jobs submit", self.use_case, *words, "--overlay", overlay, "--for", organisation, "--wait"])
        day = f" --as-of {self.as_of}" if self.as_of else ""
        return f"{self.command}{day}{' --include-unverified' if self.include_unverified else ''}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


@dataclass(frozen=True, eq=False)
class Answer:
    """Rows with what they rest on; ``parts``: the components of each, where they have any; ``run``: the one that found them."""

    rows: pd.DataFrame
    parts: pd.DataFrame
    sources: Sequence[Mapping[str, Any]]
    manifest: Mapping[str, Any]
    warnings: Sequence[Any] = ()
    run: str = ""


@dataclass(frozen=True)
class Piece:
    """A side that is not answered yet: ``which`` (``shared`` or ``own``) and the run that works on it, or ended without an answer
    (as ``jobs.show_run`` tells it; None where nobody has asked).
    """

    which: str
    overlay: str = ""
    run: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Sides:
    """The answers that there are, and the pieces that are missing. ``shared`` is the kept one until its run is done."""

    shared: Answer
    own: Answer | None = None
    missing: Sequence[Piece] = field(default_factory=tuple)


def sides(question: Question, kept: Answer, read: Callable[[Result], Answer], desk: Desk, *, fits: bool, overlay: str) -> Sides:
    """Both sides of a question as somebody sees them.

    ``kept``: what the program has, which ``fits`` the facts of the reader or does not; ``read`` makes an answer of a run that is
    done; ``overlay``: one that he may read ("" for none).
    """
    found = {SHARED: kept}
    wanted = [*([] if fits else [SHARED]), *([OWN] if overlay else [])]
    missing = []
    for which in wanted:
        named = overlay if which == OWN else ""
        run = run_of(question, desk, named)
        if run is not None and run.top["run"]["state"] == DONE:
            found[which] = read(run)
        else:
            missing.append(Piece(which, named, None if run is None else run.top["run"]))
    return Sides(found[SHARED], found.get(OWN), tuple(missing))


def run_of(question: Question, desk: Desk, overlay: str = "") -> Result | None:
    """The run that answers a question, works on it or ended without an answer; None where there is none."""
    row = jobs.find_run(question.use_case, question.asked(overlay), desk)
    found: Result | None = jobs.show_run(row["run"], desk) if row else None
    return found


def standing(question: Question, desk: Desk, overlay: str = "") -> tuple[str, ...]:
    """How that run stands, in few words: the same words, the same answer."""
    row = jobs.find_run(question.use_case, question.asked(overlay), desk)
    return () if row is None else tuple(str(row[name]) for name in ("run", "state", "progress", "step"))


def ask(question: Question, found: Sides, desk: Desk) -> None:
    """Put a run in line for each missing side on which nobody works; raises what ``jobs.submit_run`` raises."""
    for piece in found.missing:
        jobs.submit_run(question.use_case, question.asked(piece.overlay), desk)


def differs(shared: pd.Series, own: pd.Series) -> pd.Series:
    """Where two numbers differ beyond what rounding does; one that is known on one side alone differs.

    >>> import pandas as pd
    >>> nan = float("nan")
    >>> differs(pd.Series([100.0, 100.0, nan, nan]), pd.Series([100.001, 101.0, nan, 1.0])).tolist()
    [False, True, False, True]
    """
    far = (own - shared).abs() > SAME * shared.abs()
    return far | (shared.isna() != own.isna())
