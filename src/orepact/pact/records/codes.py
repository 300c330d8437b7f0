"""Lists that governments extend without code: kinds of instruments, areas and forms of cooperation, ranks, states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from orepact.errors import Problem
from orepact.pact.records.record import Entry, Identifier, Record
from orepact.pact.records.references import DecisionId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Code(Record):
    """One entry of a list: its id is ``LIST:NAME``. ``order`` ranks the entries of an ordered list (high is high)."""

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
        from orepact.pact.decisions.proposals import undecided

        if self.id != f"{self.list}:{self.name}":
            yield Problem(f"code {self.id}, id", f"{self.list}:NAME", repr(self.id), "start the id with its list and a colon")
        yield from undecided(self, register)


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
