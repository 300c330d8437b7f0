"""Write the published JSON Schemas of scenario and event files: ``python -m tools.schema [--check]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from orepact.chain.scenario import scenario_schema
from orepact.shock.events.event import event_schema

FOLDER = Path(__file__).parent.parent / "src/orepact/data/schemas"
TARGET = FOLDER / "scenario.schema.json"
EVENT_TARGET = FOLDER / "event.schema.json"


def text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the files; with ``--check`` only say whether they are current (exit code 1 when one is not)."""
    wanted = {TARGET: text(scenario_schema()), EVENT_TARGET: text(event_schema())}
    if "--check" in arguments:
        return 0 if all(path.is_file() and path.read_text(encoding="utf-8") == new for path, new in wanted.items()) else 1
    for path, new in wanted.items():
        path.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
