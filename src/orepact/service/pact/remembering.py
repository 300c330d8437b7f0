"""Answers of engines kept on disk under what they depend on, so that the same question to the same facts is computed once.

They lie in the data folder beside imported facts. What cannot be read or written there is computed: nothing is lost by that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from orepact.chain.manifest import hash_value

#: Parts of the program on which answers rest.
COMPUTES = ("*.py", "facts/**/*.py", "chain/**/*.py", "measure/**/*.py", "service/*.py")


def folder() -> Path:
    """Where answers lie: ``$OREPACT_HOME/answers``, else ``~/.local/share/orepact/answers``."""
    from orepact.facts import user_folder

    return user_folder().parent / "answers"


@cache
def code_mark() -> str:
    """A mark of the code that computes: another one after any change of it, also where the version is the same."""
    from importlib.resources import files

    root = Path(str(files("orepact")))
    found = [[str(file.relative_to(root)), *_stamp(file)] for part in COMPUTES for file in sorted(root.glob(part))]
    return hash_value(found)


def _stamp(file: Path) -> tuple[int, int]:
    told = file.stat()
    return told.st_size, told.st_mtime_ns


def remembered(depends_on: Mapping[str, Any], compute: Callable[[], Any]) -> Any:
    """The answer (plain values of JSON) to what is asked of these facts: as it was kept, else computed and kept.

    ``depends_on`` must name everything that the answer depends on: facts, code, question.
    """
    file = folder() / f"{hash_value(depends_on)}.json"
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["depends_on"] == json.loads(json.dumps(depends_on)):
            return kept["answer"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there yet, or spoilt
    answer = compute()
    _keep(file, {"depends_on": depends_on, "answer": answer})
    return answer


def _keep(file: Path, content: Mapping[str, Any]) -> None:
    """Write a file whole or not at all; a folder that cannot be written to is no error."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink()
