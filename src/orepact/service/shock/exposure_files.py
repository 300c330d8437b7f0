"""Everything of an exposure as files: ``exposure.csv``, ``exposure.json`` and the page ``exposure.html``; all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from orepact.chain.whole_folder import demand_target, folder_in_place
from orepact.service.result import plain

if TYPE_CHECKING:
    from orepact.service.result import Result

FILES = ("exposure.csv", "exposure.json", "exposure.html")


def demand_exposure_target(output: Path, *, overwrite: bool) -> None:
    """Refuse a bad output folder before any work is done."""
    demand_target(output, FILES, overwrite=overwrite)


def write_exposure(found: Result, output: Path, *, overwrite: bool = False) -> Path:
    """Write the folder and return its path; raises ``BadInput`` when it holds other files."""
    from orepact.report.exposure_page import write_exposure_page

    with folder_in_place(output, FILES, overwrite=overwrite) as draft:
        found.data.to_csv(draft / "exposure.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(plain(dict(found.meta)), indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "exposure.json").write_text(text + "\n", encoding="utf-8")
        write_exposure_page(draft, found.data, found.meta)
    return output
