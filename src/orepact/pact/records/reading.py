"""Records from YAML: ``read_records`` for one file or text, ``seed`` for those that come with the package.

A file is ``records:`` with a list of ``{kind: ..., id: ..., ...}``. Dates need no quotes and ``on``, ``no`` and the like are
words: plain values are read by the core rules of YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem, ProblemCollector
from orepact.facts.typed_problems import problems_of, shown
from orepact.pact.records.kinds import kind_of
from orepact.pact.records.register import Register
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.pact.records.record import Record

#: Plain values that are no text, and the letters they can begin with.
PLAIN = (
    ("tag:yaml.org,2002:null", re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")),
    ("tag:yaml.org,2002:int", re.compile(r"[-+]?(0|[1-9][0-9]*)"), list("-+0123456789")),
    ("tag:yaml.org,2002:float", re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?"), list("-+.0123456789")),
)
#: So many lists and mappings may stand in each other.
DEEPEST = 40
#: Encodings in which Korean and Japanese texts come, with letters that betray them.
OTHERS = (("cp949", "Korean", r"[\uac00-\ud7a3]"), ("shift_jis", "Japanese", r"[\u3040-\u30ff\u4e00-\u9fff]"))


def read_records(source: Path | str | bytes, name: str = "") -> list[Record]:
    """The records of a file (a ``Path``) or of a text, in order; raises ``BadInput`` with every problem, each with its row."""
    file = name or (source.name if isinstance(source, Path) else "text")
    node, content = _document(_text(source, file), file)
    problems = ProblemCollector(file)
    problems.extend(_said_twice(node, file))
    items = content.get("records") if isinstance(content, dict) else None
    if not isinstance(items, list) or set(content) != {"records"}:
        problems.add("content", "records: and a list of them", _shape(content), "write `records:` and below it `- kind: ...`")
        problems.raise_if_any()
    nodes = _inside(node, "records").value
    records = [_record(item, inner, file, problems) for item, inner in zip(items or (), nodes, strict=True)]
    problems.raise_if_any()
    return [record for record in records if record is not None]


def _shape(content: Any) -> str:
    if isinstance(content, dict) and set(content) == {"records"}:
        return f"{_shape(content['records'])} below records"
    if isinstance(content, dict):
        return "keys " + ", ".join(map(str, content))
    return shown(content) if content is None or not isinstance(content, list) else "a list"


def _record(item: Any, node: Any, file: str, problems: ProblemCollector) -> Record | None:
    from pydantic import ValidationError

    row = node.start_mark.line + 1
    if not isinstance(item, dict):
        problems.add("records", "keys with values", _shape(item), "write `kind: ...`, `id: ...` and so on", row=row)
        return None
    named = {key: value for key, value in item.items() if key != "kind"}
    label = item.get("id") if isinstance(item.get("id"), str) else "without id"
    try:
        cls = kind_of(str(item.get("kind")))
        return cls.model_validate(named)
    except NotFound as error:
        problems.add(f"{label}.kind", "a known kind of record", shown(item.get("kind")), str(error), row=row)
    except ValidationError as error:
        for problem in problems_of(error, file, named, cls):
            place, at = f"{label}.{problem.column}", _row(node, problem.column.split("."))
            mend = {
                f"change {problem.column}": f"change {place}",
                "leave it out": f"leave it out, or see {deed('pact.show_form', kind=cls.kind)}",
            }
            problems.add(place, problem.expected, problem.found, mend.get(problem.mend, problem.mend), row=at)
    return None


def _row(node: Any, names: list[str]) -> int:
    """The row of a value named by keys, and by ids or numbers within lists; of the nearest part above it where it is missing."""
    for name in names:
        inner = _inside(node, name)
        if inner is None:
            break
        node = inner
    return int(node.start_mark.line) + 1


def _inside(node: Any, name: str) -> Any:
    if node.id == "mapping":
        return next((value for key, value in node.value if key.value == name), None)
    if node.id == "sequence" and name.isdigit() and int(name) < len(node.value):
        return node.value[int(name)]
    named = (inner for inner in node.value if node.id == "sequence" and inner.id == "mapping")
    return next((inner for inner in named if getattr(_inside(inner, "id"), "value", None) == name), None)


@cache
def loader() -> Any:
    """YAML as it is read here; made when first used, as the library is slow to import."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the quick one, where it was built
        yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  the library's own way

    for tag, pattern, first in PLAIN:
        Loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern.pattern})$"), first)
    return Loader


