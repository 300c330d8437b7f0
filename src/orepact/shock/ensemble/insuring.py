"""Which insurance saves most per dollar, tried on the years that lose something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.ensemble.ensemble import Report, run_members
from orepact.shock.ensemble.insurance import Insured, Saving, insured, saving
from orepact.shock.ensemble.tables import TAIL, losses_of

if TYPE_CHECKING:
    from orepact.shock.ensemble.book import InsuranceBook
    from orepact.shock.ensemble.journal import Journal
    from orepact.shock.ensemble.member import MemberLoss
    from orepact.shock.ensemble.runners import Runner
    from orepact.shock.ensemble.study import Study

#: What is saved must be so many standard errors above nothing to be told from chance.
CLEAR = 2.0
COLUMNS = (
    "option", "title", "cost_usd_per_year", "saved_usd", "saved_standard_error_usd", "saved_per_dollar", "saved_tail_usd",
    "saved_tail_standard_error_usd", "saved_tail_per_dollar", "confidence", "note",
)  # fmt: skip


def insurance_table(
    study: Study,
    book: InsuranceBook,
    members: Sequence[MemberLoss],
    *,
    runner: Runner | None = None,
    journal: Journal | None = None,
    report: Report | None = None,
) -> pd.DataFrame:
    """One row for each option, the one that saves most expected loss per dollar first.

    The same years strike with and without the option. A year that loses nothing without it loses nothing with it, since every
    option only adds; those are not solved again.
    """
    before = losses_of(members)
    losing = [member.member for member in members if member.loss_usd > 0]
    rows = []
    for at, option in enumerate(book.options):
        bought = insured(study.aggregate, option, book)
        tell = _within(report, at, len(book.options))
        step = f"trying {option.id}"
        found = run_members(study.on(bought.aggregate), losing, runner=runner, journal=journal, report=tell, step=step)
        left = {member.member: member.loss_usd for member in found}
        after = np.array([left.get(member.member, 0.0) for member in members])
        saved = saving(before, after, TAIL, bought.cost_usd_per_year)
        note = "; ".join(_notes(bought, saved))
        rows.append(
            (
                option.id, option.title, bought.cost_usd_per_year, saved.expected.value, saved.expected.standard_error,
                saved.per_dollar, saved.tail.value, saved.tail.standard_error, saved.tail_per_dollar, option.confidence, note,
            )
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["saved_per_dollar", "option"], ascending=[False, True], na_position="last").reset_index(drop=True)


def _notes(bought: Insured, saved: Saving) -> list[str]:
    """What to know of a row: goods left out, and a saving that is none or that so few years cannot tell from none."""
    said = [f"without {', '.join(bought.unpriced)}: no price"] if bought.unpriced else []
    if saved.expected.value <= 0:
        drawn = ", and what is below zero is how stocks were drawn" if saved.expected.value < 0 else ""
        return [*said, f"saves nothing: it helps in none of these years{drawn}"]
    if not clearly_saved(saved.expected.value, saved.expected.standard_error):
        return [*said, "within two standard errors of nothing: sample more years"]
    return said


def clearly_saved(value: float, standard_error: float) -> bool:
    """Whether a saving is one, and not what chance may give; unknown errors count as chance."""
    return value > 0 and value >= CLEAR * standard_error


def _within(report: Report | None, at: int, of: int) -> Report | None:
    return None if report is None else lambda step, share: report(step, (at + share) / of)
