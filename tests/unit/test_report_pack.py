"""The pack of a meeting as a page: in four languages, whole, with what is English in it marked, and nothing fetched."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orepact.errors import NotFound
from orepact.pact.briefing.dossier import dossier
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.form import examples
from orepact.pact.records.register import Register
from orepact.report.pack_page import pack_of, render_pack, write_packs
from orepact.report.voice import LANGUAGES
from pact_real import DIALOGUE, MOC, changed, made, real

TODAY = date(2026, 11, 22)
VOID = {"meta", "link", "br"}


class _Page(HTMLParser):
    """Text in order, texts in English, open tags that were not closed, ids and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.english: list[str] = []
        self.open: list[tuple[str, str | None]] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found[name]) for name in ("href", "src") if name in found]
        if tag not in VOID:
            self.open.append((tag, found.get("lang")))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop()[0] != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in ("style", "title") for tag, _ in self.open):
            words = " ".join(data.split())
            self.texts.append(words)
            said = next((language for _, language in reversed(self.open) if language), None)
            self.english += [words] if said == "en" else []


def _page(language: str, register: Register | None = None, body: str = DIALOGUE, on: date = TODAY) -> _Page:
    known = register or real()
    return _Page(render_pack(pack_of(dossier(body, known, on), known, language, {"on": on.isoformat()})))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("body", [DIALOGUE, "ca-jp-jec", "ca-kr-icc", "ca-kr-csp-dialogue", "ca-kr-eds"])
def test_a_page_is_whole_and_fetches_nothing(language: str, body: str) -> None:
    page = _page(language, body=body)
    assert (page.wrong, page.open) == ([], [])
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert [link for link in page.links if not link.startswith(("#", "data:"))] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["26 August 2026", "GAC", "METI", "next chair for Canada", "Only GAC has not served in this round."]),
        ("fr", ["26 août 2026", "AMC", "prochaine présidence pour : Canada", "ISDE (9 juillet 2024)", "Projet d'ordre du jour"]),
        ("ja", ["2026年8月26日", "経済産業省", "次期議長(カナダ側)", "議題案", "日加蓄電池サプライチェーン対話"]),
        ("ko", ["2026년 8월 26일", "차기 의장 (캐나다 측)", "의제 초안", "캐나다-일본 배터리 공급망 대화"]),
    ],
)
def test_the_page_says_when_the_meeting_is_due_and_who_chairs(language: str, words: list[str]) -> None:
    text = " ".join(_page(language).texts)
    assert [word for word in words if word not in text] == []


ENDED = changed(real(), "body", DIALOGUE, ended="2026-03-31", end_reason="merged into another")
OVER = real().plus([made("end_notice", id="end", instrument=MOC, organisation="meti", given_on="2026-03-31")])
NEW = made("body", id="group", body_kind="working_group", announced="2026-11-20", meets={"every_months": 6})


@pytest.mark.parametrize(
    ("register", "body", "language", "words"),
    [
        (ENDED, DIALOGUE, "en", "It ended on 31 March 2026: no meeting is owed any more."),
        (ENDED, DIALOGUE, "fr", "L'instance a pris fin le 31 mars 2026 : plus aucune réunion n'est due."),
        (ENDED, DIALOGUE, "ja", "2026年3月31日に終了したため、会合を開く義務はもうありません。"),
        (ENDED, DIALOGUE, "ko", "2026년 3월 31일에 종료되어 더 이상 회의 의무가 없습니다."),
        (OVER, DIALOGUE, "en", "Its instrument ended on 30 June 2026: no meeting is owed under it any more."),
        (OVER, DIALOGUE, "fr", "Son instrument a pris fin le 30 juin 2026 : plus aucune réunion n'est due à ce titre."),
        (OVER, DIALOGUE, "ja", "根拠文書が2026年6月30日に終了したため、それに基づく会合の義務はもうありません。"),
        (OVER, DIALOGUE, "ko", "근거 문서가 2026년 6월 30일에 종료되어 그에 따른 회의 의무는 더 이상 없습니다."),
        (real().plus([NEW]), "group", "en", "Counted from 20 November 2026, when it was set up."),
        (real().plus([NEW]), "group", "fr", "Compté à partir de sa création, le 20 novembre 2026."),
        (real().plus([NEW]), "group", "ja", "設置された2026年11月20日から起算しています。"),
        (real().plus([NEW]), "group", "ko", "설치된 2026년 11월 20일부터 기산합니다."),
    ],
)
def test_the_page_says_why_no_meeting_is_owed_and_from_when_it_counts(
    register: Register, body: str, language: str, words: str
) -> None:
    assert words in " ".join(_page(language, register, body).texts)


@pytest.mark.parametrize("language", ["fr", "ja", "ko"])
def test_what_stands_in_english_says_so(language: str) -> None:
    """Words of the page itself are never English: every longer English sentence is of a record, and marked."""
    page = _page(language)
    told = [text for text in page.texts if text not in page.english and "://" not in text]
    assert [text for text in told if re.search(r"\b(the|and|is|are|of|was|under)\b", text)] == []
    assert "Asahi Kasei separator plant" in page.english


@pytest.mark.parametrize("language", ["fr", "ja", "ko"])
def test_the_articles_of_the_memorandum_stand_in_the_language_of_the_page(language: str) -> None:
    articles = real().get(Instrument, MOC).articles
    assert [one.id for one in articles if one.text_in(language) == one.text] == []
    page = _page(language)
    assert [one.id for one in articles if one.text_in(language) not in page.texts] == []


