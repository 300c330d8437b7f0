"""Every mistake in a file of recovery times or of stocks has a folder in tests/cases; its whole report stands in expected.txt."""

import json
import shutil
from pathlib import Path

import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput
from orepact.service.shock import exposure

HERE = Path(__file__).parents[1]
TWO_MAKERS = HERE / "networks" / "recovery"
CASES = sorted((HERE / "cases").glob("exposure_*"))


def laid_out(case, folder):
    shutil.copytree(TWO_MAKERS, folder)
    for file in case.glob("*.csv"):
        shutil.copy(file, folder)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_mistake_is_reported_whole(case, tmp_path):
    with pytest.raises(BadInput) as caught:
        exposure(None, network=laid_out(case, tmp_path / "p"))
    assert str(caught.value) + "\n" == (case / "expected.txt").read_text(encoding="utf-8")
    for problem in caught.value.problems:
        assert problem.file
        assert problem.mend


def test_there_are_cases():
    assert len(CASES) >= 12


def test_the_command_ends_with_code_3_and_names_the_nearest(tmp_path, capsys):
    folder = laid_out(HERE / "cases" / "exposure_unknown_element", tmp_path / "p")
    assert run(["shock", "exposure", "--network", str(folder), "--format", "json"]) == 3
    said = capsys.readouterr()
    assert "maker_a" in json.dumps(said.out + said.err)


def test_a_file_of_ones_own_is_named_in_the_report(tmp_path):
    own = tmp_path / "mine.csv"
    own.write_text("event,element,time_to_recover\nfire,maker_a,0\n")
    with pytest.raises(BadInput, match=r"mine\.csv, row 2, time_to_recover"):
        exposure(None, network=TWO_MAKERS, recovery=own)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.csv"):
        exposure(None, network=TWO_MAKERS, recovery=tmp_path / "gone.csv")


def test_columns_beside_ours_are_named_but_do_no_harm(tmp_path):
    own = tmp_path / "mine.csv"
    own.write_text("event,element,time_to_recover,comment\nfire,plant,2,why not\n")
    result = exposure(None, network=TWO_MAKERS, recovery=own)
    assert result.data["lost_quantity"].tolist() == pytest.approx([150])
    assert any("comment is not read" in warning for warning in result.warnings)


def test_a_place_without_sites_stops_nothing_and_is_named(tmp_path):
    shutil.copytree(TWO_MAKERS, tmp_path / "p")
    places = tmp_path / "p" / "places.csv"
    places.write_text(places.read_text() + "EEE,Empty field,\n")
    (tmp_path / "p" / "recovery.csv").write_text("event,element,time_to_recover\nflood,EEE,2\n")
    result = exposure(None, network=tmp_path / "p")
    assert result.data["survives_unlimited"].tolist() == [True]
    assert any("nothing stops" in warning for warning in result.warnings)


@pytest.mark.parametrize(("time", "refused"), [("1e300", True), ("52001", True), ("52000", False)])
def test_a_time_longer_than_a_thousand_years_is_refused(tmp_path, time, refused):
    own = tmp_path / "mine.csv"
    own.write_text(f"event,element,time_to_recover\nfire,maker_a,{time}\n")
    for ask in ({"recovery": own}, {"time": float(time)}):
        if not refused:
            assert len(exposure(None, network=weekly(tmp_path), **ask).data)
            continue
        with pytest.raises(BadInput, match=r"at most 52,000 \(1,000 years\)") as caught:
            exposure(None, network=weekly(tmp_path), **ask)
        assert len(caught.value.problems) == 1


def test_without_a_unit_of_time_the_limit_is_one_of_days(tmp_path):
    with pytest.raises(BadInput, match=r"at most 364,000 \(1,000 years\), found 1e\+300"):
        exposure(None, network=TWO_MAKERS, time=1e300)


def weekly(folder: Path) -> Path:
    """The two makers, in weeks."""
    copy = folder / "weekly"
    if not copy.exists():
        shutil.copytree(TWO_MAKERS, copy)
        head = copy / "network.yaml"
        head.write_text(head.read_text(encoding="utf-8") + "\ntime_unit: week\n", encoding="utf-8")
    return copy