def _document(text: str, file: str) -> tuple[Any, Any]:
    """The text as a tree of nodes, and as plain values."""
    import yaml

    try:
        for problem in _forbidden(yaml.parse(text, Loader=loader()), file):
            raise BadInput([problem])
        node = yaml.compose(text, Loader=loader())
        return node, loader()("").construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or error).removeprefix("but ").removeprefix("found ")
        raise BadInput([Problem("content", "YAML", found, "mend the YAML", file, mark.line + 1 if mark else None)]) from error
    except ValueError as error:  # letters or numbers that are none
        raise BadInput([Problem("content", "values that exist", str(error), "mend the value", file)]) from error


def _forbidden(events: Iterable[Any], file: str) -> Iterator[Problem]:
    """What YAML allows and records must not hold: aliases of aliases would fill the memory, lists in lists the stack."""
    depth = 0
    for event in events:
        kind, row = type(event).__name__, event.start_mark.line + 1
        depth += (kind in {"SequenceStartEvent", "MappingStartEvent"}) - (kind in {"SequenceEndEvent", "MappingEndEvent"})
        if kind == "AliasEvent":
            yield Problem("content", "values written out", f"*{event.anchor}", "write the value in place of the alias", file, row)
        if depth > DEEPEST:
            yield Problem("content", f"at most {DEEPEST} parts in each other", "more", "write flat records", file, row)


def _said_twice(node: Any, file: str) -> Iterator[Problem]:
    """A problem for each key that a mapping holds twice: YAML would silently keep the last."""
    if node is None or node.id == "scalar":
        return
    if node.id == "sequence":
        for item in node.value:
            yield from _said_twice(item, file)
        return
    seen: set[str] = set()
    for key, value in node.value:
        name, row = str(key.value), key.start_mark.line + 1
        if name in seen:
            yield Problem(name, "each key once", f"{name} twice", "keep one of them", file, row)
        seen.add(name)
        yield from _said_twice(value, file)


def _text(source: Path | str | bytes, file: str) -> str:
    if isinstance(source, str):
        return source
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise BadInput([Problem("file", f"the file {file}", str(error.strerror), "check the path", str(source))]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = f"bytes that are not UTF-8 at position {error.start}{_likely(content)}"
        raise BadInput([Problem("content", "UTF-8 text", found, "save the file as UTF-8", file, row)]) from error


def _likely(content: bytes) -> str:
    """What the bytes seem to be, as far as the letters they would give can tell."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ", it seems UTF-16"
    best, most = "", 0.0
    for encoding, language, letters in OTHERS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = [letter for letter in text if ord(letter) > 127]
        share = sum(1 for letter in foreign if re.match(letters, letter)) / max(len(foreign), 1)
        if share > most:
            best, most = f", it seems {language} in {encoding}", share
    return best


def read_all(sources: Iterable[tuple[str, Path | str | bytes]]) -> Register:
    """Several files or texts, each with its name, as one register; raises ``BadInput`` with every problem of all of them.

    References are not checked: what is missing may stand elsewhere.
    """
    found: list[Record] = []
    homes: dict[tuple[str, str], str] = {}
    problems = ProblemCollector()
    for name, source in sources:
        try:
            records = read_records(source, name)
        except BadInput as error:
            problems.extend(error.problems)
            continue
        for record in records:
            key = (record.kind, record.id)
            if key in homes:
                where = "twice" if homes[key] == name else f"in {homes[key]} as well"
                problems.add(f"{record.id}.id", f"one {record.kind} of each id", where, "rename one of them", file=name)
            homes.setdefault(key, name)
        found.extend(records)
    problems.raise_if_any()
    return Register.of(found)


@cache
def shipped() -> Register:
    """The records that come with the package, in the order of their files; their references are not checked."""
    folder = files("orepact") / "data" / "pact"
    paths = sorted(Path(str(folder)).rglob("*.yaml"))
    return read_all((path.relative_to(str(folder)).as_posix(), path) for path in paths)


@cache
def seed() -> Register:
    """The records that come with the package, checked; raises ``BadInput`` with every problem."""
    return shipped().check()


def read_values(source: Path) -> Any:
    """The plain values of a YAML file that is no list of records, such as a filled form; the same rules hold, each key once.

    Raises ``BadInput`` with every problem.
    """
    node, content = _document(_text(source, source.name), source.name)
    problems = ProblemCollector(source.name)
    problems.extend(_said_twice(node, source.name))
    problems.raise_if_any()
    return content