def test_the_english_page_marks_nothing_as_untranslated() -> None:
    assert "untold" not in render_pack(pack_of(dossier(DIALOGUE, real(), TODAY), real(), "en", {})).partition("</style>")[2]


def test_the_draft_agenda_begins_with_the_sister_body() -> None:
    item = made("item", id="x-1", title="Recycling of scrap", body="ca-jp-jcepd-cmwg", opened="2026-01-10")
    texts = _page("en", real().plus([item])).texts
    start = texts.index("First: what sister bodies work on")
    assert texts[start + 1 : start + 3] == ["Recycling of scrap", "open since 10 January 2026"]


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [("2026-11-21", "en", "1 day late"), ("2026-11-20", "fr", "2 jours de retard"), ("2026-11-12", "ko", "10일 경과")],
)
def test_overdue_commitments_say_by_how_many_days(days: str, language: str, words: str) -> None:
    late = made("commitment", id="a-late", owner="nrcan", instrument=MOC, made="2025-08-26", due=days)
    assert words in " ".join(_page(language, real().plus([late])).texts)


@pytest.mark.parametrize(
    ("turned", "language", "words"),
    [
        (4, "en", "proposed 1 March 2026, waits for GAC"),
        (5, "en", "proposed 1 March 2026, approved by all, to be carried out"),
        (5, "fr", "proposé (1 mars 2026), approuvé par tous, à mettre en œuvre"),
        (5, "ja", "2026年3月1日提案、全参加者が承認済み、実施待ち"),
        (5, "ko", "2026년 3월 1일 제안, 모든 참여자 승인, 이행 대기"),
    ],
)
def test_an_amendment_waits_for_keys_that_are_not_turned(turned: int, language: str, words: str) -> None:
    change = {"new": {"id": f"{MOC}:x", "ref": "x", "chapter": "area", "text": "More."}}
    wider = made("amendment", id="wider", instrument=MOC, proposed="2026-03-01", changes=[change])
    names = [("JPN", "meti"), ("JPN", "mofa-jp"), ("CAN", "ised"), ("CAN", "nrcan"), ("CAN", "gac")]
    keys = [
        {
            "side": side,
            "organisation": name,
            "person": f"p-{name}",
            "verdict": "approve",
            "reason": "yes",
            "given_at": "2026-03-03T00:00Z",
        }
        for side, name in names[:turned]
    ]
    holders = [{"side": "JPN", "organisations": ["meti", "mofa-jp"]}, {"side": "CAN", "organisations": ["ised", "nrcan", "gac"]}]
    asked = made(
        "decision", id="d", instrument=MOC, subject={"what": "amendment", "amendment": "wider"}, asked_at="2026-03-02T00:00Z",
        asked_by="meti", quorum="all_participants", holders=holders, keys=keys,
    )  # fmt: skip
    assert words in " ".join(_page(language, real().plus([wider, asked])).texts)


def test_what_people_wrote_is_text_and_no_markup() -> None:
    nasty = "<script>alert(1)</script> {n} {{ 7 * 7 }} & <b>"
    item = made("item", id="x-1", title=nasty, body=DIALOGUE, opened="2026-01-10")
    page = _page("fr", real().plus([item]))
    assert nasty in page.texts
    assert page.wrong == []


def test_the_page_carries_the_strictest_label_of_what_it_shows() -> None:
    item = made("item", id="x-1", body=DIALOGUE, opened="2026-01-10", label="TLP:AMBER/meti")
    assert "TLP:CLEAR" in _page("en").texts
    assert "TLP:AMBER/meti" in _page("en", real().plus([item])).texts


def test_pages_of_all_languages_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    known = real()
    file = dossier(DIALOGUE, known, TODAY)
    folder = tmp_path / "pack"
    with pytest.raises(NotFound, match="de"):
        write_packs(folder, file, known, ["en", "de"])
    assert not folder.exists()
    pages = write_packs(folder, file, known, [*LANGUAGES])
    assert sorted(path.name for path in folder.iterdir()) == [f"pack.{language}.html" for language in sorted(LANGUAGES)]
    (folder / "mine.txt").write_text("stays")
    again = pages["ja"].read_bytes()
    write_packs(folder, file, known, ["ja"])
    assert ((folder / "mine.txt").read_text(), pages["ja"].read_bytes()) == ("stays", again)


@pytest.mark.parametrize(
    ("language", "day"), [("en", "26 August 2026"), ("fr", "26 août 2026"), ("ja", "2026年8月26日"), ("ko", "2026년 8월 26일")]
)
def test_a_date_at_the_top_is_set_so_that_it_stays_in_one_line_on_a_telephone(language: str, day: str) -> None:
    known = real()
    page = render_pack(pack_of(dossier(DIALOGUE, known, TODAY), known, language, {}))
    assert re.findall(r'<dd class="([a-z ]*)"><span>(.*?)</span>', page)[0] == ("long whole", day)
    assert '<dd class=" whole">18</dd>' in page


def test_a_body_names_the_decision_that_made_it() -> None:
    decision = made("decision", **examples()["decision"])
    known = changed(real().plus([decision]), "body", DIALOGUE, decision=decision.id)
    texts = _page("fr", known).texts
    assert texts[texts.index("Créé par une décision") :][:3] == ["Créé par une décision", "·", decision.title]
    assert "Créé par une décision" not in _page("fr").texts
