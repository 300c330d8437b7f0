"""Use case: say who may see a record and what of it, besides what its label says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import keep, made, opened
from orepact.service.pact.showing import show_record

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where
    from orepact.service.result import Result

#: What is shared is said by these fields of a record.
FIELDS = ("label", "readers", "opens", "labels", "pools")


def share_record(
    kind: str,
    name: str,
    db: Where = None,
    *,
    reason: str,
    version: int,
    mark: str = "",
    label: str | None = None,
    readers: Sequence[Mapping[str, Any]] | None = None,
    opens: str | None = None,
    labels: Mapping[str, str] | None = None,
    pools: Sequence[str] | None = None,
    actor: str | None = None,
) -> Result:
    """Change the label of a record, who else may read it, from when on, labels of its fields, or the sums that may hold it.

    What is None stays as it is; ``opens`` "" takes the embargo away. ``version``: the one that was read, ``mark``: what stood for
    it there. The record comes back as ``show_record`` shows it. Raises ``BadInput`` with every problem, ``NotFound``,
    ``Conflict``.
    """
    given: dict[str, Any] = {"label": label, "readers": readers, "opens": opens, "labels": labels, "pools": pools}
    changed = {field: value for field, value in given.items() if value is not None}
    if not changed:
        expected = f"some of {', '.join(FIELDS)}"
        raise BadInput([Problem("sharing", expected, "nothing", "say what shall change")])
    with opened(db) as store:
        before = store.stand(kind, name).item
        content = {**before.content(), **changed}
        content |= {"opens": None} if opens == "" else {}
        record = made(type(before), content)
        keep(store, [record], {(kind, name): version}, actor=actor, reason=reason, marks={(kind, name): mark})
    return show_record(kind, name, db)
