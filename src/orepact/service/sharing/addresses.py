"""To which addresses a webhook may be sent: those of the public internet. A host's name is looked up once for each sending, all
that it stands for is checked, and what was checked is connected to: no second look-up could say something else.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from orepact.errors import BadInput, Problem

#: With "1" webhooks may go to this machine, and by http: for tests and for a proxy of the operator's own.
LOOPBACK = "OREPACT_WEBHOOK_LOOPBACK"
LONGEST_URL = 500
#: Ports below this are those of other protocols.
FIRST_PORT = 1024
HTTPS = 443
#: Where IPv6 addresses of the internet lie, and within that those that stand for one of IPv4.
_GLOBAL = IPv6Network("2000::/3")
_STANDING_IN = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
#: A public address at which machines of one provider are told of themselves.
_METADATA = frozenset({IPv4Address("168.63.129.16")})
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
#: A name of the internet: parts of at most 63 characters; one that ends in a number is read as an address by some, and is none.
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9]|0x)[a-z0-9-]{1,62}[a-z0-9]")
#: Names that stand for no address of the internet, with all that end in them.
_INSIDE = ("localhost", "local", "internal", "invalid", "home.arpa", "onion")
_PATH = re.compile(r"[!-~]*")


class Unreachable(Exception):
    """A message could not be sent, in words for whose subscription it is."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a message goes: the parts of its address."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def to_loopback() -> bool:
    """Whether the operator lets webhooks go to this machine."""
    return os.environ.get(LOOPBACK) == "1"


def demand_reachable(url: str, *, loopback: bool = False) -> None:
    """Raise ``BadInput`` for an address that is none of a webhook, or at which no message could ever arrive: by a number that is
    not of the public internet, or a name that is none there. What a name stands for is looked at when a message is sent.
    """
    host = goal_of(url, loopback=loopback).host
    if not _could_be(host, loopback=loopback):
        expected, mend = "a host on the public internet", "name the address at which messages are received"
        raise BadInput([Problem("url", expected, f"the host {host[:80]!r}", mend)])


def _could_be(host: str, *, loopback: bool) -> bool:
    try:
        ip_address(host)
    except ValueError:
        inside = any(host == one or host.endswith(f".{one}") for one in _INSIDE)
        return (_NAME.fullmatch(host) is not None and not inside) or (loopback and host == "localhost")
    return allowed(host, loopback=loopback)


def goal_of(url: str, *, loopback: bool = False) -> Goal:
    """The parts of an address that may be one of a webhook; raises ``BadInput`` with what is wrong with it.

    >>> goal_of("https://example.org/hooks?of=1")
    Goal(scheme='https', host='example.org', port=443, path='/hooks?of=1')
    """
    wrong = ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        wrong, parts, port = "no address", urlsplit(""), None
    wrong = wrong or _wrong(url, parts, port, loopback=loopback)
    if wrong:
        expected = f"https://HOST/PATH of at most {LONGEST_URL} characters, port 443 or from {FIRST_PORT} on"
        raise BadInput([Problem("url", expected, wrong, "name the address at which messages are received")])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Goal(parts.scheme, (parts.hostname or "").casefold(), port or HTTPS, path)


def _wrong(url: str, parts: SplitResult, port: int | None, *, loopback: bool) -> str:
    if len(url) > LONGEST_URL or not _PATH.fullmatch(url):
        return "too long, or with characters that no address has"
    if parts.scheme != "https" and not (loopback and parts.scheme == "http" and port is not None):
        return f"the scheme {parts.scheme[:20]!r}"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "a name, a password or a fragment in it"
    if not _HOST.fullmatch(parts.netloc.removesuffix(f":{port}" if port is not None else "")):
        return "no host"
    if port is not None and port != HTTPS and not FIRST_PORT <= port < 2**16:
        return f"port {port}"
    return ""


def addresses_of(goal: Goal, *, loopback: bool = False) -> list[str]:
    """The numeric addresses of a host, all of which may be connected to.

    Raises ``Unreachable`` when there are none, or one among them that is not of the public internet.
    """
    try:
        found = socket.getaddrinfo(goal.host, goal.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise Unreachable("the name of the host is not known") from None
    texts = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not texts or not all(allowed(text, loopback=loopback) for text in texts):
        raise Unreachable("the host is not at an address of the public internet")
    return texts


def allowed(text: str, *, loopback: bool = False) -> bool:
    """Whether a numeric address may be connected to.

    >>> [allowed(text) for text in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "2606:4700::1111")]
    [True, False, False, False, True]
    """
    try:
        address = ip_address(text)
    except ValueError:  # with the name of an interface
        return False
    if loopback and address.is_loopback:
        return True
    if address.is_multicast or address.is_reserved or address.is_unspecified or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in _GLOBAL and not any(address in net for net in _STANDING_IN)
    return address not in _METADATA
