"""How much may be asked: sizes, depth, forms, rates; and an end to patience with who is slow."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from faces import Known, OverHttp

from orepact.pact.records.readers import Reader
from orepact.web.edge.house import House
from orepact.web.edge.protocol import PatientProtocol
from orepact.web.edge.rates import Rates

ADA = Reader.holding("nrcan", account="ada", person="ada", roles=("editor",), community=True)
RECORDS = "/api/v1/records"


class Impatient(PatientProtocol):
    """The same with hardly any patience."""

    head_s, body_s, sending_s = 0.5, 0.7, 0.5


def sent(http: OverHttp, body: bytes, media: str = "application/json", reader: Reader = ADA) -> httpx2.Response:
    """What comes of a body."""
    return http.client.post(RECORDS, content=body, headers={**http.headers(reader), "Content-Type": media})


def problem(found: httpx2.Response) -> dict[str, Any]:
    """The one problem of a refusal."""
    (only,) = found.json()["error"]["problems"]
    return dict(only)


def test_a_large_body_is_refused_whether_or_not_it_says_its_size(http: OverHttp) -> None:
    body = b'{"reason": "' + b"a" * 2**20 + b'"}'
    assert sent(http, body).status_code == 413
    in_pieces = http.client.post(
        RECORDS, content=(body[at : at + 65536] for at in range(0, len(body), 65536)),
        headers={**http.headers(ADA), "Content-Type": "application/json"},
    )  # fmt: skip
    assert in_pieces.status_code == 413
    small = b'{"reason": "' + b"a" * 70_000 + b'"}'
    nobody = http.client.post("/api/v1/gate", content=small, headers={"Content-Type": "application/json"})
    assert nobody.status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 33 + b"1" + b"}" * 33, b'{"records": ' + b"[" * 40 + b"]" * 40 + b"}"],
    ids=["open", "objects", "lists"],
)
def test_a_deep_body_is_refused_before_it_is_read(http: OverHttp, body: bytes) -> None:
    found = sent(http, body)
    assert found.status_code == 422
    assert problem(found)["expected"].startswith("at most 32")


def test_brackets_in_texts_are_no_depth(http: OverHttp) -> None:
    found = sent(http, json.dumps({"reason": '\\"[' * 200, "records": []}).encode())
    assert "at most 32" not in found.text


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"nothing", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": 9007199254740993}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1, "a": 2}', b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b'{"a": "\x00"}', b"\xff\xfe{\x00}\x00", b'{"a": "\xff"}',
        b'{"a\\u0000": 1}',
    ],
    ids=str,
)  # fmt: skip
def test_what_two_programs_could_read_differently_is_refused(http: OverHttp, body: bytes) -> None:
    found = sent(http, body)
    assert (found.status_code, found.json()["error"]["code"]) == (422, "bad_input")
    assert problem(found)["column"] == "body"


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_another_form_of_body_is_refused(http: OverHttp, media: str) -> None:
    found = sent(http, b"{}", media)
    assert (found.status_code, found.json()["error"]["code"]) == (415, "unsupported_media")


def test_a_long_address_and_many_fields_are_refused(http: OverHttp) -> None:
    assert http.client.get(RECORDS, params={"search": "a" * 9000}).status_code == 414
    many = {f"x-{number}": "1" for number in range(80)}
    assert http.client.get(RECORDS, headers=many).status_code == 431
    assert http.client.get(RECORDS, headers={"x-long": "a" * 20_000}).status_code == 431


def test_what_may_stand_once_stands_once(http: OverHttp) -> None:
    raw = b"GET /api/v1/records?kind=body HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    assert told(http, raw).startswith(b"HTTP/1.1 400")


def test_who_asks_too_often_is_told_when_to_come_again(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    house = make_house(anonymous_rate=2, account_rate=3)
    client = client_of(house)
    found = [client.get("/api/v1/records?kind=body") for _ in range(8)]
    refused = [one for one in found if one.status_code == 429]
    assert found[0].status_code == 200
    assert refused
    assert refused[0].json()["error"]["code"] == "too_many"
    assert int(refused[0].headers["retry-after"]) >= 1
    assert isinstance(house.accounts, Known)
    token = {"Authorization": f"Bearer {house.accounts.token(ADA)}"}
    assert client.get("/api/v1/records?kind=body", headers=token).status_code == 200, "an account has a measure of its own"
    wrong = {"Authorization": "Bearer ore_x_wrong"}
    assert client.get("/api/v1/records?kind=body", headers=wrong).status_code == 429, "guessing counts for the address"
    assert client.get("/healthz").status_code == 200


def test_who_guesses_is_refused_before_anybody_is_looked_up(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others behind the same address are let in as before, also when what was remembered of them holds no more."""
    house = make_house(anonymous_rate=2)
    known, looked, moment = house.accounts, [], [0.0]
    assert isinstance(known, Known)
    look_up = known.caller_of
    monkeypatch.setattr(known, "caller_of", lambda **shown: (looked.append(shown), look_up(**shown))[1])
    house.rates.clock = lambda: moment[0]
    client = client_of(house)
    good, fresh = ({"Authorization": f"Bearer {known.token(ADA)}"} for _ in range(2))

    def ask(headers: dict[str, str]) -> int:
        house.familiar._met.clear()  # as after a change of the database
        return client.get("/api/v1/kinds", headers=headers).status_code

    wrong = [{"Authorization": f"Bearer ore_x_wrong{number}"} for number in range(9)]
    assert ask(good) == 200
    assert [ask(headers) for headers in wrong] == [401] * 4 + [429] * 5
    assert len(looked) == 5, "one was good; of those that were not, no more than the address may try"
    assert ask(good) == 200, "it let somebody in before"
    assert ask(fresh) == 429
    moment[0] = 0.5
    assert [ask(fresh), ask(wrong[0]), ask(wrong[1]), ask(fresh)] == [200, 401, 429, 200]
    gone = known.callers.pop(good["Authorization"].removeprefix("Bearer "))
    moment[0] = 1.0
    assert [ask(good), ask(good)] == [401, 429], "what lets nobody in any more is a guess like others"
    assert gone.reader is ADA


