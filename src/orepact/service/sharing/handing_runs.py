"""Use case: the files that a run made, to be taken out of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.service.sharing.handed import ZIP, Handed
from orepact.service.sharing.zips import zipped

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

#: The table of a run that holds its files: ``file, text``.
FILES = "files"


def run_files(name: str, db: Where = None) -> Handed:
    """The files of a run that was asked to export, as a zip; raises ``NotFound`` for a run without any."""
    from orepact.interchange.made import CLEAR
    from orepact.service.jobs.runs import run_table, show_run

    found = run_table(name, FILES, db)
    about = show_run(name, db)
    files = {str(row.file): str(row.text).encode() for row in found.data.itertuples()}
    return Handed(f"{name}.zip", zipped(files), ZIP, str(about.meta.get("label") or CLEAR), about.warnings)
