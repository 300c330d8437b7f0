"""Write the published JSON Schema of scenario files: ``python -m tools.schema [--check]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from orepact.chain.scenario import scenario_schema

TARGET = Path(__file__).parent.parent / "src/orepact/data/schemas/scenario.schema.json"


def text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file; with ``--check`` only say whether it is current (exit code 1 when it is not)."""
    if "--check" in arguments:
        return 0 if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text() else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