def test_a_bucket_fills_steadily_and_forgets_who_does_not_ask() -> None:
    from orepact.errors import TooMany

    moment = [0.0]
    rates = Rates(clock=lambda: moment[0])
    for _ in range(10):
        rates.take("a", 5)
    with pytest.raises(TooMany) as error:
        rates.take("a", 5)
    assert error.value.retry_after == pytest.approx(0.2)
    rates.take("b", 5)
    moment[0] = 0.2
    rates.take("a", 5)
    with pytest.raises(TooMany):
        rates.take("a", 5)


def told(http: OverHttp, *pieces: bytes, pause: float = 0.0, wait: float = 10.0) -> bytes:
    """What comes of bytes that are sent in pieces, until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", http.client.base_url.port or 0), timeout=wait) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        found = b""
        while True:
            try:
                part = connection.recv(65536)
            except ConnectionError:
                break
            if not part:
                break
            found += part
        return found


@pytest.fixture
def impatient(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]) -> OverHttp:
    """A server with hardly any patience."""
    house = make_house()
    assert isinstance(house.accounts, Known)
    return OverHttp(client_of(house, protocol=Impatient), house.accounts)


def test_a_head_that_does_not_come_ends_the_connection(impatient: OverHttp) -> None:
    found = told(impatient, b"GET /api/v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    assert found.startswith(b"HTTP/1.1 408")
    assert b'"too_slow"' in found


def test_a_head_that_drips_ends_the_connection(impatient: OverHttp) -> None:
    began = time.monotonic()
    found = told(impatient, *[b"GET /", *[b"a"] * 100], pause=0.05)
    assert found.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 8


def test_empty_lines_that_drip_between_requests_end_the_connection(impatient: OverHttp) -> None:
    first = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    found = told(impatient, first, *[b"\r\n"] * 60, pause=0.05)
    assert found.startswith(b"HTTP/1.1 200")


def test_a_connection_without_a_word_is_ended_without_one(impatient: OverHttp) -> None:
    assert told(impatient) == b""


def test_a_body_that_does_not_come_ends_the_connection(impatient: OverHttp) -> None:
    token = impatient.headers(ADA)["Authorization"].encode()
    head = b"POST /api/v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + token
    found = told(impatient, head + b"\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    assert found.startswith(b"HTTP/1.1 408")


def test_a_head_without_end_is_refused(http: OverHttp) -> None:
    found = told(http, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 40_000)
    assert found.startswith(b"HTTP/1.1 431")


def test_others_are_served_while_some_are_slow(impatient: OverHttp) -> None:
    open_ = [socket.create_connection(("127.0.0.1", impatient.client.base_url.port or 0)) for _ in range(60)]
    for one in open_:
        one.sendall(b"GET /api/v1/records?kind=body HTTP/1.1\r\n")
    assert impatient.client.get("/api/v1/records?kind=body").status_code == 200
    for one in open_:
        one.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 100, b"GET / HTTP/1.1\r\nno field\r\n\r\n",
        b"POST /api/v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused(sent: bytes, http: OverHttp) -> None:
    """In the form of every refusal."""
    head, _, body = told(http, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert json.loads(body)["error"]["code"] == "bad_request"


def test_a_register_whose_file_was_moved_away_is_told_of(http: OverHttp, tmp_path: Path) -> None:
    """And found again when it is back; nothing is kept in what nobody else finds."""
    file = Path(http.address.removeprefix("sqlite:///"))
    assert http.client.get("/readyz").status_code == 200
    file.rename(tmp_path / "elsewhere.db")
    found = http.client.get("/readyz")
    assert (found.status_code, "moved away" in found.json()["why"]) == (503, True)
    asked = http.client.get("/api/v1/records?kind=body&limit=7")
    assert (asked.status_code, asked.json()["error"]["code"]) == (503, "store_unavailable")
    (tmp_path / "elsewhere.db").rename(file)
    assert http.client.get("/readyz").status_code == http.client.get("/api/v1/records?kind=body&limit=7").status_code == 200


@pytest.mark.parametrize("address", ["unknown", "", "10.0.0.1", "unix:"])
def test_a_session_is_for_this_machine_or_https_wherever_a_client_says_it_is(address: str) -> None:
    from orepact.errors import Forbidden
    from orepact.web.edge.callers import check_private

    with pytest.raises(Forbidden):
        check_private("http", (address, 1))
    check_private("https", (address, 1))
    check_private("http", ("127.0.0.1", 1))


def test_a_head_leaves_the_connection_as_it_was(http: OverHttp) -> None:
    """A body that was announced and left out would end it."""
    ask = b" /api/v1/records?kind=body HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    found = told(http, b"HEAD" + ask + b"\r\n", b"GET" + ask + b"Connection: close\r\n\r\n", pause=1.0)
    first, _, second = found.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 200")
    assert second.startswith(b"HTTP/1.1 200"), "the second answer follows the head of the first"
