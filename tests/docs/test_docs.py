"""What is public is documented: every command, option, error, code list entry and public name; and what the pages say runs."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _generate()
COMMANDS = dict(generate.commands())


def text(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def test_generated_pages_are_what_the_code_says() -> None:
    assert generate.stale() == [], "run `python docs/generate.py`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_heading_an_example_and_its_options(name: str) -> None:
    section = text("cli.md").split(f"\n## `{name}`\n")[1].split("\n## ")[0]
    assert f"Example: `{name}" in section
    arguments, options = generate.parameters(COMMANDS[name])
    for parameter in [*arguments, *options]:
        words, meaning = generate.spelled(COMMANDS[name], parameter)
        assert meaning.strip(), f"{name} {words} has no help"
        assert f"`{words}`".replace("|", "\\|") in section


READING = {"--format", "--as-of", "--include-unverified"}
LISTING = {*READING, "--place", "--commodity", "--year"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("orepact facts list", LISTING),
        ("orepact facts why", READING | {"--year"}),
        ("orepact measure concentration", LISTING),
        ("orepact measure reliance", LISTING),
        ("orepact plan", LISTING),
        ("orepact run", READING),
        ("orepact export datapackage", READING),
    ],
)
def test_reading_commands_share_their_options(name: str, wanted: set[str]) -> None:
    _, options = generate.parameters(COMMANDS[name])
    assert wanted <= {word for option in options for word in option.opts}


def test_every_command_is_named_after_a_use_case() -> None:
    groups = {"pact", "db", "audit", "account", "jobs", "worker", "overlay", "network", "feed", "webhook"}
    register = {name for name in COMMANDS if name.split()[1] in groups}
    assert set(COMMANDS) - register == {
        "orepact serve",
        "orepact run", "orepact plan", "orepact facts why", "orepact facts list", "orepact facts sources", "orepact facts import",
        "orepact facts check", "orepact measure concentration", "orepact measure reliance", "orepact measure origin",
        "orepact measure carbon", "orepact measure social", "orepact measure criticality", "orepact measure eligibility",
        "orepact measure landed-cost", "orepact baseline", "orepact rules list", "orepact rules show",
        "orepact shock", "orepact shock exposure", "orepact shock watch", "orepact shock ensemble", "orepact shock events",
        "orepact export datapackage", "orepact export claims", "orepact export iamc", "orepact export geojson",
        "orepact export sdmx-csv", "orepact export pypsa", "orepact export passport", "orepact import iamc",
        "orepact import sdmx-csv", "orepact import pypsa", "orepact pool list", "orepact pool show", "orepact pool run",
        "orepact pool today", "orepact pool share", "orepact view states", "orepact view tower", "orepact view atlas",
        "orepact view projects", "orepact view cascade", "orepact view calendar", "orepact view documents",
        "orepact view sources",
    }  # fmt: skip
    assert register >= {
        "orepact db init", "orepact db upgrade", "orepact db backup", "orepact db restore", "orepact db seed",
        "orepact audit verify", "orepact pact bodies", "orepact pact scoreboard", "orepact pact pack", "orepact pact cascade",
        "orepact pact match", "orepact pact record", "orepact pact show", "orepact pact history", "orepact pact agenda",
        "orepact pact calendar", "orepact pact incident assess", "orepact pact decide key", "orepact pact decide apply",
        "orepact pact incident review", "orepact account add", "orepact account role", "orepact account token",
        "orepact jobs submit", "orepact jobs show", "orepact jobs cancel", "orepact worker", "orepact overlay put",
    }  # fmt: skip


def test_every_error_has_its_own_code_and_a_row() -> None:
    kinds = generate.error_classes()
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert f"| `{kind.__name__}` | `{kind.code}` | {kind.http_status} | {kind.exit_code} |" in text("errors.md")


def test_every_entry_of_the_code_lists_is_described() -> None:
    from orepact.facts import Codes

    codes, page = Codes.shipped(), text("codes.md")
    words = (codes.attributes, codes.units, codes.elements, codes.stages, codes.statuses, codes.modes)
    for entries in (*words, codes.commodities, codes.processes, codes.places, codes.groups, codes.materials, codes.economies):
        for name in entries:
            row = re.search(rf"^\| `{re.escape(name)}` \| (.+) \|$", page, flags=re.MULTILINE)
            assert row is not None, name
            assert row[1].strip(" |"), f"{name} says nothing"


def test_public_names_have_docstrings() -> None:
    import orepact as op

    for name in op.__all__:
        if name != "__version__":
            assert (getattr(op, name).__doc__ or "").strip(), name
    for name in op.service.__all__:
        assert (getattr(op.service, name).__doc__ or "").strip(), name


def _spoken() -> list[str]:
    """Every ``orepact`` command line in the pages and in the help of the commands."""
    fenced = re.compile(r"^```\w+\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
    fences = [block for page in PAGES for block in fenced.findall(page.read_text("utf-8"))]
    shown = "\n".join(fences)
    found = [line for line in re.findall(r"^(?:\$ )?(orepact [a-z].+)$", shown, flags=re.MULTILINE) if "[OPTIONS]" not in line]
    helps = [" ".join(command.help.split()) for command in COMMANDS.values()]
    examples = [line for words in helps for line in re.findall(r"Example: `(orepact [^`]+)`", words)]
    of_the_shell = re.compile(r"\s+(?:>|\||&).*$")  # what the shell makes of it
    return sorted({of_the_shell.sub("", line) for line in (*found, *examples)})


@pytest.mark.parametrize("line", _spoken())
def test_every_command_line_in_the_pages_parses(line: str) -> None:
    words = shlex.split(line, comments=True)
    name = max((known for known in COMMANDS if line.startswith(known)), key=len)
    command = COMMANDS[name]
    rest = words[len(name.split()) :]
    with command.make_context(name, rest) as context:
        assert context.params is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("task", ["run", "test", "lint", "types", "layers", "bench", "docs", "lock", "clean", "help"])
def test_every_task_is_in_the_makefile(task: str) -> None:
    assert re.search(rf"^{task}:.*## \w", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


def test_locks_name_no_registry() -> None:
    for path in (ROOT / "requirements").iterdir():
        content = path.read_text("utf-8")
        assert "://" not in content, path.name
        assert "index-url" not in content.replace("--no-emit-index-url", ""), path.name


def test_locks_pin_everything() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        for line in path.read_text("utf-8").splitlines():
            assert line.startswith("#") or re.match(r"^[A-Za-z0-9._\[\]-]+==\S+", line), f"{path.name}: {line}"
