"""Rules of law and policy: ``python -m tools.compile.rules --shared ../shared/data``.

Reads ``rules/rules.csv`` and the decisions in ``assumptions/rules.yaml``; writes ``data/rules/<subject>.yaml``, one entry a rule.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tools.compile._rule_values import OPERATORS, demand_of, places_of, state_of, suspension_of
from tools.compile.claims_writer import DATA, read_raw, shared_folder

DECISIONS = Path(__file__).with_name("assumptions") / "rules.yaml"
HEAD = """\
# Written by tools/compile/rules.py from public summaries of the law, in our own words. Not legal advice.
# See docs/why/eligibility.md.
"""
ORDER = (
    "key", "jurisdiction", "instrument", "provision", "applies_to", "measures", "operator", "value", "values", "alternatives",
    "members", "word", "unit", "basis", "covers", "date_from", "date_to", "state", "state_words", "suspended_from",
    "suspended_to", "source", "source_type", "status", "unverified_fields", "note",
)  # fmt: skip
DATES = ("date_from", "date_to", "suspended_from", "suspended_to")


def main(shared: Path) -> None:
    """Write every file of rules; files that no rule is in any more are removed."""
    decisions = yaml.safe_load(DECISIONS.read_text(encoding="utf-8"))
    rules = compiled(raw_rows(shared), decisions)
    folder = DATA / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    by_file: dict[str, dict[str, Any]] = {}
    for name in sorted(rules):
        by_file.setdefault(file_of(name, decisions["files"]), {})[name] = rules[name]
    for path in folder.glob("*.yaml"):
        if path.stem not in by_file and path.stem not in {"places", "homes"}:
            path.unlink()
    for stem, entries in by_file.items():
        text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=130)
        (folder / f"{stem}.yaml").write_text(HEAD + text, encoding="utf-8")


def raw_rows(shared: Path) -> list[dict[str, str]]:
    """The raw table, one mapping a row."""
    table = read_raw(shared / "rules" / "rules.csv")
    return [{str(name): str(cell) for name, cell in row.items()} for row in table.to_dict("records")]


def compiled(rows: list[dict[str, str]], decisions: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rules by id: the raw rows, changed and added to as decided."""
    rules = {row["rule_id"]: entry_of(row, decisions) for row in rows}
    for name, added in decisions["added"].items():
        rules[name] = {**rules[added["like"]], "key": name.lower().replace("-", "_"), **added}
        rules[name].pop("like")
    return {name: ordered(entry) for name, entry in rules.items()}


def entry_of(row: dict[str, str], decisions: dict[str, Any]) -> dict[str, Any]:
    """One raw row as a rule."""
    entry: dict[str, Any] = {
        "key": key_of(row["rule_id"], decisions["keys"]),
        "jurisdiction": places_of(row["jurisdiction"]),
        "operator": OPERATORS[row["operator"]],
        "state": state_of(row["state_at_2026_11"]),
        "state_words": own_words(row["state_at_2026_11"].replace("NOT FOUND in stored sources - must be checked", "not known")),
        "source": source_of(row["source_url"], decisions["sources"]),
        "source_type": kind_of_source(row["source_type"], row["source_url"]),
        "unverified_fields": [part for part in row["unverified_fields"].split(";") if part],
        **{name: own_words(row[name]) for name in ("instrument", "provision", "applies_to", "status", "note")},
        **{name: row[name] for name in ("date_from", "date_to")},
        **suspension_of(row["state_at_2026_11"]),
        **demand_of(row["parameter"], row["value"], row["unit"]),
    }
    changes: dict[str, Any] = decisions["changes"].get(row["rule_id"], {})
    if {"values", "alternatives", "word", "members"} & set(changes):
        for name in ("value", "values", "word", "members"):
            entry.pop(name, None)
    if entry.get("word") == "suspended":
        entry["word"] = "yes"
    return entry | unit_of_values(row["unit"], changes) | changes


def unit_of_values(raw: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The unit of thresholds that were decided by hand, from the raw unit."""
    if not {"values", "alternatives"} & set(changes):
        return {}
    return {name: value for name, value in demand_of("", "1", raw).items() if name in {"unit", "basis"}}


def own_words(text: str) -> str:
    """A text without the marks of the table it comes from."""
    for mark, word in (
        ("task brief", "memory"),
        ("; text in seed", ""),
        ("from memory", "recalled"),
        ("scenario switch", "switch"),
        ("not found in a stored source", "the annex was not read"),
    ):
        text = text.replace(mark, word)
    text = re.sub(r"\s*\(ids? [\d, ]+\)|reported in stored files", lambda found: "reported" if "rep" in found[0] else "", text)
    return " ".join(text.replace("no stored source read", "no source read").split())


def key_of(name: str, patterns: dict[str, str]) -> str:
    """The key that the versions of a rule share."""
    for pattern, key in patterns.items():
        found = re.fullmatch(pattern, name)
        if found:
            return found.expand(key) if "\\" in key else key
    return name.lower().replace("-", "_")


def file_of(name: str, prefixes: dict[str, str]) -> str:
    return next(stem for prefix, stem in prefixes.items() if name.startswith(prefix))


def source_of(text: str, known: list[dict[str, str]]) -> str:
    """Where the rule was read, as an address without scheme."""
    found = next((entry["say"] for entry in known if entry["with"] in text), None)
    return found or re.sub(r"https?://(www\.)?", "", text)


def kind_of_source(text: str, address: str) -> str:
    if "RECALLED" in address:
        return "recalled"
    return {"seed document": "primary", "stored register": "register", "primary text mirrored": "primary, mirrored"}.get(
        text, text.replace("stored registers", "a register").replace("stored register", "a register")
    )


def ordered(entry: dict[str, Any]) -> dict[str, Any]:
    """The keys in their order, empty ones left out, dates as dates."""
    kept = {name: entry[name] for name in ORDER if entry.get(name) not in (None, "", [], {})}
    return {name: as_date(value) if name in DATES else value for name, value in kept.items()}


def as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


if __name__ == "__main__":
    main(shared_folder())
