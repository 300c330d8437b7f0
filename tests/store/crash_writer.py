"""A program that writes to a register until it is killed, and says each change that was acknowledged.

For each line on its input (a number) it starts a child that writes; it says ``pid N``, the child ``kept NUMBER`` after each
change, and it ``ended`` once the child is gone. Starting a child costs no imports, so that a hundred can be killed in short.
"""

from __future__ import annotations

import os
import sys

from register_things import Leaf, known_kinds

from orepact.errors import Conflict
from orepact.pact.records import kinds
from orepact.store.store import Store, open_store


def say(text: str) -> None:
    """One whole line: a write this short is not torn."""
    os.write(1, f"{text}\n".encode())


def write(url: str, begin: int) -> None:
    """Change after change, each of three records that belong together; the last of them replaces one."""
    store = open_store(url)
    _, version = store.get("leaf", "counter")
    number = begin
    while True:
        try:
            change(store, number, version)
        except Conflict:  # the last change of a killed writer reached the server, and came through only now
            _, version = store.get("leaf", "counter")
            continue
        say(f"kept {number}")
        number, version = number + 1, version + 1


def change(store: Store, number: int, version: int) -> None:
    """The three records of a change."""
    with store.write("writer", f"change {number}") as unit:
        unit.put(Leaf(id=f"n{number}-left", title="Left", note="x" * 3000))
        unit.put(Leaf(id=f"n{number}-right", title="Right", beside=f"n{number}-left"))
        unit.put(Leaf(id="counter", title=f"Counter {number}"), version)


def main(url: str) -> None:
    """Start a child for each line."""
    kinds.kinds = known_kinds  # type: ignore[assignment]
    open_store(url).close()  # the driver, and all else that is imported late: children then begin with it
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                write(url, int(line))
            except BaseException as error:  # noqa: BLE001  the parent judges
                say(f"failed {type(error).__name__}: {error}".replace("\n", " "))
            os._exit(1)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("ended")


if __name__ == "__main__":
    main(sys.argv[1])
