"""Write the reference pages that follow from the code: commands, errors, code lists and kinds of records.

``python docs/generate.py`` writes them; ``python docs/generate.py --check`` says which are stale (a test does that too).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code; edit the code, then run `make docs`. -->\n"


# Commands ------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups left out, in the order of ``--help``."""
    from typer.main import get_command

    from orepact.cli.commands import app

    yield from _leaves("orepact", get_command(app))


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for child, found in command.commands.items():
        # A hidden command takes the words that name no other, so its name is that of its group.
        yield from _leaves(name if found.hidden else f"{name} {child}", found)


def parameters(command: Any) -> tuple[list[Any], list[Any]]:
    """Arguments and options of a command."""
    listed = [item for item in command.params if not getattr(item, "hidden", False)]
    return [p for p in listed if p.param_type_name == "argument"], [p for p in listed if p.param_type_name == "option"]


def spelled(command: Any, parameter: Any) -> tuple[str, str]:
    """A parameter as a person writes it (``-f, --format <table|json|csv>``) and what it means, as ``--help`` says them."""
    import typer

    words, meaning = parameter.get_help_record(typer.Context(command))
    return words, meaning


def cli_page() -> str:
    """The page of commands."""
    out = [NOTE, "# Commands\n", CLI_INTRO]
    for name, command in commands():
        arguments, options = parameters(command)
        words = [p.metavar or p.name.upper() for p in arguments]
        out.append(f"\n## `{name}`\n\n{_prose(command.help)}\n")
        out.append(f"```text\n{' '.join([name, '[OPTIONS]', *words])}\n```\n")
        if arguments:
            out.append(_table(["argument", "meaning"], [_row(command, p) for p in arguments]))
        out.append(_table(["option", "meaning"], [_row(command, p) for p in options]))
    return "\n".join(out)


CLI_INTRO = """\
Every reading command takes `--format table|json|csv`; JSON replies share one envelope, `{"data": [...], "meta": {...}}`, in which
`meta` holds at least `manifest`, `units`, `sources` and `warnings`. A plan has `status` and `objective_usd` beside them too.
Warnings stand in `meta` and, with the other formats, on stderr. [Exit codes](errors.md) are the same everywhere.
`ORE_DEBUG=1` shows the traceback of an error; `OREPACT_HOME` moves the folder of your own facts.
"""


def _prose(text: str | None) -> str:
    paragraphs = [" ".join(part.split()) for part in (text or "").split("\n\n")]
    return "\n\n".join(paragraphs)


def _row(command: Any, parameter: Any) -> list[str]:
    words, meaning = spelled(command, parameter)
    return [f"`{words}`".replace("|", "\\|"), meaning.replace("|", "\\|").replace("<", "&lt;")]


# Errors --------------------------------------------------------------------------------------------


