"""Everything that came of a shock as files: each table as CSV, ``shock.json`` and the page ``shock.html``; all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import folder_in_place
from orepact.service.result import plain
from orepact.service.shock.response_tables import FILES, TABLES, stepped, table_of

if TYPE_CHECKING:
    from orepact.service.flowing import Report
    from orepact.service.shock.responding import Responded


def write_all(found: Responded, meta: Mapping[str, Any], output: Path, *, step: str, overwrite: bool, report: Report) -> Path:
    """Write the folder and return its path; raises ``BadInput`` when it holds other files."""
    from orepact.facts import Codes
    from orepact.report.shock_noise import rounded
    from orepact.report.shock_page import write_page
    from orepact.shock import value_of_cooperation

    report("writing tables and the page", 0.95)
    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        for name in TABLES:
            table = stepped(table_of(found, name), step)
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        worth = rounded(value_of_cooperation(found.outcomes))
        worth.to_csv(draft / "cooperation.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(dict(meta)), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "shock.json").write_text(text + "\n", encoding="utf-8")
        codes = Codes.shipped() if found.question.ledger is not None else None
        write_page(draft, found.events, found.outcomes, aid=found.aid, meta=meta, codes=codes)
    return output
