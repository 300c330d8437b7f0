"""``Register``: records together, with what they say of each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from orepact.errors import BadInput, NotFound, Problem, nearest

if TYPE_CHECKING:
    from orepact.pact.records.fields import Link
    from orepact.pact.records.record import Brief, Record

AnyRecord = TypeVar("AnyRecord", bound="Record")
AnyBrief = TypeVar("AnyBrief", bound="Brief")
Found = TypeVar("Found")
Key = tuple[str, str]


def _names(problem: Problem, name: str) -> bool:
    """Whether a problem rests on a name."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{problem.expected} {problem.found}") is not None


@dataclass(frozen=True, eq=False)
class Register:
    """Records by kind and id. It is never changed: ``plus`` gives another one."""

    records: Mapping[Key, Record]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Register:
        """Records as a register; raises ``BadInput`` when two of a kind have one id."""
        found: dict[Key, Record] = {}
        problems = []
        for record in records:
            key = (record.kind, record.id)
            if key in found:
                problems.append(Problem("id", f"one {record.kind} of each id", f"{record.id} twice", "rename one of them"))
            found[key] = record
        if problems:
            raise BadInput(problems)
        return cls(found)

    def __len__(self) -> int:
        return len(self.records)

    def __contains__(self, key: object) -> bool:
        return key in self.records

    def all(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        """Every record of a kind, in the order in which they came."""
        return [record for record in self._by_kind.get(kind.kind, ()) if isinstance(record, kind)]

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.records.values():
            found[record.kind].append(record)
        return found

    def once(self, rule: Callable[[Register], Found]) -> Found:
        """What a rule says of the whole register: worked out when first asked, as checks ask it for each record."""
        if rule not in self._answers:
            self._answers[rule] = rule(self)
        return self._answers[rule]  # type: ignore[no-any-return]  # the rule's own answer

    @cached_property
    def _answers(self) -> dict[Callable[[Register], Any], Any]:
        return {}

    def get(self, kind: type[AnyRecord], name: str) -> AnyRecord:
        """One record; raises ``NotFound`` with the nearest names."""
        found = self.records.get((kind.kind, name))
        if not isinstance(found, kind):
            raise NotFound(kind.kind, name, [record.id for record in self.all(kind)])
        return found

    def several(self, kind: type[AnyRecord], names: Collection[str]) -> list[AnyRecord]:
        """Several records of a kind; raises ``NotFound`` for the first that is not there."""
        return [self.get(kind, name) for name in names]

    def there(self, keys: Collection[Key]) -> dict[Key, Record]:
        """Those of some records, by kind and id, that are there."""
        return {key: self.records[key] for key in keys if key in self.records}

    def plus(self, records: Iterable[Record]) -> Register:
        """The register with these records in place of those of the same kind and id."""
        return Register({**self.records, **{(record.kind, record.id): record for record in records}})

    @cached_property
    def pointing(self) -> Mapping[str, list[tuple[Record, Link]]]:
        """Id of a record to every record that refers to it, and how."""
        found: dict[str, list[tuple[Record, Link]]] = defaultdict(list)
        for record in self.records.values():
            for link in record.links():
                found[link.target].append((record, link))
        return found

    def referring(self, kind: type[AnyRecord], target: str, relation: str = "") -> list[AnyRecord]:
        """The records of a kind that refer to a record (by one relation where it is named), each once, by id."""
        named = (record for record, link in self.pointing.get(target, ()) if relation in ("", link.relation))
        found = {record.id: record for record in named if isinstance(record, kind)}
        return [found[name] for name in sorted(found)]

    def in_brief(
        self,
        kind: type[AnyRecord],
        brief: type[AnyBrief],  # noqa: ARG002  a register in memory has all of them whole
        target: str,
    ) -> Sequence[AnyRecord | AnyBrief]:
        """The same for rules that read either: in brief where they are kept so, which takes a tenth of the time."""
        return self.referring(kind, target)

    def problems(self, of: Iterable[Record] | None = None) -> Iterator[Problem]:
        """Everything that is wrong with the records (with some of them): references to what is not there, and what each kind
        forbids.
        """
        for record in self.records.values() if of is None else of:
            strange = self._strange(record.links())
            yield from (self._nowhere(f"{record.kind} {record.id}", link) for link in strange)
            for problem in record.problems(self):
                # what is wrong because of a name that nobody knows is told once, of the name
                if not any(_names(problem, link.target) for link in strange):
                    yield problem

    def dangling(self, where: str, links: Iterable[Link]) -> Iterator[Problem]:
        """A problem for each reference that leads nowhere."""
        yield from (self._nowhere(where, link) for link in self._strange(links))

    def _strange(self, links: Iterable[Link]) -> list[Link]:
        return [link for link in links if not any((kind, link.target) in self.records for kind in link.kinds)]

    def _nowhere(self, where: str, link: Link) -> Problem:
        names = [name for kind, name in self.records if kind in link.kinds]
        near = nearest(link.target, names, least=0.6)
        mend = f"did you mean {', '.join(near)}?" if near else "add the record or mend the id"
        return Problem(f"{where}, {link.relation}", f"the id of a known {' or '.join(link.kinds)}", repr(link.target), mend)

    def check(self) -> Register:
        """The register itself; raises ``BadInput`` with every problem."""
        found = [*self.problems()]
        if found:
            raise BadInput(found)
        return self
