"""``Study``: everything that the loss of a member depends on, small enough to be sent to a worker."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from orepact._version import __version__
from orepact.chain.manifest import hash_network
from orepact.shock.ensemble.block import worth_of
from orepact.shock.ensemble.threats import Threat, threats_of
from orepact.shock.exposure.aggregate import Aggregate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.ensemble.book import HazardBook

#: Raised whenever the same question gives other numbers: a journal of before is then not taken up again.
COUNT = 2


@dataclass(frozen=True, eq=False)
class Study:
    """A network in aggregate form (weekly), what threatens it, the seed, and how it is solved."""

    aggregate: Aggregate
    threats: tuple[Threat, ...]
    seed: int
    block_weeks: float
    catch_up: float

    @classmethod
    def of(cls, case: ShockCase, book: HazardBook, seed: int) -> Study:
        """The study of a usual week under the hazards of a book."""
        aggregate = Aggregate.of_case(case)
        assumed = book.assumptions
        threats = threats_of(book, aggregate)
        return cls(aggregate, threats, seed, assumed.block_weeks.value, assumed.catch_up.value)

    @property
    def worth(self) -> NDArray[np.float64]:
        """What a missing unit of each demand is worth; see ``block.worth_of``."""
        return worth_of(self.aggregate)

    @property
    def in_dollars(self) -> bool:
        """Whether losses are dollars; else they are units, of whatever commodity."""
        return self.aggregate.worth_known

    def on(self, aggregate: Aggregate) -> Study:
        """The same study on another aggregate of the same network: the same years strike it."""
        return replace(self, aggregate=aggregate)

    @cached_property
    def key(self) -> str:
        """SHA-256 of all that the numbers depend on, code version included."""
        seen = hashlib.sha256(f"{__version__} {COUNT} {self.seed} {self.block_weeks!r} {self.catch_up!r}".encode())
        aggregate = self.aggregate
        seen.update(hash_network(aggregate.network).encode())
        for array in (aggregate.site_capacity, aggregate.route_capacity, aggregate.site_usual, aggregate.route_usual):
            seen.update(np.ascontiguousarray(array).tobytes())
        seen.update(np.ascontiguousarray(aggregate.inflow).tobytes())
        for table in (aggregate.wants, aggregate.stores):
            seen.update(table.to_csv(index=False, float_format="%.17g").encode())
        for threat in self.threats:
            seen.update(f"{threat.hazard}|{threat.element}|{threat.rate_per_year!r}|{threat.median_weeks!r}".encode())
            seen.update(f"{threat.spread!r}|{threat.most_weeks!r}|{threat.small}".encode())
            seen.update(threat.columns.tobytes() + threat.share.tobytes())
        return seen.hexdigest()

    @cached_property
    def packed(self) -> bytes:
        """The study as bytes for a worker."""
        return pickle.dumps(self)
