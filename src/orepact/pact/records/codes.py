"""Lists that governments extend without code: kinds of instruments, areas and forms of cooperation, ranks, states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from orepact.errors import Problem, nearest
from orepact.pact.records.record import Entry, Identifier, Record
from orepact.pact.records.references import DecisionId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


@runtime_checkable
class Warrant(Protocol):
    """What a code needs of the decision that it names."""

    def undecided(self, code: Code) -> Iterator[Problem]:
        """What is wrong with the code when this is the decision that brought it."""


class Code(Record):
    """An entry of a list that grows by decision. Its id is ``LIST:NAME``. ``order`` ranks those of an ordered list."""

    kind: ClassVar[str] = "code"

    list: Identifier
    order: int = 0
    description: str = ""
    decision: DecisionId | None = None

    @property
    def name(self) -> str:
        """The entry without its list."""
        return self.id.partition(":")[2]

    def entry(self) -> Entry:
        """Its state is its list."""
        return Entry(self.title, state=self.list)

    def problems(self, register: Register) -> Iterator[Problem]:
        """An id that does not say its list, a decision that did not pass or was on something else."""
        if self.id != f"{self.list}:{self.name}":
            yield Problem(f"code {self.id}, id", f"{self.list}:NAME", repr(self.id), "start the id with its list and a colon")
        decision: object = register.records.get(("decision", self.decision or ""))
        if isinstance(decision, Warrant):
            yield from decision.undecided(self)

    @property
    def meaning(self) -> tuple[str, str, int, str, str]:
        """What the sides decide of a code; its translations, sources and notes may change without them."""
        return self.id, self.list, self.order, self.title, self.description

    def forbidden(self, before: Record | None) -> Iterator[Problem]:
        """A code that is new, or means something else than before, without a decision of the sides."""
        if self.decision is not None:
            return
        if not isinstance(before, Code) or before.meaning != self.meaning or before.decision is not None:
            found = "none" if before is None else "a change without one"
            mend = "ask the sides for a decision on it, and add it when they have approved"
            yield Problem(f"code {self.id}, decision", "a decision of the sides", found, mend)


def known(register: Register, list_: str) -> dict[str, Code]:
    """The entries of a list by name."""
    return {code.name: code for code in register.all(Code) if code.list == list_}


def unknown(register: Register, where: str, list_: str, name: str) -> Iterator[Problem]:
    """A problem when a list does not know a name: a new entry needs a decision, not code."""
    code = register.records.get(("code", f"{list_}:{name}"))
    if not isinstance(code, Code) or code.list != list_:
        names = known(register, list_)
        mend = f"take one of {', '.join(sorted(names))}, or add {list_}:{name} by a decision of both sides"
        yield Problem(where, f"an entry of the list {list_}", repr(name), mend)


def strange_list(register: Register, where: str, code: Code) -> Iterator[Problem]:
    """A problem when a code is of a list that nothing reads: a slip of the pen would make a new one."""
    lists = sorted({known.list for known in register.all(Code)})
    if code.list not in lists:
        near = nearest(code.list, lists, least=0.6)
        guess = f"did you mean {', '.join(near)}? " if near else ""
        mend = f"{guess}take one of {', '.join(lists)}"
        yield Problem(f"{where}, list", "a list that there is", repr(code.list), mend)
