"""Everything that can go wrong, as one tree.

::

    OrepactError               code, http_status, exit_code
    ├── BadInput               bad_input            422   exit 3   every problem of one input, at once
    ├── NotFound               not_found            404   exit 3   a name that the facts do not know
    ├── NoFeasibleAnswer       no_feasible_answer   409   exit 4   the limits that conflict, by name
    ├── BalanceBroken          balance_broken       500   exit 1   a result that breaks S x + N f + m = d
    ├── SolverFailed           solver_failed        500   exit 1   the solver stopped without an answer
    ├── WorkStopped            work_stopped         503   exit 1   long work ended early; how much is done and how to go on
    ├── Conflict               conflict             409   exit 3   somebody else changed a record meanwhile
    ├── StoreUnavailable       store_unavailable    503   exit 1   the database is gone, full, or held by another writer
    ├── StoreOutdated          store_outdated       409   exit 3   the database waits for `orepact db init` or `upgrade`
    ├── ChainBroken            chain_broken         500   exit 1   the audit log and the register do not fit together
    ├── Unauthorised           unauthorised         401   exit 3   nobody that the service knows, or no longer
    ├── Forbidden              forbidden            403   exit 3   a deed that is not this account's to do
    └── TooMany                too_many             429   exit 1   more asked than one may ask in a time

A ``Problem`` says where, what was expected, what was found and how to mend it. Loaders gather
problems in a ``ProblemCollector`` and raise once, so that a person mends a file in one round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from orepact.wording import PYTHON, worded

#: How much less alike than the nearest a name may be to be named with it.
_WORSE = 0.3
#: Signs that people take for each other in names.
_ALIKE = str.maketrans({"-": "_", " ": "_"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it is, what was expected and found, how to mend it.

    >>> print(Problem("capacity", "a number of at least 0", "-5", "write 0 or more", file="sites.csv", row=3))
    sites.csv, row 3, capacity: expected a number of at least 0, found -5; write 0 or more
    """

    column: str
    expected: str
    found: str
    mend: str
    file: str = ""
    row: int | None = None

    @property
    def where(self) -> str:
        """File, row and column as one readable place; the header of a table is row 1."""
        parts = [self.file, f"row {self.row}" if self.row is not None else "", self.column]
        return ", ".join(part for part in parts if part)

    @property
    def marked(self) -> str:
        """The problem in one line, in which marks stand for what faces say in their own words."""
        return f"{self.where}: expected {self.expected}, found {self.found}; {self.mend}"

    def __str__(self) -> str:
        return worded(self.marked, PYTHON)

    def as_dict(self) -> dict[str, str | int | None]:
        """The problem as plain values, for JSON replies."""
        return {**asdict(self), "where": self.where}


def nearest(name: str, known: Iterable[str], most: int = 3, least: float = 0.5) -> tuple[str, ...]:
    """Of known names those that somebody may have meant, the nearest first: small and capital letters, spaces, - and _ are alike.

    Of names that are equally near the one of the same signs comes first (two of them changed places), then the one that begins
    alike, then that of the nearer length, then by the alphabet.
    ``least``: how alike they must be, from 0 to 1.

    >>> nearest("Lithium hydroxid", ["lithium_carbonate", "lithium_hydroxide"]), nearest("korr", ["NOR", "COR", "KOR"])
    (('lithium_hydroxide',), ('KOR', 'COR', 'NOR'))
    >>> nearest("CNH", ["CAN", "CHN"])
    ('CHN', 'CAN')
    """
    from difflib import SequenceMatcher

    wanted = name.casefold().translate(_ALIKE)
    matcher = SequenceMatcher(b=wanted)
    found = []
    for other in dict.fromkeys(known):
        one = other.casefold().translate(_ALIKE)
        matcher.set_seq1(one)
        signs = matcher.quick_ratio()
        if signs >= least and (alike := matcher.ratio()) >= least:
            found.append((-alike, -signs, -_begins(one, wanted), abs(len(one) - len(wanted)), other))
    found.sort()
    return tuple(other for alike, *_, other in found[:most] if alike <= found[0][0] + _WORSE)


def _begins(one: str, other: str) -> int:
    """With how many signs two texts begin alike."""
    return next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class OrepactError(Exception):
    """Root of all errors that orepact raises on purpose."""

    code = "internal_error"
    http_status = 500
    exit_code = 1


class BadInput(OrepactError):
    """An input that cannot be used; ``problems`` holds everything found wrong with it."""

    code = "bad_input"
    http_status = 422
    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NotFound(OrepactError):
    """A name that the loaded facts do not know, with the nearest names that they do know (in any case)."""

    code = "not_found"
    http_status = 404
    exit_code = 3

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind, self.name = kind, name
        self.close = nearest(name, known)
        hint = f"; {self.meant}" if self.close else ""
        super().__init__(f"{kind} {name!r} is not known{hint}")

    @property
    def meant(self) -> str:
        """The near names as a question; "" for none."""
        return f"did you mean {' or '.join(self.close)}?" if self.close else ""


class NoFeasibleAnswer(OrepactError):
    """No plan keeps every limit; ``conflicts`` names the limits that cannot hold together."""

    code = "no_feasible_answer"
    http_status = 409
    exit_code = 4

    def __init__(self, conflicts: Iterable[str]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("no plan keeps all of these limits together:\n" + "\n".join(f"- {c}" for c in self.conflicts))


class BalanceBroken(OrepactError):
    """A result that does not close ``S x + N f + m = d`` within tolerance: our fault."""

    code = "balance_broken"


class SolverFailed(OrepactError):
    """The solver stopped without an optimal answer (time limit, numerical trouble): our fault."""

    code = "solver_failed"


class WorkStopped(OrepactError):
    """Long work in pieces ended early (a worker died, a cluster vanished): ``done`` of ``wanted`` pieces, kept where
    ``resume`` says.
    """

    code = "work_stopped"
    http_status = 503

    def __init__(self, why: str, *, done: int, wanted: int, resume: str = "") -> None:
        self.why, self.done, self.wanted, self.resume = why, done, wanted, resume
        kept = f"; {resume}" if resume else ""
        super().__init__(f"{why}: {done} of {wanted} are done{kept}")


class Conflict(OrepactError):
    """Records that somebody else changed meanwhile: nothing was kept; ``conflicts`` names each with its version and author."""

    code = "conflict"
    http_status = 409
    exit_code = 3

    def __init__(self, conflicts: Iterable[str]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("nothing was kept, for the register has moved on:\n" + "\n".join(f"- {c}" for c in self.conflicts))


class StoreUnavailable(OrepactError):
    """The database of the register cannot serve now. ``unsure`` when it vanished while a change was being kept, so that nobody
    knows whether it was: read the record before trying again. ``full`` when it has no room: it can be read. ``moved`` when its
    file is not where it was.
    """

    code = "store_unavailable"
    http_status = 503

    def __init__(self, why: str, *, where: str = "", unsure: bool = False, full: bool = False, moved: bool = False) -> None:
        self.why, self.where, self.unsure, self.full, self.moved = why, where, unsure, full, moved
        kept = "; whether the change was kept is not known: read the record before trying again" if unsure else ""
        super().__init__(f"{why}{f' ({where})' if where else ''}{kept}")


class StoreOutdated(OrepactError):
    """The database holds no register yet, or one of another form than this program's."""

    code = "store_outdated"
    http_status = 409
    exit_code = 3


class ChainBroken(OrepactError):
    """The audit log does not close, or the register is not what the log says: ``breaks`` names the places."""

    code = "chain_broken"

    def __init__(self, breaks: Iterable[str]) -> None:
        self.breaks = tuple(breaks)
        super().__init__("the register was changed past its audit log:\n" + "\n".join(f"- {b}" for b in self.breaks))


class Unauthorised(OrepactError):
    """Who asks is not known to the service: no account, or what was shown of one is wrong, ended, used up: never which."""

    code = "unauthorised"
    http_status = 401
    exit_code = 3


class Forbidden(OrepactError):
    """An account asked for a deed that is not its to do; said in the same words whether or not the thing is there.

    ``problems``: where several things were sent, what is not its to do, one by one.
    """

    code = "forbidden"
    http_status = 403
    exit_code = 3

    def __init__(self, why: str, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(why)


class TooMany(OrepactError):
    """More was asked than one may ask in a time; ``retry_after``: seconds to wait."""

    code = "too_many"
    http_status = 429

    def __init__(self, why: str, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"{why}: try again in {max(1, round(retry_after))} s")


@dataclass
class ProblemCollector:
    """Gathers problems of one input and raises them together.

    >>> found = ProblemCollector("demand.csv")
    >>> found.add("quantity", "a number", "'many'", "write a number", row=2)
    >>> len(found)
    1
    """

    file: str = ""
    problems: list[Problem] = field(default_factory=list)

    def add(self, column: str, expected: str, found: str, mend: str, *, row: int | None = None, file: str = "") -> None:
        """Note one problem and go on."""
        self.problems.append(Problem(column, expected, found, mend, file or self.file, row))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems that another check found."""
        self.problems.extend(problems)

    def raise_if_any(self) -> None:
        """Raise ``BadInput`` with every problem, or return when there is none."""
        if self.problems:
            raise BadInput(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)
