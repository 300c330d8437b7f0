"""Scenario files: what they may say, what they inherit, and every mistake at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tools import schema

from orepact.chain.policy import CapacityTarget, LargestSupplierShare
from orepact.chain.scenario import Scenario
from orepact.chain.scenario_files import shipped_scenarios
from orepact.errors import BadInput, NotFound

BASE = """
id: base
title: Base
years: [2025, 2030]
discount_rate: 0.04
status_probability: {construction: 0.9, study: 0.2}
limits:
  - {name: cap, kind: largest_supplier_share, commodities: ore, places: [KOR, JPN], max_share: 0.65}
  - {name: home, kind: capacity_target, owner_country: JPN, commodities: [cell], minimum: 600, from_year: 2030}
"""
CHILD = """
id: child
parent: base.yaml
status_probability: {study: 0.5}
limits:
  - {name: home, minimum: 700}
  - {name: more, kind: capacity_target, owner_country: KOR, commodities: cell, minimum: 5, shortfall_cost_usd: 10}
"""


def written(folder: Path, **files: str) -> Path:
    """The files in a folder; returns the last one."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{list(files)[-1]}.yaml"


def problems(path: Path) -> list[str]:
    """The problems that loading raises."""
    with pytest.raises(BadInput) as caught:
        Scenario.load(path)
    return [str(problem) for problem in caught.value.problems]


def test_a_child_states_only_what_differs(tmp_path: Path) -> None:
    """Mappings merge by key, named limits by name; the rest is the parent's."""
    child = Scenario.load(written(tmp_path, base=BASE, child=CHILD))
    assert (child.id, child.title, child.years, child.discount_rate) == ("child", "Base", (2025, 2030), 0.04)
    assert child.status_probability == {"construction": 0.9, "study": 0.5}
    cap, home, more = child.limits
    assert isinstance(cap, LargestSupplierShare)
    assert (cap.places, cap.by) == (("KOR", "JPN"), "place")
    assert isinstance(home, CapacityTarget)
    assert (home.minimum, home.from_year) == (700, 2030)
    assert isinstance(more, CapacityTarget)
    assert more.shortfall_cost_usd == 10


def test_a_child_may_switch_a_limit_off(tmp_path: Path) -> None:
    """``enabled: false``."""
    child = Scenario.load(
        written(tmp_path, base=BASE, child="id: child\nparent: base.yaml\nlimits: [{name: cap, enabled: false}]\n")
    )
    assert [limit.name for limit in child.active_limits] == ["home"]


def test_the_hash_is_of_the_content() -> None:
    """The order of keys does not count, a number does."""
    first = Scenario.from_mapping({"id": "a", "years": [2025], "discount_rate": 0.05})
    assert first.hash == Scenario.from_mapping({"discount_rate": 0.05, "years": [2025], "id": "a"}).hash
    assert first.hash != Scenario.from_mapping({"id": "a", "years": [2025], "discount_rate": 0.06}).hash


def test_every_mistake_at_once_with_file_and_key(tmp_path: Path) -> None:
    """Mistakes of parent and child in one report, each in the file that makes it."""
    child = CHILD + "discount_rat: 0.1\nrestrictions: [suez, sues]\nreference: {nonsense: 1}\n"
    base = (
        BASE.replace("minimum: 600", "minimun: 600")
        .replace("max_share: 0.65", "max_share: 65")
        .replace("[2025, 2030]", "[2030, 2025]")
    )
    found = problems(written(tmp_path, base=base, child=child.replace("minimum: 700", "from_year: 2030")))
    text = "\n".join(found)
    assert (
        "child.yaml, discount_rat: expected a known key, found unknown key 'discount_rat'; did you mean discount_rate?" in found
    )
    assert "base.yaml, limits.1.minimun: expected a known key, found unknown key 'minimun'; did you mean minimum?" in found
    assert any(line.startswith("base.yaml, limits.0.max_share: expected less than or equal to 1, found 65") for line in found)
    assert "base.yaml, years: expected model years that rise, each once, found [2030, 2025]; change years" in found
    assert "child.yaml, restrictions.1" in text
    assert "child.yaml, reference.nonsense" in text
    assert "limits.1.minimum: expected a value for minimum, found nothing" in text


def test_an_unknown_kind_of_limit_names_the_known_ones(tmp_path: Path) -> None:
    """The kinds stand in the message."""
    (found,) = problems(written(tmp_path, one="id: one\nlimits: [{kind: quota}]\n"))
    assert "one.yaml, limits.0" in found
    assert "largest_supplier_share" in found


def test_a_ring_of_parents(tmp_path: Path) -> None:
    """a > b > a."""
    (found,) = problems(written(tmp_path, a="id: a\nparent: b.yaml\n", b="id: b\nparent: a.yaml\n"))
    assert "a ring: b > a > b" in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id: [", "expected YAML"),
        (b"\xff\xfe\x00binary", "expected UTF-8 text"),
        (b"- a\n- b\n", "expected keys with values, found list"),
        (b"", "expected keys with values"),
        (b"id: x\nparent: nowhere.yaml\n", "no file nowhere.yaml"),
        (b"id: x\nparent: nowhere\n", "a known scenario"),
        (b"title: no id\n", "a value for id"),
        (b"id: Bad Id\n", "id"),
    ],
)
def test_files_that_are_no_scenario(tmp_path: Path, content: bytes, message: str) -> None:
    """One clear report, never a crash."""
    (tmp_path / "bad.yaml").write_bytes(content)
    assert message in "\n".join(problems(tmp_path / "bad.yaml"))


def test_an_unknown_scenario_or_file() -> None:
    """A name that is not shipped, a file that is not there."""
    with pytest.raises(NotFound):
        Scenario.load("no_such_scenario")
    with pytest.raises(BadInput, match=r"no file no_such\.yaml"):
        Scenario.load("no_such.yaml")


def test_the_published_schema_is_current() -> None:
    """``python -m tools.schema`` writes it."""
    assert schema.main(["--check"]) == 0, "run python -m tools.schema"


def test_the_published_schema_takes_what_the_loader_takes(tmp_path: Path) -> None:
    """And refuses what it refuses; the merged form is what is checked."""
    import yaml

    check = Draft202012Validator(json.loads(schema.TARGET.read_text(encoding="utf-8")))
    assert check.is_valid(yaml.safe_load(BASE))
    assert not check.is_valid({"id": "x", "limits": [{"kind": "capacity_target"}]})
    assert not check.is_valid({"id": "x", "colour": "red"})


def test_every_shipped_scenario_loads() -> None:
    """Its id is the name of its file."""
    for name in shipped_scenarios():
        assert Scenario.load(name).id == name


@pytest.mark.parametrize("years", [[1800, 2030], [2030, 9999], [2000, 2101]])
def test_years_in_which_nobody_plans_are_refused(years: list[int]) -> None:
    """Where they are written, and not by the solver."""
    with pytest.raises(BadInput, match=r"model years from 1900 to 2199, at most 100 from the first to the last"):
        Scenario.from_mapping({"id": "a", "years": years})
