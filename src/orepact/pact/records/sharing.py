"""Which fields of a record can have a label of their own, and which say with whom it is shared."""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

#: The fields that say with whom a record is shared: the owner of its label alone is shown them.
SHARING = ("readers", "opens", "labels", "pools")
#: Fields that stand for all of the record.
_WHOLE = ("id", "label", *SHARING)


@cache
def labelled(kind: type[BaseModel], path: str) -> bool:
    """Whether a field can have a label of its own: its path leads somewhere, and a default can stand for it."""
    name, _, rest = path.partition(".")
    field = kind.model_fields.get(name)
    if field is None or path in _WHOLE:
        return False
    if not rest:
        return not field.is_required()
    parts = [*_parts(field.annotation)]
    return bool(parts) and all(labelled(part, rest) for part in parts)


def _parts(annotation: Any) -> list[type[BaseModel]]:
    """The kinds of parts that a field holds, alone or in tuples; none where it may hold something else."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, UnionType, tuple):
        inner = [_parts(one) for one in get_args(annotation) if one not in (Ellipsis, NoneType)]
        return [part for parts in inner for part in parts] if all(inner) else []
    return [annotation] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []
