"""Logging in by way of a provider of OpenID Connect: two different ones, each a process of its own on this machine."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from oidc_provider import CLIENT, SECRET

from orepact.errors import BadInput, Unauthorised
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import access_log, caller_of, invite, list_accounts, set_state
from orepact.service.access.oidc import Back, begin_login, finish_login
from orepact.service.access.provider import Provider
from orepact.service.pact.desk import Desk
from orepact.store.store import Store, open_store

if TYPE_CHECKING:
    from access_world import House

HERE = "http://127.0.0.1:9/api/v1/oidc/callback"


@contextmanager
def running(*words: str) -> Iterator[str]:
    """A provider in a process, by its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = [word.replace("PORT", str(port)) for word in words]
    process = subprocess.Popen([sys.executable, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx2.get(f"{address}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx2.HTTPError:
                assert process.poll() is None, "the provider ended"
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """The provider of these tests, which demands PKCE and says what it is told to."""
    with running(str(Path(__file__).with_name("oidc_provider.py")), "PORT", HERE) as address:
        yield address


@pytest.fixture
def real(url: str, house: House) -> Iterator[Store]:
    """The register by the clock of this machine, as the provider's is; eva is joined to a user of it by the holder."""
    house.store.clock.now = None
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def provider(strict: str) -> Provider:
    """The provider as the service knows it."""
    return Provider(strict, CLIENT, HERE, SECRET)


def went(address: str, **more: str) -> Back:
    """What a browser comes back with."""
    answer = httpx2.get(address, params={**_parameters(address), **more}, trust_env=False)
    assert answer.status_code == 302, answer.text
    place = answer.headers["location"]
    assert place.startswith(HERE)
    given = _parameters(place)
    return Back(given["state"], given.get("code", ""), given.get("iss", ""), given.get("error", ""))


def _parameters(place: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def door(store: Store) -> Desk:
    """Where somebody comes in."""
    return Desk(store, PUBLIC)


def test_a_user_who_is_joined_to_an_account_comes_in(real: Store, house: House, provider: Provider) -> None:
    """By the holder of the database; the session is as any other."""
    house.store.clock.now = real.clock()
    house.add("eva", "nrcan", "editor", issuer=provider.issuer, subject="user 7")
    begun = begin_login(provider, door(real))
    found = finish_login(provider, begun.secret, went(begun.address, **{"as": "user 7"}), door(real))
    assert caller_of(door(real), session=found.secret).reader.tokens == {"all", "of:nrcan"}
    assert [*access_log(Desk(real, None)).data["use_case"]][-1] == "log_in_by_provider"
    set_state("eva", "locked", Desk(real, None))
    begun = begin_login(provider, door(real))
    with pytest.raises(Unauthorised, match="nobody here is known"):
        finish_login(provider, begun.secret, went(begun.address, **{"as": "user 7"}), door(real))


def test_an_invitation_joins_a_user_to_an_account(real: Store, house: House, provider: Provider) -> None:
    """Once; and never by an address that two have in common."""
    house.store.clock.now = real.clock()
    house.add("eva", "nrcan", "editor", email="user8@example.org")
    house.add("ben", "meti", "reader")
    holder = Desk(real, None)
    begun = begin_login(provider, door(real))
    with pytest.raises(Unauthorised, match="nobody here is known"):
        finish_login(provider, begun.secret, went(begun.address, **{"as": "user8@example.org"}), door(real))
    shown = invite("eva", holder).secret
    begun = begin_login(provider, door(real), invitation=shown)
    assert finish_login(provider, begun.secret, went(begun.address, **{"as": "8"}), door(real)).caller.reader.account == "eva"
    with pytest.raises(Unauthorised, match="used up"):
        begin_login(provider, door(real), invitation=shown)
    begun = begin_login(provider, door(real), invitation=invite("ben", holder).secret)
    with pytest.raises(Unauthorised, match="nobody here is known"):  # the user is eva already
        finish_login(provider, begun.secret, went(begun.address, **{"as": "8"}), door(real))
    assert [*list_accounts(holder).data["provider"]] == ["", provider.issuer]


def test_what_comes_back_opens_once_and_in_the_browser_that_went(real: Store, house: House, provider: Provider) -> None:
    """Not for who has no cookie, another's cookie or another's state, and not twice, nor later."""
    house.store.clock.now = real.clock()
    house.add("eva", "nrcan", "editor", issuer=provider.issuer, subject="7")
    first, second = begin_login(provider, door(real)), begin_login(provider, door(real))
    back = went(first.address, **{"as": "7"})
    for cookie in ("", "x", second.secret):
        with pytest.raises(Unauthorised, match="began in another browser"):
            finish_login(provider, cookie, back, door(real))
    finish_login(provider, first.secret, back, door(real))
    with pytest.raises(Unauthorised, match="has ended"):
        finish_login(provider, first.secret, back, door(real))
    third = begin_login(provider, door(real))
    with pytest.raises(Unauthorised, match="did not say who you are"):  # a code that was used
        finish_login(provider, third.secret, Back(went(third.address, **{"as": "7"}).state, back.code), door(real))
    fourth = begin_login(provider, Desk(house.store, PUBLIC))
    house.store.clock.turn(minutes=10)
    with pytest.raises(Unauthorised, match="has ended"):
        finish_login(provider, fourth.secret, went(fourth.address, **{"as": "7"}), Desk(house.store, PUBLIC))


def test_a_code_of_another_browser_is_no_use(real: Store, house: House, provider: Provider) -> None:
    """The provider asks for the verifier of the browser that went (PKCE), which nobody else has."""
    house.store.clock.now = real.clock()
    house.add("eva", "nrcan", "editor", issuer=provider.issuer, subject="7")
    mine, other = begin_login(provider, door(real)), begin_login(provider, door(real))
    stolen = went(mine.address, **{"as": "7"}).code
    state = went(other.address, **{"as": "8"}).state
    with pytest.raises(Unauthorised, match="status 400"):
        finish_login(provider, other.secret, Back(state, stolen), door(real))


@pytest.mark.parametrize("spoil", [
    "iss", "aud", "two_audiences", "azp", "exp", "nonce", "sub", "no_exp", "no_nonce", "no_sub", "no_aud", "stranger", "hs256",
    "none", "altered",
])  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_does_not_fit_is_not_believed(real: Store, house: House, provider: Provider, spoil: str) -> None:
    """Another issuer, audience, client, login, key or algorithm; what is over; what is not there."""
    house.store.clock.now = real.clock()
    house.add("eva", "nrcan", "editor", issuer=provider.issuer, subject="7")
    begun = begin_login(provider, door(real))
    with pytest.raises(Unauthorised, match="the provider did not say who you are") as caught:
        finish_login(provider, begun.secret, went(begun.address, **{"as": "7", "spoil": spoil}), door(real))
    assert "an ID token" in str(caught.value)  # it came, and was looked at
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_key_that_is_new_is_looked_for(real: Store, house: House, strict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most once a minute."""
    from orepact.service.access import provider as module

    house.store.clock.now = real.clock()
    known = Provider(strict, CLIENT, HERE, SECRET)
    house.add("eva", "nrcan", "editor", issuer=known.issuer, subject="7")
    begun = begin_login(known, door(real))
    finish_login(known, begun.secret, went(begun.address, **{"as": "7"}), door(real))
    begun = begin_login(known, door(real))
    with pytest.raises(Unauthorised):
        finish_login(known, begun.secret, went(begun.address, **{"as": "7", "spoil": "new_key"}), door(real))
    monkeypatch.setattr(module, "KEYS_S", 0.0)
    begun = begin_login(known, door(real))
    assert finish_login(known, begun.secret, went(begun.address, **{"as": "7", "spoil": "new_key"}), door(real)).secret


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_provider_that_says_no_or_is_another(real: Store, provider: Provider) -> None:
    """An error, another issuer beside the code (RFC 9207), a wrong client secret, nobody there, redirects."""
    begun = begin_login(provider, door(real))
    state = went(begun.address, **{"as": "7"}).state
    with pytest.raises(Unauthorised, match="did not let you in"):
        finish_login(provider, begun.secret, Back(state, error="access_denied"), door(real))
    begun = begin_login(provider, door(real))
    back = went(begun.address, **{"as": "7"})
    with pytest.raises(Unauthorised, match="another provider"):
        finish_login(provider, begun.secret, Back(back.state, back.code, "https://id.example.org"), door(real))
    wrong = Provider(provider.issuer, CLIENT, HERE, "wrong")
    begun = begin_login(wrong, door(real))
    with pytest.raises(Unauthorised, match="status 401"):
        finish_login(wrong, begun.secret, went(begun.address, **{"as": "7"}), door(real))
    for place in ("http://127.0.0.1:1", f"{provider.issuer}/", f"{provider.issuer}/keys#"):
        with pytest.raises(Unauthorised, match="did not say who you are"):
            begin_login(Provider(place, CLIENT, HERE, SECRET), door(real))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_another_provider_of_other_hands(real: Store, house: House) -> None:
    """oidc-provider-mock: with a client that registers itself, and a login page that is filled in."""
    words = ("-m", "oidc_provider_mock", "--port", "PORT", "--require-registration", "true", "--require-nonce", "true")
    claims = json.dumps({"sub": "mara", "email": "mara@example.org"})
    with running(*words, "--user-claims", claims) as address:
        asked = {"redirect_uris": [HERE], "token_endpoint_auth_method": "client_secret_basic", "scope": "openid"}
        client: dict[str, Any] = httpx2.post(f"{address}/oauth2/clients", json=asked, trust_env=False).json()
        provider = Provider(address, client["client_id"], HERE, client["client_secret"])
        house.store.clock.now = real.clock()
        house.add("eva", "nrcan", "editor", issuer=address, subject="mara")
        begun = begin_login(provider, door(real))
        answer = httpx2.post(begun.address, data={"sub": "mara"}, trust_env=False)
        given = _parameters(answer.headers["location"])
        found = finish_login(provider, begun.secret, Back(given["state"], given["code"], given.get("iss", "")), door(real))
        assert found.caller.reader.account == "eva"


def test_a_provider_from_the_environment(tmp_path: Path) -> None:
    """Every problem at once; none where no issuer is named; its secret is never shown."""
    named = {"OREPACT_OIDC_ISSUER": "https://id.example.org", "OREPACT_OIDC_CLIENT_ID": "orepact"}
    file = tmp_path / "secret"
    file.write_text("from a file\n", encoding="utf-8")
    found = Provider.from_environment(named | {"OREPACT_OIDC_CLIENT_SECRET_FILE": str(file)}, HERE)
    assert found is not None
    assert (found.client_secret, "from a file" in repr(found)) == ("from a file", False)
    assert Provider.from_environment({}, HERE) is None
    wrong = {"OREPACT_OIDC_ISSUER": "http://id.example.org", "OREPACT_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "none")}
    with pytest.raises(BadInput) as caught:
        Provider.from_environment(wrong, HERE)
    assert len(caught.value.problems) == 3
