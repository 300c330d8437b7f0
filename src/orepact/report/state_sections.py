"""Sections on where things stand behind the statistics: traced origins, what changed, carbon and eligibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.brief import Block, Section, joined
from orepact.report.reliance import basis_of

if TYPE_CHECKING:
    from orepact.report.assemble import Material


def traced_section(material: Material) -> Section:
    """Traced dependence of the cells made in the three countries, beside what import statistics say."""
    traced, sellers = material.traced, material.last_seller
    words = (
        "Import statistics name the last seller. Tracing follows each metal back through cathode, chemical and ore to the mine.",
        *sellers.sentences(),
        *traced.sentences(),
    )
    blocks: list[Block] = [*([picture] if (picture := sellers.picture()) else []), traced.table(), traced.picture()]
    question = "Where do the metals in Korean, Japanese and Canadian cells really come from, and who controls them?"
    basis = joined([traced.basis, *(basis_of(item) for item in material.bought[:1])], traced.basis.method)
    return Section("origin", "Behind the last seller", question, words, tuple(blocks), basis)


def changes_section(material: Material) -> Section:
    """What changed from the year before, and since trade is known."""
    changes = material.changes
    blocks: list[Block] = []
    if changes.output:
        blocks += [changes.output_table(), changes.leaning_table()]
    picture = changes.trade_picture()
    blocks += [picture] if picture else []
    question = f"What changed from {material.year - 1} to {material.year}, and who became the largest seller over the years?"
    why = f": {material.earlier_problem}" if material.earlier_problem else ""
    missing = f"The year {material.year - 1} cannot be balanced, so outputs of two years cannot be compared{why}."
    words = (*changes.sentences(), *([missing] if changes.earlier is None else []))
    return Section("changes", "What changed", question, words, tuple(blocks), changes.basis)


def carbon_section(material: Material) -> Section:
    """Carbon per kilowatt-hour by chemistry and place, and where it is emitted."""
    carbon = material.carbon
    blocks: list[Block] = []
    if carbon.known:
        where = carbon.where_picture()
        blocks = [carbon.matrix(), carbon.steps_picture(), *([where] if where else [])]
    question = "How much carbon does a kilowatt-hour of battery cell carry, by chemistry and place, and where is it emitted?"
    return Section("carbon", "Carbon in a cell", question, carbon.sentences(), tuple(blocks), carbon.basis)


def eligibility_section(material: Material) -> Section:
    """Which cells would qualify under which rules, and what would have to change."""
    found = material.eligibility
    blocks: tuple[Block, ...] = (
        (found.matrix(), found.reasons_table(), found.costs_table(), found.changes_table()) if found.found else ()
    )
    question = "Would a cell made in Korea, Japan, Canada or the United States qualify, why not, and what would it take?"
    return Section("eligibility", "Which rules it meets", question, found.sentences(), blocks, found.basis)


MAKERS = (traced_section, changes_section, carbon_section, eligibility_section)
