"""How soon a plan is answered that was answered before, over HTTP; by a server of its own, with a worker, on this machine alone.

``python -m benchmarks.plan_again ADDRESS FOLDER``: a register that is there, and a network package.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.service_load import percentile
from benchmarks.service_sessions import free_port, wait_until_ready

#: Seconds in which the first answer must be there.
PATIENCE_S = 300.0


def measure(db: str, network: Path, *, again: int) -> dict[str, float]:
    """Seconds until the plan of a network is answered: the first time, from asking to the answer, and again."""
    body = json.dumps({"network": {file.name: file.read_text(encoding="utf-8") for file in network.iterdir() if file.is_file()}})
    token = _let_in(db)
    with _served(db) as port:
        began = time.perf_counter()
        while _asked(port, token, body)[0] != 200:
            if time.perf_counter() - began > PATIENCE_S:
                raise RuntimeError(f"no answer within {PATIENCE_S:g} s")
            time.sleep(0.2)
        first = time.perf_counter() - began
        found = [_asked(port, token, body) for _ in range(again)]
    assert {status for status, _ in found} == {200}, "it was answered before"
    taken = [seconds for _, seconds in found]
    return {"first_s": first} | {f"again_p{percent}_s": percentile(taken, percent) for percent in (50, 95, 100)}


def _let_in(db: str) -> str:
    """A token of an account that may ask for runs."""
    from orepact.errors import Conflict
    from orepact.service import access
    from orepact.service.pact.desk import Desk
    from orepact.store import open_store

    store = open_store(db)
    try:
        desk, name = Desk(store), "plan-again"
        organisation = next(iter(store.register(["organisation"]).records))[1]
        with suppress(Conflict):
            access.add_account(access.New(name, "Plan again", organisation=organisation, roles=("editor",)), desk)
        scopes = ("read", "write", "runs")
        return access.make_token(name, desk, name="benchmark", organisation=organisation, days=1, scopes=scopes).text
    finally:
        store.close()


@contextmanager
def _served(db: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "orepact", "serve", "--db", db, "--port", str(port), "--worker"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _asked(port: int, token: str, body: str) -> tuple[int, float]:
    headers: dict[str, Any] = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/plans", body.encode(), headers)
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as found:
        found.read()
        return found.status, time.perf_counter() - began


def main(arguments: list[str]) -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan_again", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("db", help="address of a register")
    parser.add_argument("network", type=Path, help="folder of a network package")
    parser.add_argument("--again", type=int, default=100, help="how often it is asked again")
    asked = parser.parse_args(arguments)
    found = measure(asked.db, asked.network, again=asked.again)
    print(", ".join(f"{key} {value:.4g}" for key, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
