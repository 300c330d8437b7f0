"""Runners: the same work in this process, in processes of this machine (joblib) or on a cluster (dask.distributed)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from orepact.errors import BadInput, Problem
from orepact.shock.ensemble.quiet import quiet_cluster
from orepact.shock.ensemble.work import solve_for, solve_members

if TYPE_CHECKING:
    from orepact.shock.ensemble.member import MemberLoss
    from orepact.shock.ensemble.study import Study

Chunk = tuple[int, ...]
#: Seconds to wait for a scheduler, for its first worker and for a result that is done to arrive: a scheduler that lives answers
#: within one, and ten leave room for a slow name server; whoever mistyped an address should not wait longer.
PATIENCE = 10.0
#: Seconds to wait for a connection to close: nothing is lost when it does not.
CLOSING = 5.0


class WorkersGone(Exception):
    """Workers died; what was yielded before is good, and the rest may be sent out anew."""


class NoWorkers(WorkersGone):
    """There is no cluster, or it has no worker: trying again at once is of no use."""


class Runner(Protocol):
    """Yields the members of each chunk as they are done, in any order; raises ``WorkersGone`` when the workers are."""

    @property
    def opening(self) -> str:
        """What to say while it starts; empty where it starts at once."""
        ...

    def run(self, study: Study, chunks: Sequence[Chunk]) -> Iterator[list[MemberLoss]]:
        """The members of each chunk."""
        ...


@dataclass(frozen=True)
class Here:
    """One after the other in this process."""

    opening: ClassVar[str] = ""

    def run(self, study: Study, chunks: Sequence[Chunk]) -> Iterator[list[MemberLoss]]:
        """The members of each chunk, in order."""
        for chunk in chunks:
            yield solve_members(study.key, study.packed, chunk)


@dataclass(frozen=True)
class Processes:
    """In ``workers`` processes of this machine, which end soon after this process does, however it ends."""

    workers: int

    @property
    def opening(self) -> str:
        """Processes take seconds to start."""
        return f"starting {self.workers} processes"

    def run(self, study: Study, chunks: Sequence[Chunk]) -> Iterator[list[MemberLoss]]:
        """The members of each chunk as they are done."""
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import BrokenProcessPool

        parallel = Parallel(n_jobs=self.workers, backend="loky", return_as="generator_unordered", batch_size=1, mmap_mode=None)
        try:
            yield from parallel(delayed(solve_for)(os.getpid(), study.key, study.packed, chunk) for chunk in chunks)
        except BrokenProcessPool as error:
            raise WorkersGone("a worker process died") from error


@dataclass(frozen=True)
class Cluster:
    """On the workers of a dask.distributed scheduler at ``address``; each worker needs orepact installed."""

    address: str
    #: Seconds to wait; see ``PATIENCE``.
    patience: float = PATIENCE

    @property
    def opening(self) -> str:
        """Where to, and how long at most."""
        return f"connecting to {self.address} (at most {self.patience:g} s)"

    def run(self, study: Study, chunks: Sequence[Chunk]) -> Iterator[list[MemberLoss]]:
        """The members of each chunk as they are done."""
        with quiet_cluster():
            client = self._client()
            try:
                yield from self._on(client, study, chunks)
            finally:
                client.close(timeout=CLOSING)

    def _client(self) -> Any:
        from distributed import Client

        try:
            client = Client(self.address, timeout=self.patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise NoWorkers(f"no cluster answers at {self.address} (waited {self.patience:g} s)") from error
        try:
            client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError as error:
            client.close(timeout=CLOSING)
            raise NoWorkers(f"the cluster at {self.address} has no worker (waited {self.patience:g} s)") from error
        return client

    def _on(self, client: Any, study: Study, chunks: Sequence[Chunk]) -> Iterator[list[MemberLoss]]:
        from distributed import CancelledError, as_completed
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        try:
            packed = client.scatter(study.packed, broadcast=True, hash=True)
            futures = [client.submit(solve_members, study.key, packed, chunk, pure=False) for chunk in chunks]
            for future in as_completed(futures, loop=client.loop):
                yield future.result(timeout=self.patience)
        except (KilledWorker, CancelledError, CommClosedError, OSError, TimeoutError) as error:
            raise WorkersGone(f"the cluster at {self.address} lost its workers or vanished") from error


def demand_cluster(address: str) -> None:
    """Raise ``BadInput`` when the address is none, or when what it takes to reach it is not installed."""
    from importlib.util import find_spec

    if not re.fullmatch(r"[a-z]+://\S+:\d+", address):
        raise BadInput([Problem("cluster", "an address such as tcp://host:8786", repr(address), "give that of the scheduler")])
    if find_spec("distributed") is None:
        mend = "pip install 'orepact[cluster]', or `pip install -r requirements/cluster.txt` in a clone"
        raise BadInput([Problem("cluster", "dask.distributed to be installed", "it is not", mend)])


def runner_for(workers: int = 1, cluster: str | None = None) -> Runner:
    """The runner that a person asked for; raises ``BadInput`` for a cluster that cannot be one."""
    if cluster is not None:
        demand_cluster(cluster)
        return Cluster(cluster)
    return Processes(workers) if workers > 1 else Here()
