"""Write the tables of docs/why/criticality.md: supply risk of the EU study of 2023, ours beside the published.

``python -m tools.criticality_table`` writes them between their markers; ``--check`` says whether they are current (a test does).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from orepact.facts.ledger import Ledger
from orepact.measure.risk.agreement import AGREEING
from orepact.measure.risk.eu_study import Assessment, StageRisk, Study

PAGE = Path(__file__).parents[1] / "docs" / "why" / "criticality.md"
BEGIN, END = "<!-- tables: written by tools/criticality_table.py -->", "<!-- end of tables -->"
KINDS = {
    "equal": "equal to the printed decimal",
    "rounding": "within the rounding of the printed inputs",
    "edition": "within that rounding and 2 % for another edition of the governance estimates",
    "shares": "suppliers that no printed row names could make up the difference",
    "unexplained": "the printed inputs do not give it",
    "missing": "an input is missing",
    "unpublished": "no published value of the stage",
}


def counts_table(stages: list[StageRisk]) -> Iterator[str]:
    """How many stages agree, and how."""
    yield "| stages | how they stand to the published value |"
    yield "|---:|---|"
    counted = Counter(str(stage.agreement.kind) for stage in stages)
    for kind, words in KINDS.items():
        if counted[kind]:
            yield f"| {counted[kind]} | {words} |"


def agreeing_table(assessed: list[Assessment]) -> Iterator[str]:
    """Stages that agree, one row a material."""
    yield "| material | extraction: ours, published | processing: ours, published |"
    yield "|---|---|---|"
    for item in assessed:
        agreeing = {stage.stage: stage for stage in item.stages if stage.agreement.kind in AGREEING}
        if agreeing:
            cells = [_values(agreeing[name]) if name in agreeing else "" for name in ("extraction", "processing")]
            yield f"| {item.title} | {cells[0]} | {cells[1]} |"


def _values(stage: StageRisk) -> str:
    """``2.79, 2.8``; a star where only rounding explains the difference, two where governance must differ a little too."""
    stars = {"rounding": " *", "edition": " **"}.get(stage.agreement.kind, "")
    return f"{stage.supply_risk:.2f}, {stage.published:.1f}{stars}"


def deviations_table(assessed: list[Assessment]) -> Iterator[str]:
    """Stages that do not agree, with the reason."""
    yield "| material | stage | ours | published | reason |"
    yield "|---|---|---:|---:|---|"
    for item in assessed:
        for stage in item.stages:
            if stage.agreement.kind not in AGREEING:
                ours = "" if stage.terms.missing else f"{stage.supply_risk:.2f}"
                printed = "" if stage.agreement.kind == "unpublished" else f"{stage.published:.1f}"
                yield f"| {item.title} | {stage.stage} | {ours} | {printed} | {stage.agreement.words} |"


def groups_table(assessed: list[Assessment]) -> Iterator[str]:
    """Groups: the mean of the members."""
    yield "| group | mean of ours | mean of the members as published | published |"
    yield "|---|---:|---:|---:|"
    for item in assessed:
        if item.members:
            printed = sum(member.published for member in item.members) / len(item.members)
            yield f"| {item.title} | {item.supply_risk:.2f} | {printed:.2f} | {item.published:.1f} |"


def tables() -> str:
    """All tables of the page."""
    study = Study.of(Ledger.shipped())
    assessed = sorted((study.assess(name) for name in study.materials), key=lambda item: item.title)
    stages = [stage for item in assessed for stage in item.stages]
    parts = [
        "\n".join(counts_table(stages)),
        "### Where we differ\n\n" + "\n".join(deviations_table(assessed)),
        "### Groups\n\n" + "\n".join(groups_table(assessed)),
        "### Where we agree\n\nOne star: within the rounding of the printed inputs. Two: within that and 2 % of governance.\n\n"
        + "\n".join(agreeing_table(assessed)),
    ]
    return "\n\n".join(parts)


def page(text: str) -> str:
    """The page with its tables replaced; raises ``ValueError`` when a marker is missing."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with ``--check`` say whether it is current."""
    text = PAGE.read_text(encoding="utf-8")
    current = page(text)
    if "--check" in (sys.argv[1:] if arguments is None else arguments):
        return int(current != text)
    PAGE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
