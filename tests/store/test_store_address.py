"""Where the register is: by argument, by variable, by default; and how an address that is none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput
from orepact.store.address import Address


def test_without_an_address_the_register_lies_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beside the imported facts."""
    monkeypatch.delenv("OREPACT_DATABASE_URL", raising=False)
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path))
    assert Address.of().file == tmp_path / "register.db"


def test_the_variable_is_asked_where_no_address_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the argument goes before it."""
    monkeypatch.setenv("OREPACT_DATABASE_URL", "sqlite:////srv/a.db")
    assert Address.of().file == Path("/srv/a.db")
    assert Address.of("b.db").file == Path("b.db")


@pytest.mark.parametrize("text", ["dir with space/ü 50%.db", "sqlite:///dir with space/ü 50%.db"])
def test_a_file_may_have_any_name(text: str) -> None:
    """Blanks, accents, per cent signs."""
    assert str(Address.of(text).file) == "dir with space/ü 50%.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_goes_by_any_of_its_names(scheme: str) -> None:
    """All mean the driver that is installed with the extra."""
    address = Address.of(f"{scheme}://ana:secret@db.example/pact")
    assert address.url.drivername == "postgresql+psycopg"
    assert address.file is None


def test_a_password_is_never_shown() -> None:
    """Neither in words nor in errors."""
    assert str(Address.of("postgresql://ana:secret@db.example:5433/pact")) == "postgresql+psycopg://ana:***@db.example:5433/pact"
    with pytest.raises(BadInput) as caught:
        Address.of("mysql://ana:secret@db.example/pact")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro", "postgresql://h", "http://h/d", "://", "postgresql://h:port/d"]
)  # fmt: skip
def test_an_address_of_no_such_database_is_named(text: str) -> None:
    """With the forms that there are."""
    with pytest.raises(BadInput, match="a file name, sqlite:///FILE or postgresql://"):
        Address.of(text)
