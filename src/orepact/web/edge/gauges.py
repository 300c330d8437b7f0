"""What Prometheus is told when it asks: the counts of all processes of a server, and how the database behind it stands.

It is for who operates the service, on a port of its own: how many entries and runs there are counts what is closed too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from orepact._version import __version__
from orepact.errors import OrepactError
from orepact.web.edge.metrics import of_process

if TYPE_CHECKING:
    from orepact.store.standing import Standing

#: For so many seconds what the database said is said again, however often somebody asks.
KEPT_S = 5.0
#: The variable that names the folder into which several processes count.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def registry_of(database: str | None, backups: Path | None) -> CollectorRegistry:
    """Everything that a server tells."""
    found = CollectorRegistry(auto_describe=False)
    folder = os.environ.get(FOLDER)
    found.register(Together(Path(folder)) if folder else _Of(of_process().registry.collect))
    found.register(_Of(lambda: processes(_living(Path(folder)) if folder else [])))
    found.register(Behind(database, backups))
    return found


class _Of:
    """A collector made of a function."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self.collect = collect


class Together:
    """The counts of several processes, added up; what those that ended were doing is taken away first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        """The sums."""
        for pid in {pid for pid in _counted(self.folder) if not _lives(pid)}:
            multiprocess.mark_process_dead(pid, str(self.folder))  # type: ignore[no-untyped-call]
        found: Iterable[Metric] = multiprocess.MultiProcessCollector(None, str(self.folder)).collect()  # type: ignore[no-untyped-call]
        return found


def _counted(folder: Path) -> set[int]:
    return {int(number) for file in folder.glob("*.db") if (number := file.stem.rpartition("_")[2]).isdigit()}


def _living(folder: Path) -> list[int]:
    return sorted(pid for pid in _counted(folder) if _lives(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def processes(others: Iterable[int]) -> Iterator[Metric]:
    """Memory, processor time and open files of this process and others of the server, by process."""
    families: dict[str, Metric] = {}
    for pid in sorted({os.getpid(), *others}):
        for family in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
            into = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                into.add_sample(sample.name, {**sample.labels, "pid": str(pid)}, sample.value)
    yield from families.values()


class Behind:
    """What stands behind the server: the database, what waits in it, and the folder of backups."""

    def __init__(self, database: str | None, backups: Path | None, *, clock: Callable[[], float] = monotonic) -> None:
        self.database, self.backups, self.clock = database, backups, clock
        self._asked = float("-inf")
        self._found: Standing | None = None

    def collect(self) -> Iterator[Metric]:
        """How it stands; of a database that cannot be asked only that."""
        yield _gauge("orepact_info", "The program, by version.", 1, version=__version__)
        standing = self._standing()
        yield _gauge(
            "orepact_database_up", "Whether the database answers, in the form of this program.", int(standing is not None)
        )
        if standing is not None:
            yield from _of_database(standing)
        age = self._backup_age()
        if age is not None:
            yield _gauge("orepact_backup_age_seconds", "How old the newest backup is.", age)

    def _standing(self) -> Standing | None:
        if self.clock() - self._asked < KEPT_S:
            return self._found
        self._found, self._asked = self._ask(), self.clock()
        return self._found

    def _ask(self) -> Standing | None:
        from orepact.store import open_store
        from orepact.store.standing import standing_of

        try:
            store = open_store(self.database)  # each time anew: nothing is held open between two questions
            try:
                with store.database.reading() as connection:
                    return standing_of(connection)
            finally:
                store.close()
        except OrepactError:
            return None

    def _backup_age(self) -> float | None:
        """Of the newest backup in the folder, in seconds; None without one."""
        if self.backups is None:
            return None
        moments = [file.stat().st_mtime for file in self.backups.glob("*.zip")]
        return max(time() - max(moments), 0.0) if moments else None


def _of_database(standing: Standing) -> Iterator[Metric]:
    yield _gauge("orepact_register_entries", "Entries of the audit log.", standing.entries)
    last = datetime.fromisoformat(standing.last_at).astimezone(UTC).timestamp() if standing.last_at else 0.0
    yield _gauge("orepact_register_last_entry_timestamp_seconds", "When the last one was written.", last)
    runs = GaugeMetricFamily("orepact_runs", "Runs by state.", labels=["state"])
    for state, number in standing.runs.items():
        runs.add_metric([state], number)
    yield runs
    says = "For how long the oldest run waits that no worker has taken."
    yield _gauge("orepact_runs_oldest_waiting_seconds", says, standing.untaken.oldest_s)
    yield _gauge("orepact_webhook_messages_waiting", "Messages of webhooks that did not arrive yet.", standing.messages.number)
    says = "For how long the oldest of them waits, since the change that it tells of."
    yield _gauge("orepact_webhook_messages_oldest_waiting_seconds", says, standing.messages.oldest_s)


def _gauge(name: str, says: str, value: float, **labels: str) -> Metric:
    found = GaugeMetricFamily(name, says, labels=[*labels])
    found.add_metric([*labels.values()], value)
    return found
