"""The wheel in an empty environment: every command works from another folder, with nothing of the checkout in reach."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "networks" / "toy"
pytestmark = pytest.mark.wheel

Command = Callable[..., subprocess.CompletedProcess[str]]
Reply = Callable[[str], subprocess.CompletedProcess[str]]


def called(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what goes in; with the pinned build backend where it is installed (``make test``)."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", "DATA-LICENCES.md"):
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    pinned = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    called(*pip, "wheel", "--no-deps", *pinned, "--wheel-dir", target, source)
    return next(target.glob("orepact-*.whl"))


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of a new environment stand."""
    home = tmp_path_factory.mktemp("environment")
    called(sys.executable, "-m", "venv", "--without-pip", home / "venv")
    return home / "venv" / "bin"


@pytest.fixture(scope="module")
def put_in(programs: Path) -> Callable[..., object]:
    """Install into the environment."""
    into = ("--python", programs / "python")
    # What no command imports is never compiled, which is most of what is installed.
    return partial(
        called, sys.executable, "-m", "pip", *into, "--disable-pip-version-check", "-qq", "install", "--no-deps", "--no-compile"
    )


@pytest.fixture(scope="module")
def place(wheel: Path, put_in: Callable[..., object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Where what is installed runs: in an empty folder, with variables that know nothing of the checkout."""
    put_in("--requirement", ROOT / "requirements" / "run.txt")
    put_in(wheel)
    away = tmp_path_factory.mktemp("away")
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
    return {"cwd": away, "env": {**kept, "HOME": str(away), "OREPACT_HOME": str(away / "own")}}


@pytest.fixture(scope="module")
def installed(place: dict[str, Any], programs: Path) -> Command:
    """Run a program of the environment there."""
    return lambda program, *words, **options: called(programs / program, *words, **{**place, "timeout": 600, **options})


@pytest.fixture(scope="module")
def started(place: dict[str, Any], programs: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a program of the environment that is spoken with."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return lambda program, *words: subprocess.Popen([programs / program, *words], **place, **pipes)


@pytest.fixture(scope="module")
def orepact(installed: Command) -> Command:
    """Run the installed command."""
    return partial(installed, "orepact")


def test_everything_that_is_no_code_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "orepact"
    wanted = {
        str(path.relative_to(ROOT / "src"))
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert wanted - inside == set()
    assert any(name.endswith("trade.parquet") for name in inside)
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert wheel.stat().st_size < 15 * 2**20


#: Answers command lines in the installed environment, one after the other: what each would have done in a process of its own.
ANSWERING = """
import contextlib, io, json, sys
from orepact.cli.entry import run

for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


@pytest.fixture(scope="module")
def asking(started: Callable[..., subprocess.Popen[str]]) -> Iterator[Command]:
    """Run the installed command, all lines in one process, from the same empty folder."""
    with started("python", "-c", ANSWERING) as process:
        given, told = process.stdin, process.stdout
        assert given is not None
        assert told is not None

        def ask(*words: object) -> subprocess.CompletedProcess[str]:
            given.write(json.dumps([str(word) for word in words]) + "\n")
            given.flush()
            code, out, err = json.loads(told.readline())
            assert code == 0, f"{' '.join(map(str, words))}\n{out[-2000:]}\n{err[-4000:]}"
            return subprocess.CompletedProcess([*words], code, out, err)

        yield ask
        given.close()


#: Stand for a folder of claims and a file of amounts that the test writes.
OWN, AMOUNTS = "{own}", "{amounts}"
#: What ``baseline`` writes: the measures read it, so that the year is balanced once and not by each of them again.
BALANCED = "year_2024"
FLOWS = f"{BALANCED}/flows.csv"

COMMANDS: dict[str, tuple[object, ...]] = {
    "run": ("--output", "brief"),
    "plan": ("--network", TOY),
    "facts why": ("COD/cobalt", "mine_production", "--year", 2024),
    "facts list": ("--attribute", "refinery_production", "--commodity", "nickel", "--year", 2024),
    "facts sources": (),
    "facts check": (OWN,),
    "facts import": (OWN, "--into", "imported"),
    "measure concentration": ("--commodity", "cobalt", "--stage", "mine", "--year", 2024),
    "measure reliance": ("--place", "USA", "--commodity", "lithium", "--year", 2024),
    "measure origin": ("--commodity", "CELL", "--place", "KOR", "--element", "cobalt", "--by", "owner", "--flows", FLOWS),
    "measure carbon": ("--commodity", "CELL", "--place", "KOR", "--flows", FLOWS),
    "measure social": ("--commodity", "CELL", "--place", "KOR", "--element", "cobalt", "--flows", FLOWS),
    "measure criticality": ("--method", "eu2023", "--commodity", "cobalt"),
    "measure eligibility": ("--product", "CELL", "--place", "CA-ON", "--rules", "us-45x-2026", "--flows", FLOWS),
    "measure landed-cost": ("--commodity", "cell_nmc811", "--place", "USA", "--flows", FLOWS),
    "baseline": ("--year", 2024, "--output", BALANCED),
    "rules list": (),
    "rules show": ("us-45x-2026",),
    "shock": ("drc_cobalt_ban_2025", "--response", "contracts", "--weeks", 12),
    "shock exposure": ("--network", TOY, "--time", 4),
    "shock watch": ("--place", "KOR"),
    "shock ensemble": ("--network", TOY, "--year", 2030, "--members", 4, "--seed", 1),
    "shock events": (),
    "export datapackage": ("--output", "package"),
    "export claims": ("--commodity", "nickel", "--output", "nickel_claims"),
    "export iamc": ("--network", TOY, "--what", "plan", "--output", "toy_iamc.csv"),
    "export geojson": ("--network", TOY, "--output", "toy.geojson"),
    "export sdmx-csv": ("--attribute", "mine_production", "--year", 2023, "--output", "mines.csv"),
    "export pypsa": ("--network", TOY, "--output", "toy_pypsa"),
    "export passport": ("--commodity", "cell_lfp", "--place", "KOR", "--year", 2024, "--energy", 60, "--output", "passport.json"),
    "import iamc": ("toy_iamc.csv", "--network", TOY),
    "import sdmx-csv": ("mines.csv", "--output", "mine_claims.csv"),
    "import pypsa": ("toy_pypsa", "--output", "toy_again"),
    "view atlas": ("--element", "graphite", "--destination", "KOR", "--by", "owner"),
    "view sources": (),
    "pool list": (),
    "pool show": ("lithium_stocks",),
    "pool run": ("lithium_stocks", AMOUNTS),
}

#: What a command reads, and the command that writes it.
WRITTEN_BY = {FLOWS: "baseline", "toy_iamc.csv": "export iamc", "mines.csv": "export sdmx-csv", "toy_pypsa": "export pypsa"}

#: Commands that run in a process of their own, one of each group at least: nothing that another imported is there.
FRESH = {
    "run", "plan", "facts why", "measure landed-cost", "baseline", "rules list", "shock", "shock ensemble", "export pypsa",
    "import pypsa", "pool run", "view atlas",
}  # fmt: skip

#: Commands of the register; what they need that others do not is asked for below.
REGISTER = {"pact", "db", "audit", "account", "jobs", "worker", "overlay", "network", "serve", "feed", "webhook"}
#: Commands of other groups that ask a register.
OF_A_REGISTER = {
    "pool share", "pool today", "view calendar", "view cascade", "view documents", "view projects", "view states",
    "view tower",
}  # fmt: skip


def test_no_command_is_forgotten() -> None:
    from typer.main import get_command

    from orepact.cli.commands import app

    def leaves(command, name=""):
        children = getattr(command, "commands", None)
        if children is None:
            return [name.strip()]
        names = {child: name if found.hidden else f"{name} {child}" for child, found in children.items()}
        return [leaf for child, found in children.items() for leaf in leaves(found, names[child])]

    beside = [name for name in leaves(get_command(app)) if name.split()[0] not in REGISTER and name not in OF_A_REGISTER]
    assert sorted(beside) == sorted(COMMANDS)
    assert {name.split()[0] for name in FRESH} == {name.split()[0] for name in beside}


@pytest.fixture(scope="module")
def reply(orepact: Command, asking: Command, tmp_path_factory: pytest.TempPathFactory) -> Reply:
    """What a command of ``COMMANDS`` says; each is run once, and after what it reads is there; those of ``FRESH``
    in a process of their own, the others in one that they share.
    """

    @cache
    def of(name: str) -> subprocess.CompletedProcess[str]:
        words = list(COMMANDS[name])
        if OWN in words:
            words[words.index(OWN)] = _own_claims(tmp_path_factory.mktemp("own") / "mine")
        if AMOUNTS in words:
            target = tmp_path_factory.mktemp("amounts") / "stocks.csv"
            target.write_text("owner,row,column,amount\nAda,CAN,raw,90\nBo,KOR,raw,20\nCy,JPN,chemicals,5\n", "utf-8")
            words[words.index(AMOUNTS)] = target
        for read, writer in WRITTEN_BY.items():
            if read in words and writer != name:
                of(writer)
        run = orepact if name in FRESH else asking
        return run(*name.split(), *words, "--format", "json")

    return of


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_from_another_folder(reply: Reply, name: str) -> None:
    done = reply(name)
    found = json.loads(done.stdout)
    assert {"data", "meta"} <= set(found)
    assert found["data"]
    assert not done.stderr


def test_help_and_version_of_the_installed_command(orepact: Command) -> None:
    assert "measure" in orepact("--help").stdout
    assert orepact("--version").stdout.strip()


def test_the_exported_reference_plans_as_the_reference(orepact: Command, tmp_path: Path) -> None:
    """The whole network in three of its model years; ``run`` plans all of them."""
    reference = yaml.safe_load((ROOT / "src/orepact/data/scenarios/reference.yaml").read_text("utf-8"))
    few = tmp_path / "few_years.yaml"
    few.write_text(yaml.safe_dump({**reference, "years": [2025, 2030, 2040]}), "utf-8")
    orepact("export", "datapackage", "--scenario", few, "--output", "reference_copy")
    copied = json.loads(orepact("plan", "--network", "reference_copy", "--format", "json").stdout)
    direct = json.loads(orepact("plan", "--scenario", few, "--format", "json").stdout)
    assert copied["objective_usd"] == pytest.approx(direct["objective_usd"], rel=1e-6)
    assert copied["objective_usd"] > 0


#: Runs in the installed environment, all in one process: reads command lines, says for each its exit code and its first words.
ASKING = """
import contextlib, io, json, shlex, sys
from orepact.cli.entry import run

told = {}
for line in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([*shlex.split(line), "--format", "json"])
    told[line] = [code, (out.getvalue() or err.getvalue())[:2000]]
json.dump(told, sys.stdout)
"""
#: Makes a register, fills it and asks it: lists, a board, a pack, a form, a calendar, in the languages of the parties.
ASKED = (
    "db init",
    "db seed",
    "pact bodies --on 2026-11-22",
    "pact scoreboard ca-jp-moc-battery-2023 --on 2026-11-22 --language ko",
    "pact commitments --overdue --on 2026-11-22",
    "pact organisations --search 경제산업성",
    "pact show instrument ca-jp-moc-battery-2023 --language ja",
    "pact pack ca-jp-battery-dialogue --on 2026-11-22 --language all --output pack",
    "pact calendar ca-jp-battery-dialogue --output dialogue.ics",
    "pact incident form ca-jp-moc-battery-2023 --language ko",
    "db backup --output register.zip",
    "db restore register.zip --db other.db",
    "audit verify --db other.db",
)


@pytest.mark.parametrize(
    ("folder", "pattern", "least"),
    [
        ("store/migrations", "**/*.py", 5),
        ("data/pact", "**/*.yaml", 20),
        ("data/locale", "*/LC_MESSAGES/*.mo", 3),
    ],
)
def test_what_the_register_reads_is_inside(wheel: Path, folder: str, pattern: str, least: int) -> None:
    """Steps of the database, shipped records, words in French, Japanese and Korean."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"orepact/{path.relative_to(ROOT / 'src' / 'orepact').as_posix()}"
        for path in (ROOT / "src" / "orepact" / folder).glob(pattern)
    }
    assert len(wanted) >= least
    assert wanted - inside == set()


def test_a_register_is_made_filled_and_checked(orepact: Command) -> None:
    """As the first page of the manual says, each command by itself; in the user's own folder when no database is named."""
    assert json.loads(orepact("db", "init", "--format", "json").stdout)["meta"]["records"] == 0
    filled = json.loads(orepact("db", "seed", "--format", "json").stdout)
    checked = json.loads(orepact("audit", "verify", "--format", "json").stdout)
    assert filled["data"]
    assert checked["meta"]["manifest"]["entries"] > 500
    assert Path(checked["meta"]["manifest"]["register"]).name == "register.db"


def test_the_filled_register_answers(installed: Command, tmp_path: Path) -> None:
    """Boards, packs, forms, calendars and backups, from another folder."""
    db = tmp_path / "register.db"
    lines = [f"{line} --db {db}" if "--db" not in line else line for line in ASKED]
    done = installed("python", "-c", ASKING, input=json.dumps(lines), cwd=tmp_path)
    told = json.loads(done.stdout)
    assert list(told) == lines
    assert {line: said for line, (code, said) in told.items() if code} == {}
    assert [path.suffix for path in (tmp_path / "pack").iterdir()] == [".html"] * 4
    assert (tmp_path / "dialogue.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_run_is_worked_on_and_read(orepact: Command, tmp_path: Path) -> None:
    """Put in line, computed by a worker in a process of its own, read."""
    db = ("--db", tmp_path / "runs.db")
    orepact("db", "init", *db)
    run = json.loads(orepact("jobs", "submit", "plan", "--network", TOY, *db, "--format", "json").stdout)
    orepact("worker", "--once", *db)
    name = run["data"][0]["run"]
    flows = json.loads(orepact("jobs", "show", name, "--table", "flows", *db, "--format", "json").stdout)
    assert flows["data"]


#: Starts the server of the environment on a free port, asks whether it is well and for the bodies, and stops it.
SERVING = """
import json, socket, subprocess, sys, time, urllib.request
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = subprocess.Popen([sys.argv[1], "serve", "--port", str(port), "--db", sys.argv[2]])
def ask(path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return json.load(answer)
try:
    for _ in range(300):
        try:
            ask("/healthz")
            break
        except OSError:
            time.sleep(0.2)
    print(json.dumps([ask("/readyz"), ask("/api/v1/bodies?on=2026-11-22")]))
finally:
    server.terminate()
    server.wait(60)
"""


def test_serving_says_what_it_lacks_and_then_serves(
    installed: Command, programs: Path, put_in: Callable[..., object], tmp_path: Path
) -> None:
    """The web server is an extra: named where it is not there; with it, the register answers over HTTP."""
    said = installed("python", "-c", "from orepact.cli.entry import run; print(run(['serve']))")
    assert "pip install 'orepact[serve]'" in said.stderr
    assert said.stdout.split()[-1] == "3"
    put_in("--requirement", ROOT / "requirements" / "serve.txt")
    db = tmp_path / "register.db"
    lines = [f"db init --db {db}", f"db seed --db {db}"]
    assert all(code == 0 for code, _ in json.loads(installed("python", "-c", ASKING, input=json.dumps(lines)).stdout).values())
    _, bodies = json.loads(installed("python", "-c", SERVING, programs / "orepact", db).stdout.splitlines()[-1])
    assert len(bodies["data"]) > 5


def _own_claims(folder: Path) -> Path:
    folder.mkdir()
    claims = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
    (folder / "mine.csv").write_text(claims + "FRA/cobalt,mine_production,5,t,2024,,,ours,2025,reported,TLP:CLEAR,\n", "utf-8")
    sources = "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    (folder / "sources.csv").write_text(sources + "ours,We,Our book,1,2025,own,,,A,no\n", "utf-8")
    return folder
