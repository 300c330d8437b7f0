"""How long the tests wait for a PostgreSQL: with programs that only pretend, no server."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import postgresql
from tools.postgresql import Cluster

#: Says so many times that the server recovers, then that it is there.
ASKED = """#!/bin/sh
echo >> asked
[ $(wc -l < asked) -gt {times} ] || exit {meanwhile}
"""


def pretending(folder: Path, times: int, meanwhile: int) -> Cluster:
    """A cluster whose server is somebody who sleeps."""
    for name, text in {
        "pg_isready": ASKED.format(times=times, meanwhile=meanwhile),
        "postgres": "#!/bin/sh\nexec sleep 60\n",
    }.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return Cluster(folder, folder)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing has no time; one that recovers has a minute; nobody becomes another user."""
    monkeypatch.setattr(postgresql, "PATIENCE_S", 0)
    monkeypatch.setattr(postgresql, "RECOVERY_S", 60)
    monkeypatch.setattr(postgresql, "_user", dict)


def test_a_server_that_recovers_is_waited_for(tmp_path: Path) -> None:
    """Longer than one that does not answer."""
    cluster = pretending(tmp_path, times=3, meanwhile=postgresql.RECOVERING)
    cluster.start()
    assert len((tmp_path / "asked").read_text()) == 4
    cluster.kill()


def test_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last words of the server are told, and nothing of it is left."""
    monkeypatch.setattr(postgresql, "RECOVERY_S", 0)
    cluster = pretending(tmp_path, times=3, meanwhile=postgresql.RECOVERING)
    with pytest.raises(RuntimeError, match="does not start"):
        cluster.start()
    assert cluster.process is not None
    assert cluster.process.poll() is not None


def test_a_server_that_says_nothing_is_not(tmp_path: Path) -> None:
    """As before."""
    with pytest.raises(RuntimeError, match="does not start"):
        pretending(tmp_path, times=3, meanwhile=2).start()
