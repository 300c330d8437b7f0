"""Columns as every table has them: texts that compare by code point, whole numbers, never NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Text

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

#: Text that compares and sorts by code point everywhere.
TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
#: Where all tables are known.
metadata = MetaData()


def text_column(name: str, *, key: bool = False) -> Column[str]:
    """A text; ``key``: a part of the key of its table."""
    return Column(name, TEXT, primary_key=key, nullable=False)


def whole_column(name: str, *, key: bool = False) -> Column[int]:
    """A whole number that nobody counts up."""
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)


def account_column() -> Column[str]:
    """The id of an account that there is."""
    return Column("account", TEXT, ForeignKey("account.id"), nullable=False)