def error_classes() -> list[type[Any]]:
    """Every error class, root first."""
    from orepact.errors import OrepactError

    def below(kind: type[Any]) -> Iterator[type[Any]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    return list(below(OrepactError))


def errors_page() -> str:
    """The page of errors and exit codes."""
    from orepact.cli import entry

    codes = [
        ["0", "done"],
        ["1", "our fault: an internal error, a broken balance, a solver that stopped"],
        ["2", "wrong usage: an unknown command, option or value"],
        ["3", "bad input: every problem listed with where, expected, found and mend; nothing was written"],
        ["4", "no feasible answer: the limits that conflict, by name"],
        [str(entry.STOPPED), "stopped by the user"],
    ]
    rows = [
        [f"`{k.__name__}`", f"`{k.code}`", str(k.http_status), str(k.exit_code), _first_line(k.__doc__)] for k in error_classes()
    ]
    classes = _table(["class", "code", "HTTP status", "exit code", "meaning"], rows)
    from orepact.web.edge.refusals import CODES

    refused = [[f"`{code}`", ", ".join(map(str, statuses)), meaning] for code, (statuses, meaning) in CODES.items()]
    return "\n".join([
        NOTE, ERRORS_INTRO, "## Exit codes\n", _table(["exit code", "meaning"], codes), "## Classes and stable codes\n", classes,
        ERRORS_OVER_HTTP, _table(["code", "HTTP status", "meaning"], refused),
    ])  # fmt: skip


ERRORS_OVER_HTTP = """\
## Over HTTP

An answer of 400 or more is `{"error": {"code", "message", "problems", "request_id"}}`, with the status of its class
above; the operator finds a request by its `request_id`. A register that is of another form is `store_unavailable` (503)
there. What HTTP itself refuses has codes of its own:
"""

ERRORS_INTRO = """\
# Errors and exit codes

Errors are one clear report on stderr: a table of problems, or with `--format json` the object
`{"error": {"code", "message", "problems": [...]}}`. A problem has `file`, `row`, `column`, `where`, `expected`,
`found` and `mend`; the header of a table is row 1.
"""


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


# Code lists ----------------------------------------------------------------------------------------


def codes_page() -> str:
    """The page of code lists."""
    from orepact.facts import Codes

    codes = Codes.shipped()
    out = [
        NOTE,
        "# Code lists\n",
        "The words of the facts. They stand as YAML in `src/orepact/data/codes/`; a new word is a new line there.\n",
    ]
    out += ["## Attributes\n", "What a claim may say, and of what.\n"]
    out.append(
        _table(
            ["attribute", "subject", "dimension", "meaning"],
            [[f"`{a.id}`", ", ".join(a.subject), ", ".join(a.dimension), _said(a)] for a in codes.attributes.values()],
        )
    )
    out += ["## Units\n", _table(["unit", "meaning", "dimension", "factor"], [_unit(codes.units[name]) for name in codes.units])]
    out += ["## Elements\n", _listed(codes.elements.values()), "## Stages\n", _listed(codes.stages.values())]
    out += ["## Statuses\n", _listed(codes.statuses.values())]
    out += [
        "## Commodities\n",
        _table(["commodity", "meaning", "stage", "unit", "contained t per unit"], map(_commodity, codes.commodities.values())),
    ]
    out += [
        "## Processes\n",
        _table(["process", "meaning", "stage", "output", "inputs"], map(_process, codes.processes.values())),
    ]
    out += ["## Places\n", _table(["place", "name", "kind"], [[f"`{p.id}`", p.title, p.kind] for p in codes.places.values()])]
    groups = [[f"`{g.id}`", g.title, ", ".join(g.members)] for g in codes.groups.values()]
    out += ["## Groups of places\n", _table(["group", "name", "members"], groups)]
    out += ["## Modes of transport\n", _listed(codes.modes.values())]
    out += ["## Materials outside the chain\n", "What criticality studies assess beside elements and commodities.\n"]
    materials = [[f"`{m.id}`", m.title, m.element, ", ".join(m.members)] for m in codes.materials.values()]
    out.append(_table(["material", "name", "element of the chain", "members"], materials))
    out += ["## Economies outside the chain\n", "Countries that statistics name; in the chain they count in `ROW`.\n"]
    out.append(_table(["economy", "name"], [[f"`{e.id}`", e.title] for e in codes.economies.values()]))
    return "\n".join(out)


def _said(entry: Any) -> str:
    return f"{entry.title}. {entry.description}".strip().removesuffix(".") if entry.description else entry.title


def _listed(entries: Iterable[Any]) -> str:
    return _table(["id", "meaning"], [[f"`{entry.id}`", _said(entry)] for entry in entries])


def _unit(unit: Any) -> list[str]:
    return [f"`{unit.name}`", unit.title, unit.dimension, f"{unit.factor:g}"]


def _commodity(entry: Any) -> list[str]:
    held = ", ".join(f"{element} {amount:g}" for element, amount in entry.contents.items())
    return [f"`{entry.id}`", f"{entry.title}; {entry.note}".removesuffix("; "), entry.stage, entry.unit, held]


def _process(entry: Any) -> list[str]:
    return [f"`{entry.id}`", entry.title, entry.stage, entry.output, ", ".join(entry.inputs)]


# Kinds of records ----------------------------------------------------------------------------------


def records_page() -> str:
    """The page of the kinds of records: what each field takes and means, and the lists of codes that come with the package."""
    from orepact.pact.records.codes import Code, known
    from orepact.pact.records.kinds import kinds
    from orepact.pact.records.reading import shipped
    from orepact.pact.records.record import Record
    from orepact.pact.records.slots import gist

    head = ["field", "what to write", "required", "meaning"]
    out = [NOTE, RECORDS_INTRO, "## Fields of every record\n", _table(head, _fields(Record))]
    for name, kind in kinds().items():
        own = [row for row in _fields(kind) if row[0].strip("`") not in Record.model_fields]
        out += [f"## `{name}`\n", f"{gist(kind)}.\n", _table(head, own)]
    register = shipped()
    lists = sorted({code.list for code in register.all(Code)})
    rows = [[f"`{name}`", ", ".join(f"`{code}`" for code in sorted(known(register, name)))] for name in lists]
    grows = "The entries that come with the package; a decision of the sides adds others.\n"
    out += ["## Lists\n", grows, _table(["list", "entries"], rows)]
    return "\n".join(out)


RECORDS_INTRO = """\
# Kinds of records

What the register holds, and what a person writes for each field. `orepact pact form KIND` prints a file of one kind to be filled
in, and `orepact pact record` keeps it. A field of a part has a dot before its name: `sides.rank` is the `rank` of each of the
`sides`.
"""


def _fields(part: Any, path: str = "") -> Iterator[list[str]]:
    from orepact.pact.records.slots import meaning, slots

    for slot in slots(part):
        yield [f"`{path}{slot.name}`", slot.takes, "yes" if slot.required else "", meaning(part, slot.name)]
        for inner in slot.parts:
            yield from _fields(inner, f"{path}{slot.name}.")


# Writing -------------------------------------------------------------------------------------------


# The service over HTTP ---------------------------------------------------------------------------------


def api_page() -> str:
    """The page of routes."""
    from orepact.web.api.document import MEANING, OF_ANY
    from orepact.web.api.routes import PREFIX
    from orepact.web.api.table import ROUTES

    groups: dict[str, list[Any]] = {}
    for route in ROUTES:
        groups.setdefault(route.tag, []).append(route)
    out = [NOTE, API_INTRO]
    for tag, routes in groups.items():
        out.append(f"\n## {tag.replace('-', ' ').capitalize()}\n")
        for route in routes:
            out.append(f"### `{route.method} {PREFIX}{route.path}`\n\n{route.says} {_whose(route)}\n")
            rows = [*_in_address(route), *_in_body(route)]
            out.append(_table(["given", "where", "meaning"], rows) if rows else "Nothing is given.\n")
            out.append(f"Ends with {', '.join(map(str, route.statuses))}.\n")
    words = [[str(status), meaning] for status, meaning in sorted(MEANING.items())]
    others = [[str(status), meaning] for status, meaning in sorted(OF_ANY.items())]
    head = ["status", "meaning"]
    any_ = "A request to any path can also end with these; [errors](errors.md) has the codes that go with all of them.\n"
    return "\n".join([*out, "## What a status means\n", _table(head, words), any_, _table(head, others)])


def _whose(route: Any) -> str:
    """Who does it, and in which forms it comes and goes."""
    from orepact.service.access.may import DEEDS

    deed = DEEDS[route.deed]
    who = "Anybody" if deed.anybody else "An account"
    roles = f" with the role {' or '.join(f'`{role}`' for role in deed.roles)}" if deed.roles else ""
    told = [*([route.media] if route.media != "application/json" else []), *(["text/csv"] if route.tabular else [])]
    forms = f" Also as `{told[0]}`." if route.tabular else f" Answers with `{told[0]}`." if told else ""
    takes = f" Takes `{route.takes}`." if route.takes != "application/json" else ""
    large = " An upload." if route.large else ""
    noted = " Written down in the log of access." if route.noted else ""
    return f"{who}{roles}; a token with the scope `{deed.scope}`.{takes}{large}{forms}{noted}"


def _in_address(route: Any) -> list[list[str]]:
    from orepact.web.api.parameters import vocabulary

    words = vocabulary()
    said = {key: (words[key], needed) for key, needed in route.given().values()}
    rows = [[f"`{key}`", "path", words[key].says] for key in route.in_path]
    for key, (word, needed) in said.items():
        if key not in route.in_path:
            marks = ", ".join(mark for mark, on in (("must be given", needed), ("may be repeated", word.many)) if on)
            rows.append([f"`{word.name}`", "address", f"{word.says} ({marks})" if marks else word.says])
    return rows


def _in_body(route: Any) -> list[list[str]]:
    if route.body is None:
        return []
    fields = route.body.model_fields.items()
    return [
        [f"`{one.alias or name}`", "body", f"{one.description or ''}{' (must be given)' if one.is_required() else ''}".strip()]
        for name, one in fields
    ]


API_INTRO = """\
# The service over HTTP

`orepact serve --db register.db` answers on `http://127.0.0.1:8000`; what it can be asked stands below, and as OpenAPI 3.1 at
`/api/v1/openapi.json`. `/healthz` says whether the process is well, `/readyz` whether the register can be asked.

**Who asks.** A program sends `Authorization: Bearer ore_...` (`POST /tokens`, or `orepact account token`); a browser logs in
and gets a cookie, and its changes carry `X-CSRF-Token`. Who shows nothing reads what is open to all. What somebody may not
see is not there for him: no list, count, search, tag or error tells of it. An id that is not there and one that is closed to
you are told alike.

**Answers.** `{"data": [...], "meta": {"manifest", "units", "sources", "warnings", ...}}`; an error is `{"error": {"code",
"message", "problems": [...], "request_id"}}` with every problem at once, each with its place (`query.limit`,
`body.records.0.kind`), what was expected and found, and how to mend it.

**Reading.** Every answer has an `ETag`; `If-None-Match` with it is answered by 304 while nothing changed. Lists come in
pages: `limit` (1 to 500), `after` with the mark in `meta.after`, and the header `Link: <...>; rel="next"`.

**Tables.** What is marked so comes as CSV in UTF-8 with `format=csv` or `Accept: text/csv`: the rows alone, lists and
objects as JSON in their cells, and a `'` before text that a spreadsheet would run. `X-Label` names the strictest label of
the rows.

**Long work.** Plans, shocks, measures that need a solved chain and files of networks are runs: 202 with `Location`, where
the run tells how it stands and, once a worker has done it, its answer. Asked again, the same question is answered with 200
and the same `Location`. A scenario or an event is one of the package, by name; a network comes as the texts of its files
(`network`: `{"network.yaml": "...", "sites.csv": "..."}`). [Runs](../jobs.md) tells more.

**What leaves.** `GET /exports/...`, packs and the files of runs take the scope `export` and are written down in the log of
access with their label (`X-Label`). They hold what is open, what is your organisation's own, and what others let you take
along (`readers` with `export: true`); what others share with you for reading alone stays. `X-Left-Out` lists (JSON) what
the form could not carry.

**What comes in.** `POST /imports/...` takes a file as the body, tells it in our words, and keeps nothing. A zip holds at
most 1000 files and 64 MiB unpacked, each under a name that leads to no other place.

**Changing.** `PUT` needs `If-Match` with the tag of the version that was read (428 without, 412 when another one stands), or
`If-None-Match: *` for a new record. A `POST` that changes the register takes an `Idempotency-Key` of your own: the same
change sent again within a day is done once and told the same; the key is kept in one transaction with the change. Who made a
change is always who asked, and when is always now (but for the role `registrar`).

**Limits.** A body of 1 MiB (64 KiB without an account; uploads 16 MiB, eight at a time), lists and objects 32 deep, a head
of 16 KiB (431), a path and query of 8 KiB (414); 10 seconds for a head and 30 for a body (408); 20 requests a second of an
address without an account, 100 of an account (429 with `Retry-After`). JSON is in UTF-8: names once in an object, no NaN,
whole numbers up to 2^53. What is not known in an address or a body is refused, not passed over. A request by another host
name than those of `OREPACT_SERVE_HOSTS` ends with 421. There is no CORS: pages of other sites read nothing here.

**Settings.** `OREPACT_DATABASE_URL` (or a file with it: `OREPACT_DATABASE_URL_FILE`), `OREPACT_SERVE_HOSTS` (names, by
commas), `OREPACT_SERVE_ADDRESS` (by which browsers know the service), `OREPACT_SERVE_PUBLIC` (0: nothing without an
account), `OREPACT_SERVE_FACTS` (a folder of claims to lay over the shipped ones), `OREPACT_SERVE_BUSY`,
`OREPACT_SERVE_THREADS`, `OREPACT_SERVE_ANONYMOUS_RATE`, `OREPACT_SERVE_ACCOUNT_RATE`, `OREPACT_SERVE_BODY_BYTES`,
`OREPACT_SERVE_ANONYMOUS_BODY_BYTES`, `OREPACT_SERVE_UPLOAD_BYTES`, `OREPACT_SERVE_CACHE_BYTES`. Sessions are for https:
behind a proxy that ends TLS, name it with `--proxy`. With `OREPACT_OIDC_ISSUER`, `OREPACT_OIDC_CLIENT_ID` and
`OREPACT_OIDC_CLIENT_SECRET` people also get in by way of a provider of OpenID Connect: `POST /api/v1/oidc/start` says where
a browser goes, and it comes back to `/api/v1/oidc/callback`.
"""


def _table(head: list[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += ["| " + " | ".join(" ".join(str(cell).split()) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "errors.md": errors_page,
    "codes.md": codes_page,
    "records.md": records_page,
    "api.md": api_page,
}


def write_all() -> None:
    """Write every page that changed."""
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def stale() -> list[str]:
    """Pages that are not what the code says."""
    return [
        name for name, page in PAGES.items() if not (REFERENCE / name).exists() or (REFERENCE / name).read_text("utf-8") != page()
    ]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit("\n".join(f"stale: docs/reference/{name}" for name in stale()))
    write_all()
