"""Forms of pages: getting in, an invitation, tokens, and that nothing typed is lost when a session ends or a form is old."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import httpx2
import pytest
from pages_world import GOOD

Shows = Callable[[str], dict[str, str]]


def hidden(page: str, form: str, name: str) -> str:
    """The value of a hidden field of a form."""
    part = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="form" value="{form}"' in each)
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', part)[0])


def test_an_invitation_lets_somebody_in_once(client: httpx2.Client, shows: Shows) -> None:
    """Who lets people in adds an account; its bearer chooses a password, is in, and logs in with it later."""
    people = client.get("/account/people", headers=shows("ana")).text
    fields = {"form": "add", "csrf": hidden(people, "add", "csrf"), "id": "eva", "name": "Eva <Roy>", "roles": "reader"}
    added = client.post("/account/people", data=fields, headers=shows("ana"))
    assert added.status_code == 200
    link = re.findall(r"/account/invitation/[A-Za-z0-9_-]+", added.text)[0]
    page = client.get(link)
    assert "Eva &lt;Roy&gt;" in page.text
    weak = client.post(link, data={"form": "choose", "csrf": "", "password": "eva"})
    assert weak.status_code == 422
    assert 'id="choose-password-wrong"' in weak.text
    chosen = client.post(link, data={"form": "choose", "csrf": "", "password": GOOD})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/account")
    assert "orepact=" in chosen.headers["set-cookie"]
    client.cookies.clear()
    assert client.get(link).status_code == 401
    back = client.post("/ja/account/login?back=/why", data={"form": "login", "csrf": "", "name": "eva", "password": GOOD})
    assert (back.status_code, back.headers["location"]) == (303, "/ja/why")
    client.cookies.clear()


def test_a_token_is_told_once_and_ends(client: httpx2.Client, shows: Shows) -> None:
    """Its text is shown when it is made, and nowhere after; ended, it opens nothing."""
    page = client.get("/account/tokens", headers=shows("ana")).text
    fields = {"form": "make", "csrf": hidden(page, "make", "csrf"), "name": "laptop", "scopes": "read", "days": "3"}
    made = client.post("/account/tokens", data=fields, headers=shows("ana"))
    assert made.headers["cache-control"] == "no-store"
    text = re.findall(r"ore_[A-Za-z0-9_-]+", made.text)[0]
    assert text not in client.get("/account/tokens", headers=shows("ana")).text
    own = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/me", headers=own).json()["account"] == "ana"
    ended = client.post(
        "/account/tokens", data={"form": "end", "csrf": fields["csrf"], "token": text.split("_")[1]}, headers=shows("ana")
    )
    assert ended.headers["location"] == "/account/tokens?done=end"
    assert client.get("/api/v1/me", headers=own).status_code == 401


@pytest.mark.parametrize(
    ("path", "form", "typed", "kept"),
    [
        ("/account/tokens", "make", {"name": "twice made", "scopes": "read", "days": "9"}, "twice made"),
        ("/account/feeds", "make", {"name": "twice fed"}, "twice fed"),
        ("/account/people", "invite", {"account": "ana"}, ""),
    ],
)
def test_a_secret_is_made_once_however_often_its_form_is_sent(  # noqa: PLR0917  a row of the table and two fixtures
    path: str, form: str, typed: dict[str, str], kept: str, client: httpx2.Client, shows: Shows
) -> None:
    """The browser's button that loads a page anew sends the form again."""
    headers, page = shows("ana"), client.get(path, headers=shows("ana")).text
    sent = {"form": form, **typed, "csrf": hidden(page, form, "csrf"), "once": hidden(page, form, "once")}
    first, second = (client.post(path, data=sent, headers=headers) for _ in range(2))
    assert first.status_code == 200
    assert second.status_code == 303
    after = client.get(second.headers["location"], headers=headers).text
    assert "is not told again" in after
    rows = next(iter(client.get(f"{path}.json", headers=headers).json()["tables"].values()), [])
    assert not kept or [row["name"] for row in rows].count(kept) == 1
    other = sent | {"once": hidden(client.get(path, headers=headers).text, form, "once")}
    assert client.post(path, data=other, headers=headers).status_code == 200


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(client: httpx2.Client, shows: Shows) -> None:
    """He logs in on the page that holds what he typed, looks at it, and sends it; nothing was done before."""
    page = client.get("/account/tokens", headers=shows("cleo")).text
    fields = {"form": "make", "csrf": hidden(page, "make", "csrf"), "name": "tablet <b>", "scopes": "read", "days": "3"}
    asked = client.post("/account/tokens", data=fields, headers={"Cookie": f"orepact={'0' * 43}"})
    assert asked.status_code == 401
    assert "tablet &lt;b&gt;" in asked.text
    kept = {"form": "login", "csrf": "", "path": "/account/tokens", "kept": hidden(asked.text, "login", "kept")}
    wrong = client.post("/account/login", data={**kept, "name": "cleo", "password": "wrong"})
    assert hidden(wrong.text, "login", "kept") == kept["kept"]
    inside = client.post("/account/login", data={**kept, "name": "cleo", "password": GOOD})
    assert inside.status_code == 200
    assert "tablet &lt;b&gt;" in inside.text
    session = {"Cookie": inside.headers["set-cookie"].partition(";")[0]}
    again = {name: hidden(inside.text, "make", name) for name in ("csrf", "form", "name", "scopes", "days")}
    client.cookies.clear()
    assert "tablet &lt;b&gt;" not in client.get("/account/tokens", headers=session).text
    assert client.post("/account/tokens", data=again, headers=session).status_code == 200
    assert "tablet &lt;b&gt;" in client.get("/account/tokens", headers=session).text


def test_a_form_of_an_earlier_session_does_nothing_and_loses_nothing(client: httpx2.Client, shows: Shows) -> None:
    """It is shown again with what was typed and a token that fits; a form of no page is refused."""
    fields = {"form": "make", "csrf": "of before", "name": "phone", "scopes": "read", "days": "3"}
    stale = client.post("/account/tokens", data=fields, headers=shows("ben"))
    assert stale.status_code == 403
    assert 'value="phone"' in stale.text
    assert hidden(stale.text, "make", "csrf") not in {"", "of before"}
    assert "ore_" not in stale.text
    for path in ("/tower", "/nowhere"):
        assert client.post(path, data=fields, headers=shows("ben")).status_code == 403


def test_what_is_wrong_stands_at_its_field(client: httpx2.Client, shows: Shows) -> None:
    """Every problem at once, and what was typed beside it."""
    page = client.get("/account/tokens", headers=shows("ben")).text
    fields = {"form": "make", "csrf": hidden(page, "make", "csrf"), "name": "x" * 300, "days": "many", "scopes": "everything"}
    found = client.post("/account/tokens", data=fields, headers=shows("ben"))
    assert found.status_code == 422
    assert {'id="make-name-wrong"', 'id="make-days-wrong"'} <= set(re.findall(r'id="[a-z-]+-wrong"', found.text))
    assert 'value="many"' in found.text
