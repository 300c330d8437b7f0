"""Pools as a person runs them: the example of the page, files with mistakes, and what an answer gives away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orepact import service
from orepact.cli import app
from orepact.errors import BadInput, NotFound

PAGE = Path(__file__).parents[2] / "docs" / "why" / "disclosure.md"
HIDDEN = {("north", "raw"), ("north", "salt"), ("south", "raw"), ("south", "salt")}


@pytest.fixture
def example(tmp_path: Path) -> tuple[Path, Path]:
    """The two files that the page shows."""
    text = PAGE.read_text(encoding="utf-8")
    for kind, name in (("yaml", "regions.yaml"), ("text", "regions.csv")):
        (block,) = re.findall(rf"```{kind}\n(.*?)```", text, flags=re.DOTALL)
        (tmp_path / name).write_text(block, encoding="utf-8")
    return tmp_path / "regions.yaml", tmp_path / "regions.csv"


def test_the_example_of_the_page(example: tuple[Path, Path]) -> None:
    data = service.run_pool(*example).data
    told = data[~data["hidden"]].set_index(["row", "column"])["amount"].to_dict()
    assert told == {
        ("total", "total"): 750,
        ("total", "raw"): 395,
        ("total", "salt"): 355,
        ("north", "total"): 205,
        ("south", "total"): 185,
        ("west", "total"): 360,
        ("west", "raw"): 160,
        ("west", "salt"): 200,
    }
    assert set(data[data["hidden"]].set_index(["row", "column"]).index) == HIDDEN
    assert data.loc[data["hidden"], "amount"].isna().all()


def test_the_audit_of_the_page(example: tuple[Path, Path]) -> None:
    found = service.run_pool(*example, rows="audit")
    rows = found.data.set_index(["row", "column"])
    assert set(rows.index) == HIDDEN
    ends = {cell: (line["lowest"], line["highest"]) for cell, line in rows.iterrows()}
    assert ends[("north", "raw")] == pytest.approx((50, 205))
    assert ends[("north", "salt")] == pytest.approx((0, 155), abs=1e-6)
    assert ends[("south", "raw")] == pytest.approx((30, 185))
    assert ends[("south", "salt")] == pytest.approx((0, 155), abs=1e-6)
    assert rows["room"].to_dict() == pytest.approx(
        {
            ("north", "raw"): 65 / 115,
            ("north", "salt"): 65 / 90,
            ("south", "raw"): 65 / 120,
            ("south", "salt"): 1.0,
        }
    )
    assert rows["why"].value_counts().to_dict() == {"beside": 3, "p_percent": 1}
    assert rows.loc[("north", "raw"), ["why", "owners", "amount", "by"]].tolist() == ["p_percent", 3, 115, "Bo"]
    assert rows.loc[("north", "raw"), "estimate"] == pytest.approx(155 / 90 - 1)
    assert not rows["narrowed"].any()
    assert found.meta["least_room"] == pytest.approx(65 / 120)
    wider = service.run_pool(*example, rows="audit", within=0.6).data.set_index(["row", "column"])["narrowed"].to_dict()
    assert {cell for cell, narrowed in wider.items() if narrowed} == {("north", "raw"), ("south", "raw")}


def test_what_is_told_depends_on_nothing_else(example: tuple[Path, Path]) -> None:
    pool, amounts = example
    before = json.dumps(service.run_pool(pool, amounts).envelope())
    # Other owners, the same sums: Ada and Bo change places in the north, 1 t goes from one to another in a cell that is told.
    swapped = amounts.read_text().replace("Ada,north,raw,90", "Eve,north,raw,89").replace("Bo,north,raw,20", "Bo,north,raw,21")
    swapped = swapped.replace("Bo,west,salt,70", "Bo,west,salt,69").replace("Di,west,salt,60", "Di,west,salt,61")
    amounts.write_text(swapped, encoding="utf-8")
    assert json.dumps(service.run_pool(pool, amounts).envelope()) == before


def test_every_mistake_of_the_amounts_at_once(example: tuple[Path, Path]) -> None:
    pool, amounts = example
    amounts.write_text(
        "owner,row,column,amount,unit\n ,north,raw,1,t\nAda,total,raw,1,t\nAda,north,gold,1,MWh\nAda,north,raw,-1,t\n"
        "Ada,north,raw,many,t\nAda,north,raw,1e30,kg\nAda,north,raw,1,furlong\nBo,south,raw,1,\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        service.run_pool(pool, amounts)
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "owner"),
        (3, "row"),
        (4, "column"),
        (4, "unit"),
        (5, "amount"),
        (6, "amount"),
        (7, "amount"),
        (8, "unit"),
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", "file"),
        ("owner,row,column,amount\n", ""),
        ("owner,row,column\nAda,north,raw\n", "amount"),
        ("\xff", None),
    ],
)
def test_no_amounts_are_bad_input(example: tuple[Path, Path], text: str, column: str | None) -> None:
    pool, amounts = example
    amounts.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput) as caught:
        service.run_pool(pool, amounts)
    if column is not None:
        assert [p.column for p in caught.value.problems] == [column]


def test_bad_questions(example: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="did you mean lithium_stocks"):
        service.show_pool("lithium_stock")
    with pytest.raises(NotFound):
        service.run_pool(*example, rows="all")
    with pytest.raises(BadInput, match="within"):
        service.run_pool(*example, rows="audit", within=float("nan"))
    with pytest.raises(BadInput):
        service.run_pool(tmp_path / "none.yaml", example[1])


def test_stricter_rules_of_ones_own(example: tuple[Path, Path], tmp_path: Path) -> None:
    """Four owners: none of the six cells has them, nor has the north; beside it the south, the smallest of its column, goes."""
    (tmp_path / "own.yaml").write_text("least_owners: {value: 4}\n", encoding="utf-8")
    data = service.run_pool(*example, rules=tmp_path / "own.yaml").data
    told = data[~data["hidden"]].set_index(["row", "column"])["amount"].to_dict()
    assert told == {("total", "total"): 750, ("total", "raw"): 395, ("total", "salt"): 355, ("west", "total"): 360}


def test_nobody_has_anything(example: tuple[Path, Path]) -> None:
    pool, amounts = example
    amounts.write_text("owner,row,column,amount\nAda,north,raw,0\n", encoding="utf-8")
    assert service.run_pool(pool, amounts).data["amount"].tolist() == [0.0] * 12
    assert len(service.run_pool(pool, amounts, rows="audit").data) == 0


def test_the_command(example: tuple[Path, Path]) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["pool", "run", *map(str, example)])
    assert done.exit_code == 0
    assert "8 of 12 sums are told" in done.stdout
    assert done.stdout.count("hidden") == 4
    listed = runner.invoke(app, ["pool", "list", "--format", "json"])
    assert "lithium_stocks" in {row["pool"] for row in json.loads(listed.stdout)["data"]}
    shown = runner.invoke(app, ["pool", "show", "lithium_stocks", "--format", "csv"])
    assert "row,CAN,Canada,north_america,True" in shown.stdout
    assert "row,total,All places,,False" in shown.stdout
