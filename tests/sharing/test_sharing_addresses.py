"""Where webhooks may go: what lies within is refused at each sending, and what was checked is connected to."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sharing_world import Clock, Receiver, account, promise, put, receiving

from orepact.errors import BadInput
from orepact.service.pact.desk import Desk
from orepact.service.sharing import Deliverer, list_webhooks, subscribe
from orepact.service.sharing.addresses import Unreachable, addresses_of, allowed, demand_reachable, goal_of
from orepact.service.sharing.posting import Way, post
from orepact.store.store import Store

PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.7"
CLOSED = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "2001::1",
    "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1", "nothing",
)  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "2a00:1450:4009::1"])
def test_what_is_of_the_internet_is_allowed(address: str) -> None:
    assert allowed(address)


def test_an_operator_lets_this_machine_be_reached_and_nothing_else() -> None:
    assert allowed("127.0.0.1", loopback=True)
    assert allowed("::1", loopback=True)
    assert not allowed("10.0.0.1", loopback=True)
    assert not allowed("::ffff:127.0.0.1", loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "http://example.org:8080/", "ftp://example.org/", "//example.org/", "https:///x", "https://",
        "https://a@example.org/", "https://a:b@example.org/", "https://example.org/#x", "https://example.org:22/",
        "https://example.org:99999/", "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org/é",
        "https://example.org\\@127.0.0.1/", "https://example.org%00/", "https://[::1/", f"https://example.org/{'a' * 500}", "",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    for loopback in (False, True):
        if url != "http://example.org:8080/" or not loopback:
            with pytest.raises(BadInput):
                goal_of(url, loopback=loopback)


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "168.63.129.16", "[::1]", "[fe80::1]", "[::ffff:93.184.216.34]",
        "[2002:7f00:1::]", "127.1", "2130706433", "0x7f.1", "0x7f000001", "1.2.3.400", "a..org", "-a.org", "nohost", "localhost",
        "ads.localhost", "printer.local", "metadata.google.internal", "x.invalid", f"{'a' * 64}.org", "example.1",
    ],
)  # fmt: skip
def test_an_address_at_which_nothing_can_arrive_is_refused_when_it_is_added(host: str) -> None:
    with pytest.raises(BadInput):
        demand_reachable(f"https://{host}/")


def test_an_address_at_which_something_could_arrive_is_taken() -> None:
    for host in ("example.org", "93.184.216.34", "[2606:4700::1111]", "a.b-c.example", "xn--9n2bp8q.example:8443"):
        demand_reachable(f"https://{host}/hooks")
    for host in ("127.0.0.1:9000", "localhost:9000", "[::1]:9000"):
        demand_reachable(f"http://{host}/", loopback=True)
        with pytest.raises(BadInput):
            demand_reachable(f"https://{host}/")


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names are looked up so, one answer after the other; which were asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_host_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, [PUBLIC, PRIVATE])
    with pytest.raises(Unreachable, match="public internet"):
        addresses_of(goal_of("https://example.org/"))


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"])
def test_other_ways_to_write_this_machine_are_refused(host: str) -> None:
    """By what they stand for, not by how they are written."""
    with pytest.raises(Unreachable):
        addresses_of(goal_of(f"https://{host}/"))


def test_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for something else a moment later is not looked up again."""
    asked = answering(monkeypatch, [PUBLIC], ["127.0.0.1"])
    reached: list[Any] = []

    def connect(address: Any, **_: Any) -> socket.socket:
        reached.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="no connection"):
        post("https://example.org/hook", b"{}", {}, Way())
    assert (asked, reached) == (["example.org"], [(PUBLIC, 443)])


def test_each_sending_checks_anew(small: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that was well when it was named, and is within now, gets nothing."""
    desk = account(small, "mara", "nrcan")
    subscribe("mara", desk, url="https://hooks.example.org/", name="test", organisation="nrcan")
    put(small, promise("one"))
    answering(monkeypatch, ["169.254.169.254"])
    reached: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda address, **_: reached.append(address))
    assert Deliverer(small, Way(), clock=clock).run(once=True) == 0
    assert reached == []
    assert list_webhooks(Desk(small)).data.iloc[0]["reason"] == "the host is not at an address of the public internet"


def test_without_the_word_of_the_operator_http_is_refused(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(f"{receiver.url}/", b"{}", {}, Way(loopback=True)) == 204
    with pytest.raises(BadInput):
        post(f"{receiver.url}/", b"{}", {}, Way())
    port = receiver.url.rpartition(":")[2]
    with pytest.raises(Unreachable):
        post(f"https://127.0.0.1:{port}/", b"{}", {}, Way())
    assert len(receiver.got) == 1


def test_who_speaks_no_tls_or_holds_no_certificate_is_told_nothing(receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    with pytest.raises(Unreachable):
        post(f"https://127.0.0.1:{port}/", b"secret", {}, Way(loopback=True))
    assert receiver.got == []


@pytest.fixture
def vouched(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of the name localhost shows, and who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    file, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file, secret)
    return server, ssl.create_default_context(cafile=str(file))


def test_the_certificate_is_checked_against_the_name(vouched: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """Although it is an address that is connected to: the name that was given, by who is trusted."""
    shown, trusted = vouched
    with receiving(shown) as receiver:
        port = receiver.url.rpartition(":")[2]
        assert post(f"https://localhost:{port}/hook", b"{}", {}, Way(loopback=True, trust=trusted)) == 204
        assert receiver.got[0][0]["host"] == f"localhost:{port}"
        with pytest.raises(Unreachable, match="certificate"):
            post(f"https://127.0.0.1:{port}/hook", b"secret", {}, Way(loopback=True, trust=trusted))
        with pytest.raises(Unreachable, match="certificate"):
            post(f"https://localhost:{port}/hook", b"secret", {}, Way(loopback=True))
        assert len(receiver.got) == 1
