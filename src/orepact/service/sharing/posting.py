"""One message sent: to an address that was checked, within a time, following nothing, reading next to nothing.

It is the standard library's ``http.client``: it takes a socket that is connected already, so that the address which was checked
is the one that is connected to, follows no redirects, keeps no cookies and knows no proxies of the environment.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer
from typing import TYPE_CHECKING

from orepact._version import __version__
from orepact.service.sharing.addresses import Unreachable, addresses_of, goal_of

if TYPE_CHECKING:
    from orepact.service.sharing.addresses import Goal

#: Seconds for each step, and for all of it.
STEP_S, WHOLE_S = 5.0, 15.0
#: So much of an answer is read, so that who receives it need not fail; nothing is made of it.
MOST_READ = 4096


@dataclass(frozen=True, slots=True)
class Way:
    """How messages go: whether to this machine too, the seconds of a step and of all; ``trust``: who vouches for hosts."""

    loopback: bool = False
    step_s: float = STEP_S
    whole_s: float = WHOLE_S
    trust: ssl.SSLContext | None = None


class _Connection(HTTPConnection):
    """A connection over a socket that is there."""

    def __init__(self, goal: Goal, sock: socket.socket) -> None:
        super().__init__(goal.host, goal.port)
        self.sock = sock
        self.auto_open = 0


def post(url: str, body: bytes, headers: Mapping[str, str], way: Way) -> int:
    """Send a message; the status of the answer. Raises ``Unreachable`` with why there is none, ``BadInput`` for a bad address."""
    goal = goal_of(url, loopback=way.loopback)
    sock = _connected(goal, addresses_of(goal, loopback=way.loopback), way)
    late = Event()
    timer = Timer(way.whole_s, _cut, [sock, late])
    timer.daemon = True
    timer.start()
    try:
        status = _said(goal, sock, body, headers, way)
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"the certificate of the host does not hold: {error.verify_message}") from None
    except (OSError, HTTPException):
        raise Unreachable("the connection broke, or the answer was none of HTTP in time") from None
    finally:
        timer.cancel()
        _cut(sock)
        sock.close()
    if late.is_set():  # what was cut off reads as an answer that ended early
        raise Unreachable("no whole answer in time")
    return status


def _connected(goal: Goal, addresses: list[str], way: Way) -> socket.socket:
    """A socket to the first of the checked addresses that answers."""
    for address in addresses:
        with suppress(OSError):
            return socket.create_connection((address, goal.port), timeout=way.step_s)
    raise Unreachable("the host takes no connection")


def _cut(sock: socket.socket, late: Event | None = None) -> None:
    """End a connection whatever waits for it: who sends a byte now and then cannot hold a worker."""
    if late is not None:
        late.set()
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _said(goal: Goal, sock: socket.socket, body: bytes, headers: Mapping[str, str], way: Way) -> int:
    if goal.scheme == "https":
        context = way.trust or ssl.create_default_context()
        # A socket of its own on the same connection, so that the other still can cut it.
        sock = context.wrap_socket(sock.dup(), server_hostname=goal.host)
        sock.settimeout(way.step_s)
    connection = _Connection(goal, sock)
    own = {"Host": goal.header, "Content-Type": "application/json", "User-Agent": f"orepact/{__version__}", "Connection": "close"}
    try:
        connection.request("POST", goal.path, body, {**own, **headers})
        answer = connection.getresponse()
        with suppress(OSError, HTTPException):
            answer.read(MOST_READ)
        return answer.status
    finally:
        if goal.scheme == "https":
            sock.close()
