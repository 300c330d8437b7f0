"""Everything of an ensemble as files: each table as CSV, ``ensemble.json`` and the page ``ensemble.html``; all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import folder_in_place
from orepact.service.result import plain
from orepact.service.shock.ensembling import FILES, TABLES

if TYPE_CHECKING:
    from orepact.service.shock.ensembling import Sampled


def write_all(found: Sampled, meta: Mapping[str, Any], output: Path, *, overwrite: bool) -> Path:
    """Write the folder and return its path; raises ``BadInput`` when it holds other files."""
    from orepact.facts import Codes
    from orepact.report.ensemble_page import write_ensemble_page

    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        tables = {name: found.table(name) for name in TABLES}
        for name, table in tables.items():
            table.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(dict(meta)), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "ensemble.json").write_text(text + "\n", encoding="utf-8")
        write_ensemble_page(draft, tables, meta, codes=Codes.shipped() if "data_edition" in meta["manifest"] else None)
    return output
