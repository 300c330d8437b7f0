"""Every page of the tower, as nobody and as readers of two organisations: it answers in each language, as it promises."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from pages_world import READERS

from orepact.pact.records.readers import Reader
from orepact.service.access.may import refused
from orepact.web.api.routes import Route
from orepact.web.api.table import ROUTES
from orepact.web.pages.page import Page
from orepact.web.pages.table import PAGES

#: What stands for the names in paths, and what pages are asked that show little without; another area adds its own.
EXAMPLES = {
    "kind": "instrument", "record": "ca-jp-moc-battery-2023", "party": "KOR", "secret": "no-invitation-of-anybody",
    "instrument": "ca-jp-moc-battery-2023", "body": "ca-jp-battery-dialogue", "source": "adamas_2024",
    "incident": "drill-moa-2026", "project": "nmg-matawinie",
    "plan": "reference", "shock": "graphite_stop",
}  # fmt: skip
QUERIES = {
    "claims": "place=CAN&thing=nickel&attribute=mine_production",
    "cascade": "place=CA-QC",
    "match": "project=nemaska-becancour&grade=battery&makes=yes",
    "compare_sites": "site=becancour&site=windsor",
    "new_incident": "instrument=ca-jp-moc-battery-2023&event=moa_stop_2026",
    "plan": "good=cell_nmc811",
    "shock": "party=JPN",
    "exercise": "drill=moa-2026",
    "why": "subject=COD/cobalt&attribute=mine_production&year=2024",
}
#: Bytes of a page besides its scripts and the figures' engine, which are kept.
LARGEST = 300_000
LANGUAGES = ("en", "fr", "ja", "ko")


def address(page: Page) -> str:
    """An address of a page that is there."""
    path = page.path.format(**{name: EXAMPLES[name] for name in page.in_path})
    query = QUERIES.get(page.name, "")
    return f"{path}?{query}" if query else path


class Seen(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_page_answers(page: Page, reader: str, client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> None:
    """With one heading, its language, nothing written into it that runs, nothing of another host, a label for each field."""
    found = client.get(address(page), headers=shows(reader))
    assert found.status_code == expected(page, reader), found.text[:2000]
    assert len(found.content) <= LARGEST, "a page is soon there on a telephone"
    seen = whole(found)
    if found.status_code == 200 and reader == "ana":
        twins(client, page, shows(reader))
    if found.status_code == 200 and reader == "nobody":
        assert closed(seen) == [], "nobody is led to what is not his, but asked to log in"


def closed(seen: Seen) -> list[str]:
    """The links of a page to pages and answers that take an account."""
    nobody = Reader.holding("")
    found = []
    for link in dict.fromkeys(str(tag.get("href")) for tag in seen.all("a")):
        path = re.sub(r"^/(fr|ja|ko)(?=/)", "", link.partition("?")[0].partition("#")[0])
        deeds = [page.deed for page in PAGES if page.pattern.fullmatch(re.sub(r"\.(json|csv)$", "", path))][:1]
        deeds += [route.deed for route in ROUTES if route.method == "GET" and _fits(route, path)]
        found += [link for deed in deeds if refused(nobody, deed)]
    return found


def _fits(route: Route, path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", f"/api/v1{route.path}"), path))


def expected(page: Page, reader: str) -> int:
    """How a page answers somebody: by the table of deeds; no invitation is that of the example."""
    organisation, roles = READERS[reader]
    if page.name == "invitation" or (page.deed != "read" and not roles):
        return 401
    return 403 if refused(Reader.holding(organisation, account=reader, roles=roles), page.deed) else 200


def whole(found: httpx2.Response) -> Seen:
    """What holds of every page; what it is made of."""
    seen = Seen(found.text)
    assert "script-src 'self'; style-src 'self'" in found.headers["content-security-policy"]
    assert len(seen.all("h1")) == 1
    assert seen.all("html")[0]["lang"] in LANGUAGES
    assert all(
        script.get("src", "").startswith("/static/") or script.get("type") == "application/json" for script in seen.all("script")
    )
    assert not seen.all("style", "iframe", "object", "base")
    assert not [tag for tag in seen.tags if "style" in tag[1] or any(name.startswith("on") for name in tag[1])]
    loaded = [*(tag["href"] for tag in seen.all("link")), *(tag["src"] for tag in seen.all("script", "img") if "src" in tag)]
    assert [place for place in loaded if not (place or "").startswith(("/", "data:"))] == []
    labelled = {tag.get("for") for tag in seen.all("label")}
    fields = [tag for tag in seen.all("input", "select", "textarea") if tag.get("type") not in {"hidden", "submit"}]
    assert [tag for tag in fields if tag.get("id") not in labelled and not tag.get("aria-label")] == []
    ids = [tag["id"] for _, tag in seen.tags if tag.get("id")]
    assert len(ids) == len(set(ids))
    assert "@orepact-" not in found.text
    return seen


def twins(client: httpx2.Client, page: Page, headers: dict[str, str]) -> None:
    """The tables of a page as JSON and CSV, the same rows."""
    path, mark, query = address(page).partition("?")
    told = client.get(f"{path}.json{mark}{query}", headers=headers)
    assert told.status_code == 200
    tables = json.loads(told.text)["tables"]
    for name, rows in tables.items():
        sheet = client.get(f"{path}.csv?{query}&table={name}", headers=headers)
        assert sheet.status_code == 200
        assert sheet.headers["content-type"].startswith("text/csv")
        if rows:
            assert sheet.text.splitlines()[0].split(",") == list(rows[0])


def test_pages_that_the_table_of_coverage_names_are_there(client: httpx2.Client, shows: Callable[[str], dict[str, str]]) -> None:
    """Each with what it is named for: what shows that a requirement works is shown."""
    table = (Path(__file__).parents[2] / "docs/coverage.md").read_text(encoding="utf-8")
    named = sorted(set(re.findall(r"`(/[^`]*)`", table)))
    assert len(named) > 20
    assert {path: client.get(path, headers=shows("ana")).status_code for path in named} == dict.fromkeys(named, 200)


@pytest.mark.parametrize("language", ["fr", "ja", "ko"])
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_page_speaks_each_language(
    page: Page, language: str, client: httpx2.Client, shows: Callable[[str], dict[str, str]]
) -> None:
    """By its path."""
    found = client.get(f"/{language}{address(page)}", headers=shows("ana"))
    assert found.status_code == expected(page, "ana")
    assert f'<html lang="{language}"' in found.text


def test_language_of_cookie_and_browser(client: httpx2.Client) -> None:
    """The path goes before the cookie, the cookie before the browser."""
    asked = {"Accept-Language": "ko-KR,ko;q=0.9"}
    assert '<html lang="ko"' in client.get("/tower", headers=asked).text
    assert '<html lang="fr"' in client.get("/tower", headers=asked | {"Cookie": "orepact-language=fr"}).text
    assert '<html lang="ja"' in client.get("/ja/tower", headers=asked | {"Cookie": "orepact-language=fr"}).text
    chosen = client.get("/set?language=fr&back=/ko/why%3Fyear%3D2024")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/fr/why?year=2024")
    assert "orepact-language=fr" in chosen.headers["set-cookie"]
    assert client.get("/set?language=fr&back=//elsewhere.example").headers["location"] == "/fr/tower"
    for site, sets in (("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)):
        led = client.get("/set?theme=dark", headers={"Sec-Fetch-Site": site})
        assert (led.status_code, "set-cookie" in led.headers) == (303, sets)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404), ("/fr/nowhere", 404), ("/records/nothing", 404), ("/records/instrument/nothing", 404),
        ("/tower?as_of=yesterday", 422), ("/why?subject=%00&attribute=x", 422), ("/why?subject=CAN&attribute=nothing", 404),
        ("/records/instrument?after=%FF", 400), ("/records/instrument?search=a+b+c+d+e+f+g+h+i", 422),
        ("/static/0/tokens.css", 404), ("/account", 401), ("/records/%3Cscript%3E", 404), ("/tower.csv?table=none", 404),
        ("/tower?" + "&".join(f"x{n}=1" for n in range(500)), 200), ("/" + "a" * 9000, 414),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_told(path: str, status: int, client: httpx2.Client) -> None:
    """As a page, without a trace of the machine."""
    found = client.get(path)
    assert found.status_code == status
    if ".csv" in path:  # a program asks, and is told as one
        assert found.json()["error"]["message"]
    else:
        whole(found)
    assert not re.search(r"Traceback|site-packages|sqlite|<script>", found.text)


def test_a_page_that_is_had_is_not_sent_again(client: httpx2.Client) -> None:
    """By its tag; and files are kept for good."""
    first = client.get("/records/instrument")
    assert client.get("/records/instrument", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    sheet = next(tag["href"] for tag in Seen(first.text).all("link") if tag.get("rel") == "stylesheet")
    assert "immutable" in client.get(str(sheet)).headers["cache-control"]
    assert client.get("/", follow_redirects=True).url.path == "/tower"


def test_a_wrong_password_keeps_the_name(client: httpx2.Client) -> None:
    """Nothing typed is lost but what is secret."""
    sent = client.post("/account/login", data={"form": "login", "csrf": "", "name": "ana <b>", "password": "wrong"})
    assert sent.status_code == 401
    whole(sent)
    assert 'value="ana &lt;b&gt;"' in sent.text
    assert "wrong" not in re.sub(r'wrong-words|class="[^"]*"|or the password is wrong|-wrong', "", sent.text)
