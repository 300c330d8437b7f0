"""Everything of an ensemble as files: each table as CSV, and ``ensemble.json``; all or nothing."""

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
    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        for name in TABLES:
            found.table(name).to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(dict(meta)), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "ensemble.json").write_text(text + "\n", encoding="utf-8")
    return output
