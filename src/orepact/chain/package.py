"""The network package: a network as a folder of CSV files with ``network.yaml`` and ``datapackage.json``.

``docs/reference/network-package.md`` is the reference of the format. Reading gathers every problem of every file
and raises ``BadInput`` once; writing puts the whole folder in place or leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.chain.csv_table import CsvTable, read_csv_table, write_csv_table
from orepact.chain.network import Network
from orepact.chain.tables import near, tables
from orepact.chain.time_unit import PER_YEAR
from orepact.chain.whole_folder import folder_in_place
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.facts.yaml_bounds import demand_bounds

HEAD = "network.yaml"
DESCRIPTOR = "datapackage.json"
#: Tables that may lie in the folder and belong to a command, not to the network.
BESIDE = frozenset({"recovery.csv"})
HEAD_KEYS = ("title", "years", "currency", "description", "time_unit")


def read_package(folder: Path) -> Network:
    """The network in ``folder``; raises ``BadInput`` with every problem of every file."""
    _demand_folder(folder)
    found = ProblemCollector()
    head = _read_head(folder, found)
    read = _read_tables(folder, found)
    _check_descriptor(folder, read, found)
    network = _assemble(head, read)
    if network is not None:
        found.extend(_checked(network, read, clean=not found.problems))
    if found.problems or network is None:
        raise BadInput(found.problems)
    return network


def _demand_folder(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        return
    state = "an empty folder" if folder.is_dir() else "a file" if folder.exists() else "nothing"
    names = ", ".join([HEAD, *(table.file for table in tables().values() if table.required)])
    raise BadInput([Problem("", f"a folder with {names}", state, "give the folder of a network package", str(folder))])


def _read_tables(folder: Path, found: ProblemCollector) -> dict[str, CsvTable]:
    """Every table that is there; a missing or unknown file is a problem."""
    present = {path.name for path in folder.iterdir()}
    known = {table.file: table for table in tables().values()}
    for name in sorted(present - set(known)):
        if name.lower().endswith(".csv") and name not in BESIDE:
            mend = f"{near(name, known)} (rename or remove the file)"
            found.add("", "only the files of a network package", "an unknown table", mend, file=name)
    read: dict[str, CsvTable] = {}
    for file, table in known.items():
        if file in present:
            read[table.name] = read_csv_table(table, folder / file)
            found.extend(read[table.name].problems)
        elif table.required:
            columns = ", ".join(c.name for c in table.columns.values() if c.required)
            found.add("", "the file", "no such file", f"add it with the columns {columns}", file=file)
    return read


def _read_head(folder: Path, found: ProblemCollector) -> dict[str, Any]:
    """Title, years, currency, description and time unit; the problems go to ``found``."""
    import yaml

    path, head = folder / HEAD, dict[str, Any]()
    try:
        text = path.read_text(encoding="utf-8")
        demand_bounds(text, HEAD, aliases=True)
        raw = yaml.safe_load(text)
    except BadInput as error:
        found.extend(error.problems)
        return head
    except FileNotFoundError:
        found.add("", "the file", "no such file", "add it with title and years", file=HEAD)
        return head
    except (yaml.YAMLError, ValueError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else None
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        found.add("", "YAML", str(reason), "write lines such as `title: My chain`", file=HEAD, row=row)
        return head
    if not isinstance(raw, Mapping):
        found.add("", "keys such as title and years", type(raw).__name__, "write lines such as `title: My chain`", file=HEAD)
        return head
    for key in raw:
        if key not in HEAD_KEYS:
            expected = f"only {', '.join(HEAD_KEYS)}"
            found.add(str(key), expected, f"unknown key {key!r}", near(str(key), HEAD_KEYS), file=HEAD)
    _head_text(raw, head, found)
    _head_years(raw, head, found)
    _head_time_unit(raw, head, found)
    return head


def _head_text(raw: Mapping[Any, Any], head: dict[str, Any], found: ProblemCollector) -> None:
    for key, default in (("title", None), ("currency", "USD"), ("description", "")):
        value = raw.get(key, default)
        if isinstance(value, str) and (value.strip() or key == "description"):
            head[key] = value
        else:
            text = "nothing" if value is None else repr(value)
            found.add(key, "text", text, f"write `{key}: some text`", file=HEAD)


def _head_years(raw: Mapping[Any, Any], head: dict[str, Any], found: ProblemCollector) -> None:
    years = raw.get("years")
    whole = isinstance(years, list) and all(isinstance(y, int) and not isinstance(y, bool) for y in years)
    if isinstance(years, list) and years and whole and years == sorted(set(years)):
        head["years"] = tuple(years)
    else:
        text = "nothing" if years is None else repr(years)[:80]
        found.add("years", "a list of whole numbers that increase", text, "write `years: [2025, 2030]`", file=HEAD)


def _head_time_unit(raw: Mapping[Any, Any], head: dict[str, Any], found: ProblemCollector) -> None:
    if "time_unit" not in raw:
        return
    unit = raw["time_unit"]
    if isinstance(unit, str) and unit in PER_YEAR:
        head["time_unit"] = unit
    else:
        text = "nothing" if unit is None else repr(unit)[:80]
        mend = f"{near(str(unit), PER_YEAR)} (the time that capacities and demands count)"
        found.add("time_unit", " or ".join(PER_YEAR), text, mend, file=HEAD)


def _assemble(head: dict[str, Any], read: dict[str, CsvTable]) -> Network | None:
    """The network as far as it could be read; None when a required table is missing."""
    needed = [name for name, table in tables().items() if table.required]
    if any(name not in read or read[name].frame is None for name in needed):
        return None
    frames: dict[str, Any] = {name: part.frame for name, part in read.items()}
    return Network(
        title=head.get("title", ""),
        years=head.get("years", ()),
        currency=head.get("currency", "USD"),
        description=head.get("description", ""),
        time_unit=head.get("time_unit", ""),
        **frames,
    )


def _checked(network: Network, read: dict[str, CsvTable], *, clean: bool) -> list[Problem]:
    """Problems of ``network.check()`` with the rows of the files; the parts that need sound tables only when ``clean``."""
    from orepact.chain.checking import check_network

    partial = {name for name, part in read.items() if any(not problem.column for problem in part.problems)}
    out = []
    for problem in check_network(network, graph=clean, missing_cells=False, partial=partial):
        if problem.file == HEAD:
            continue  # the reader has checked it
        part = read.get(problem.file.removesuffix(".csv"))
        known = part is not None and problem.row is not None and 0 <= problem.row - 2 < len(part.rows)
        out.append(replace(problem, row=int(part.rows[problem.row - 2])) if known and part and problem.row else problem)
    return out


def _check_descriptor(folder: Path, read: dict[str, CsvTable], found: ProblemCollector) -> None:
    if (folder / DESCRIPTOR).exists():
        from orepact.chain.descriptor import descriptor_problems

        found.extend(descriptor_problems(folder, {part.table.file: part.header for part in read.values()}))


def write_package(network: Network, folder: Path, *, overwrite: bool = False) -> Path:
    """Write the package and return its folder.

    The files are written beside the folder and moved in place together. A folder that holds anything is refused
    (``BadInput``) unless ``overwrite``, and then only when it is a network package or empty.
    """
    ours = {HEAD, DESCRIPTOR, *(table.file for table in tables().values())}
    with folder_in_place(folder, ours, overwrite=overwrite, what="a network package") as draft:
        _write_files(network, draft)
    return folder.resolve()


def _write_files(network: Network, folder: Path) -> None:
    import json

    import yaml

    from orepact.chain.descriptor import descriptor

    head = {key: getattr(network, key) for key in HEAD_KEYS} | {"years": list(network.years)}
    if not network.time_unit:
        del head["time_unit"]
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=120)
    (folder / HEAD).write_text(text, encoding="utf-8")
    written: dict[str, list[str]] = {}
    for name, table in tables().items():
        frame: pd.DataFrame = getattr(network, name)
        if table.required or len(frame):
            written[name] = write_csv_table(table, frame, folder / table.file)
    text = json.dumps(descriptor(network, written), indent=2, ensure_ascii=False) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8")
