"""What is closed to an audience changes neither the edition that it is told nor the sources that it sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import NotFound
from orepact.facts import Audience, Ledger
from orepact.service.asking import list_sources
from orepact.service.opening import manifest_of

CLAIMS = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
SOURCES = "source,producer,title,edition,published,licence,attribution,address,grade,ships\nours,We,Our book,1,2025,own,,,A,no\n"


def laid_over(folder: Path, closed: int = 0) -> Ledger:
    """The facts with an open claim, and one for nrcan alone."""
    folder.mkdir()
    rows, sources = "FRA/cobalt,mine_production,5555,t,2015,,,ours,2025,reported,TLP:CLEAR,\n", SOURCES
    if closed:
        rows += f"FRA/cobalt,mine_production,{closed},t,2016,,,theirs_secret,2025,reported,TLP:RED/nrcan,\n"
        sources += "theirs_secret,Ministry,A closed dossier,1,2025,own,,,A,no\n"
    (folder / "mine.csv").write_text(CLAIMS + rows)
    (folder / "sources.csv").write_text(sources)
    return Ledger.shipped([folder])


def test_a_closed_claim_changes_nothing_for_who_is_not_shown_it(tmp_path: Path) -> None:
    held = [laid_over(tmp_path / str(closed), closed) for closed in (0, 7, 8)]
    for audience, different in ((Audience(), 1), (Audience("nrcan"), 3), (None, 3)):
        views = [each.at(audience=audience) for each in held]
        assert len({each.edition for each in views}) == different
        assert len({manifest_of(each)["hash"] for each in views}) == different
        assert ("theirs_secret" in set(list_sources(views[1]).data["source"])) == (different > 1)
    with pytest.raises(NotFound) as caught:
        list_sources(held[1].at(audience=Audience()), source="theirs_secre")
    assert "theirs_secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("audience", "told"),
    [(None, True), (Audience(), False), (Audience("nrcan"), False), (Audience("nrcan", community=True, steward=False), False)],
)
def test_where_facts_were_laid_over_those_of_the_package_is_told_to_their_holder_alone(
    audience: Audience | None, told: bool, tmp_path: Path
) -> None:
    found = manifest_of(laid_over(tmp_path / "held", 7).at(audience=audience))
    assert found.get("overlays", []) == ([str(tmp_path / "held")] if told else [])
    assert (str(tmp_path) in str(found)) == told
