"""Organisations with accounts that run things, networks and claims of theirs, and work that stands in for a solve."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from orepact.pact.organisations.organisation import Organisation
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Record
from orepact.service.access import New, add_account, make_token, reader_of
from orepact.service.jobs import Times
from orepact.service.pact.desk import Desk
from orepact.store.store import Store, open_store, upgrade_store

HERE = Path(__file__).parent
TOY = {file.name: file.read_text() for file in (HERE.parent / "networks" / "toy").iterdir()}
#: Leases so short that a test sees their end.
QUICK = Times(lease_s=1.5, renew_s=0.5, note_s=0.1, look_s=0.1, listen_s=0.05)
HEAD = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
#: What nrcan pays: reported, where the package's claim of the year is an estimate.
OWN_PRICE = HEAD + "nickel_class1,price,30000,USD_per_t,2026,,,own_desk,2026-06-30,reported,TLP:AMBER+STRICT/nrcan,what we pay\n"
SOURCE_HEAD = "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
OWN_SOURCE = SOURCE_HEAD + "own_desk,Our desk,What we pay,2026,2026-06,own,Our desk,nowhere.example,A,no\n"


def ground() -> list[Record]:
    """Three organisations."""
    kind = Code(id="organisation_kind:authority", title="Authority", list="organisation_kind")
    names = ("nrcan", "meti", "metis")
    made = [Organisation.model_validate({"id": n, "title": n, "organisation_kind": "authority"}) for n in names]
    return [kind, *made]


def grounded(url: str) -> None:
    """Make a register with the ground."""
    upgrade_store(url, create=True).close()
    store = open_store(url)
    with store.write("ana", "begin", seeding=True) as unit:
        for record in ground():
            unit.put(record)
    store.close()


def desk_of(store: Store, account: str, organisation: str, *roles: str) -> Desk:
    """The desk of a new account of an organisation, by a token that is for runs too."""
    holder = Desk(store)
    add_account(New(account, account.title(), organisation=organisation, roles=roles or ("editor",)), holder)
    scopes = ("read", "write", "runs")
    made = make_token(account, holder, name="test", organisation=organisation, scopes=scopes)
    return Desk(store, reader_of(holder, token=made.text))


def lives(pid: int) -> bool:
    """Whether a process works still."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def environment() -> dict[str, str]:
    """For processes that the tests start: what can be imported here can be imported there."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}


def until(there: Callable[[], object], patience_s: float = 120) -> None:
    """Wait for something."""
    end = monotonic() + patience_s
    while not there():
        assert monotonic() < end, "it did not come"
        sleep(0.05)


def pids(place: Path) -> list[int]:
    """The processes that worked on it."""
    file = place / "pids"
    return [*map(int, file.read_text().split())] if file.exists() else []


@contextmanager
def worker_on(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    made = subprocess.Popen([sys.executable, str(HERE / "worker_process.py"), url], env=environment())
    try:
        yield made
    finally:
        made.kill()
        made.wait()
