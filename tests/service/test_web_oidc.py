"""Getting in over HTTP by way of a provider of OpenID Connect, which is a process of its own."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import sync_playwright

from orepact.service import access
from orepact.service.access import New
from orepact.service.access.provider import Provider
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House

SCRIPT = Path(__file__).parents[1] / "access" / "oidc_provider.py"
HERE = "http://127.0.0.1:9/api/v1/oidc/callback"


@contextmanager
def providing(back: str) -> Iterator[str]:
    """A provider that sends people back to an address; its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(port), back], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"{address}/.well-known/openid-configuration", trust_env=False)
            break
        except httpx2.HTTPError:
            assert process.poll() is None, "the provider ended"
            time.sleep(0.1)
    yield address
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider."""
    with providing(HERE) as address:
        yield address


def known_as() -> tuple[str, str]:
    """The id and the secret by which the provider knows the service."""
    spec = importlib.util.spec_from_file_location("oidc_provider", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules["oidc_provider"] = module
    spec.loader.exec_module(module)
    return module.CLIENT, module.SECRET


def joined(house: House, issuer: str, back: str = HERE) -> None:
    """Give a service a provider, and an account that a user of it is joined to."""
    house.accounts = Registered(house.store)
    client, secret = known_as()
    house.provider = Provider(issuer, client, back, secret)
    new = New("eva", "Eva", organisation="nrcan", roles=("reader",), issuer=issuer, subject="eva-there")
    access.add_account(new, house.settings.database)


@pytest.fixture
def browser(make_house: Callable[..., House], client_of: Callable[..., httpx2.Client], issuer: str) -> httpx2.Client:
    """A browser of a service that has a provider, and an account that a user of it is joined to."""
    house = make_house()
    joined(house, issuer)
    return client_of(house)


def goes_and_comes_back(browser: httpx2.Client, who: str) -> str:
    """Begin a login, be somebody at the provider, and come back: the path with what the provider says."""
    begun = browser.post("/api/v1/oidc/start", json={})
    assert begun.status_code == 200, begun.text
    assert "HttpOnly" in begun.headers["set-cookie"]
    place = begun.json()["data"][0]["address"]
    there = httpx2.get(f"{place}&as={who}", trust_env=False)
    assert there.status_code == 302, there.text
    back = urlsplit(there.headers["location"])
    return f"{back.path}?{back.query}"


def test_a_user_of_the_provider_comes_in_once(browser: httpx2.Client) -> None:
    path = goes_and_comes_back(browser, "eva-there")
    back = browser.get(path)
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert browser.get("/api/v1/me").json()["account"] == "eva"
    assert browser.get(path).status_code == 401, "what came back opens once"


def test_a_stranger_and_another_browser_do_not_come_in(browser: httpx2.Client) -> None:
    assert browser.get(goes_and_comes_back(browser, "stranger")).status_code == 401
    path = goes_and_comes_back(browser, "eva-there")
    browser.cookies.clear()
    assert browser.get(path).status_code == 401
    assert browser.get("/api/v1/me").status_code == 401


def test_without_a_provider_there_is_no_such_path(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    client = client_of(make_house())
    assert client.post("/api/v1/oidc/start", json={}).status_code == 404
    assert client.get("/api/v1/oidc/callback?state=a&code=b").status_code == 404


PEOPLE = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def test_the_page_of_logins_leads_to_the_provider_by_a_link(browser: httpx2.Client, issuer: str) -> None:
    """A form that ends at another host is what the policy of pages forbids. He comes back to where he was."""
    page = browser.get("/fr/account/login?back=/data").text
    assert f'href="/api/v1/oidc/begin?back=%2Ffr%2Fdata" rel="nofollow">Se connecter par {urlsplit(issuer).netloc}</a>' in page
    begun = browser.get("/api/v1/oidc/begin?back=/fr/data", headers=PEOPLE)
    assert begun.status_code == 303
    assert begun.headers["location"].startswith(f"{issuer}/")
    there = httpx2.get(f"{begun.headers['location']}&as=eva-there", trust_env=False)
    back = urlsplit(there.headers["location"])
    found = browser.get(f"{back.path}?{back.query}", headers=PEOPLE)
    assert (found.status_code, found.headers["location"]) == (303, "/fr/data")
    assert browser.get("/api/v1/me").json()["account"] == "eva"


def test_a_login_that_comes_to_nothing_is_told_on_the_page(browser: httpx2.Client) -> None:
    """Programs are told as always; nobody is led to another host."""
    path = goes_and_comes_back(browser, "stranger")
    found = browser.get(path, headers=PEOPLE)
    assert (found.status_code, found.headers["location"]) == (303, "/account/login?provider=failed")
    assert "Begin again, or ask for an invitation" in browser.get(found.headers["location"]).text
    assert browser.get("/api/v1/oidc/begin?invitation=of-nobody-at-all-of-nobody", headers=PEOPLE).status_code == 303
    assert browser.get("/api/v1/oidc/begin?invitation=of-nobody-at-all-of-nobody").status_code == 401
    begun = browser.get("/api/v1/oidc/begin?back=//evil.example", headers=PEOPLE)
    assert "evil" not in begun.headers["set-cookie"]


def test_without_a_provider_no_page_leads_to_one(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client]
) -> None:
    client = client_of(make_house())
    assert "oidc" not in client.get("/account/login").text
    assert client.get("/api/v1/oidc/begin").status_code == 404


@pytest.mark.browser
def test_a_browser_goes_there_and_comes_back(
    make_house: Callable[..., House], client_of: Callable[..., httpx2.Client], chromium: str
) -> None:
    """By the button, in French, past the policy of the page."""
    house = make_house()
    home = str(client_of(house).base_url).rstrip("/")
    with providing(f"{home}/api/v1/oidc/callback") as issuer, sync_playwright() as playwright:
        joined(house, issuer, f"{home}/api/v1/oidc/callback")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{home}/fr/account/login?back=/account")
        page.get_by_role("link", name="Se connecter par").click()
        page.wait_for_url("**/fr/account")
        assert "Eva" in page.inner_text("main")
        browser.close()
