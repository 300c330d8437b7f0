"""Every name that the shock engine offers can be imported and says what it is."""

from __future__ import annotations

from types import ModuleType

import pytest

import orepact
from orepact import service, shock
from orepact.service import shock as use_cases


@pytest.mark.parametrize("name", shock.__all__)
def test_each_name_of_the_engine_has_words(name: str) -> None:
    assert (getattr(shock, name).__doc__ or "").strip()


@pytest.mark.parametrize("name", use_cases.__all__)
def test_each_use_case_has_words(name: str) -> None:
    assert (getattr(use_cases, name).__doc__ or "").strip()


def test_the_whole_engine_can_be_asked() -> None:
    assert {"respond", "expose", "run_members", "Study", "WatchRules", "Disruption"} <= set(shock.__all__)
    assert {"respond_to", "exposure", "ensemble", "watch", "disruption_for", "case_for"} <= set(use_cases.__all__)


def test_the_engine_is_reached_from_the_top() -> None:
    assert orepact.shock.case_of is shock.case_of
    assert orepact.service.shock is use_cases


@pytest.mark.parametrize("room", [orepact, service, shock, use_cases])
def test_a_name_that_is_not_there_is_said(room: object) -> None:
    with pytest.raises(AttributeError, match=r"module '[a-z.]+' has no attribute 'earthquake'"):
        room.earthquake  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("package", [shock, use_cases, service])
def test_a_notebook_completes_the_names(package: ModuleType) -> None:
    assert set(package.__all__) <= set(dir(package))
