"""A folder is written whole or not at all, and what stood there comes back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from orepact.chain.whole_folder import demand_target, files_in_place, folder_in_place
from orepact.errors import BadInput


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with folder_in_place(target, {"a"}) as draft:
        (draft / "a").write_text("1")
        assert not target.exists()
    assert names(target) == {"a"}
    assert names(target.parent) == {"out"}


def test_a_failure_leaves_the_old_folder_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with folder_in_place(target, {"a"}) as draft:
        (draft / "a").write_text("old")

    def fail() -> None:
        with folder_in_place(target, {"a"}, overwrite=True) as draft:
            (draft / "a").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (target / "a").read_text() == "old"
    assert names(tmp_path) == {"out"}


def test_a_move_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    with folder_in_place(target, {"a"}) as draft:
        (draft / "a").write_text("old")
    real = Path.replace

    def broken(self: Path, other: Path) -> Path:
        if Path(other) == target and self.parent == tmp_path and self.name.startswith(".out-") and not self.name.endswith(".old"):
            raise OSError
        return real(self, other)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError), folder_in_place(target, {"a"}, overwrite=True) as draft:
        (draft / "a").write_text("new")
    assert (target / "a").read_text() == "old"
    assert names(tmp_path) == {"out"}


def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("1")
    with pytest.raises(BadInput, match="empty or new folder"):
        demand_target(tmp_path, {"a"}, overwrite=False)
    with pytest.raises(BadInput, match="other files"):
        demand_target(tmp_path, {"a"}, overwrite=True)
    with pytest.raises(BadInput, match="a file"):
        demand_target(tmp_path / "mine", {"a"}, overwrite=True)


def test_files_replace_theirs_together_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "old.csv").write_text("old")
    with files_in_place(tmp_path, ["page", "data"]) as draft:
        (draft / "page").write_text("1")
        (draft / "data").mkdir()
        (draft / "data" / "new.csv").write_text("new")
    assert names(tmp_path) == {"mine", "page", "data"}
    assert names(tmp_path / "data") == {"new.csv"}


def test_a_file_that_was_not_written_brings_the_others_back(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("old")
    with pytest.raises(FileNotFoundError), files_in_place(tmp_path, ["page", "data"]) as draft:
        (draft / "page").write_text("new")
    assert (tmp_path / "page").read_text() == "old"
    assert names(tmp_path) == {"page"}


def test_where_nothing_can_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    """Below a file there can be no folder: the folder that was asked for is named, not the draft."""
    (tmp_path / "file").write_text("1")
    target = tmp_path / "file" / "out"
    with pytest.raises(BadInput) as caught:
        demand_target(target, {"a"}, overwrite=False)
    (problem,) = caught.value.problems
    assert (problem.file, problem.expected) == (str(target), "a folder that can be written to")
    assert ".out-" not in str(problem)


def test_a_draft_that_cannot_be_made_is_told_by_the_folder_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied", "secret-draft-name")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(BadInput, match="Permission denied") as caught, folder_in_place(tmp_path / "out", {"a"}):
        raise AssertionError("nothing may be written")
    assert "secret" not in str(caught.value)


def test_asking_leaves_nothing_behind(tmp_path: Path) -> None:
    demand_target(tmp_path / "deep" / "out", {"a"}, overwrite=False)
    assert not names(tmp_path)
