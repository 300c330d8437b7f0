"""What an answer depends on of the operator's facts: what its reader is shown of them, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs_world import HEAD, OWN_PRICE, OWN_SOURCE, desk_of

from orepact.facts.labels import Audience
from orepact.service.jobs import marks, submit_run
from orepact.store.store import Store

ASKED = {"place": "CAN", "commodity": "nickel_class1", "as_of": "2026-11-01"}
NRCAN, METI = Audience("nrcan", community=True), Audience("meti", community=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That of the operator, with a claim that is nrcan's alone."""
    (tmp_path / "sources.csv").write_text(OWN_SOURCE, encoding="utf-8")
    (tmp_path / "claims.csv").write_text(OWN_PRICE, encoding="utf-8")
    monkeypatch.setenv(marks.VARIABLE, str(tmp_path))
    return tmp_path


def test_a_closed_claim_that_changes_marks_nothing_for_others(folder: Path) -> None:
    """For its owner and for who holds the files it does; an open one does for all."""

    def told() -> list[str]:
        return [marks.facts_mark(audience) for audience in (METI, NRCAN, None)]

    before = told()
    (folder / "claims.csv").write_text(OWN_PRICE.replace("30000", "31000"), encoding="utf-8")
    after = told()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]
    open_too = OWN_PRICE + OWN_PRICE.removeprefix(HEAD).replace("TLP:AMBER+STRICT/nrcan", "TLP:CLEAR").replace("2026,,", "2025,,")
    (folder / "claims.csv").write_text(open_too, encoding="utf-8")
    assert not set(told()) & {*before, *after}


def test_what_was_answered_is_not_computed_anew_for_what_is_closed(folder: Path, small: Store) -> None:
    """Nobody sees by his own run that somebody else's claim has changed."""
    emi, ana = desk_of(small, "emi", "meti"), desk_of(small, "ana", "nrcan")
    runs = [submit_run("watch", ASKED, desk).top["run"] for desk in (emi, ana)]
    (folder / "claims.csv").write_text(OWN_PRICE.replace("30000", "31000"), encoding="utf-8")
    again = [submit_run("watch", ASKED, desk).top["run"] for desk in (emi, ana)]
    assert again[0] == runs[0], "it still waits, as the same question"
    assert again[1] != runs[1]
