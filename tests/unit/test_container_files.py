"""The files for containers: read by their own checkers where these are installed, and always held to what the service needs.

No engine runs here: nobody has built the image or started the services in these tests.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from orepact.cli.commands import app

ROOT = Path(__file__).parents[2]
CONTAINER, COMPOSE = ROOT / "Containerfile", ROOT / "compose.yaml"
#: Keys of a service that we use; one that is misspelt is none of them.
KEYS = {
    "image", "build", "restart", "read_only", "tmpfs", "cap_drop", "security_opt", "environment", "secrets", "volumes",
    "networks", "healthcheck", "stop_grace_period", "entrypoint", "command", "depends_on", "ports", "profiles",
}  # fmt: skip
INSTRUCTIONS = {
    "FROM", "RUN", "CMD", "LABEL", "EXPOSE", "ENV", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "ARG", "STOPSIGNAL",
    "HEALTHCHECK", "SHELL",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Containerfile with what follows it, comments and breaks of lines taken away."""
    text = "\n".join(line for line in CONTAINER.read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))
    lines = [line.strip() for line in re.sub(r"\\\n", " ", text).splitlines()]
    return [(line.split(maxsplit=1)[0], " ".join(line.split()[1:])) for line in lines if line]


def compose() -> dict[str, Any]:
    """The compose file, with what its services share put in."""
    return dict(yaml.safe_load(COMPOSE.read_text("utf-8")))


def test_every_instruction_is_one() -> None:
    found = instructions()
    assert {name for name, _ in found} <= INSTRUCTIONS
    assert found[0][0] == "FROM"


def test_what_is_built_is_left_behind_and_nobody_is_root() -> None:
    found = instructions()
    stages = [number for number, (name, _) in enumerate(found) if name == "FROM"]
    last = found[stages[-1] :]
    assert len(stages) == 2
    assert ("USER", "10001:10001") in last
    assert not any(name == "RUN" and "pip" in words for name, words in last)
    after_user = last[last.index(("USER", "10001:10001")) :]
    assert not any(name == "RUN" for name, _ in after_user)
    assert {"HEALTHCHECK", "ENTRYPOINT", "CMD"} <= {name for name, _ in after_user}


def test_what_is_copied_is_there_and_is_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = [word for name, words in instructions() if name == "COPY" and "--from" not in words for word in words.split()[:-1]]
    assert len(copied) > 5
    for each in copied:
        assert (ROOT / each).exists(), each
        assert each.split("/")[0] in let_in, each


def test_no_registry_is_named_and_no_secret_is_told() -> None:
    for file in (CONTAINER, COMPOSE):
        text = file.read_text("utf-8")
        images = re.findall(r"^(?:FROM|\s+image:)\s+(\S+)", text, flags=re.MULTILINE)
        assert images
        assert not any("/" in image for image in images), "a short name"
        assert not re.search(r"index-url|pypi|docker\.io|quay\.io|ghcr", text)
        assert not re.search(r"(?i)(password|secret)\w*[:=] *[\"']?[a-z0-9]", text.replace("_FILE: /run/secrets/", ""))


def test_services_name_only_what_there_is() -> None:
    found = compose()
    assert set(found) == {"name", "x-orepact", "services", "volumes", "networks", "secrets"}
    services = found["services"]
    for name, service in services.items():
        assert set(service) <= KEYS, name
        assert {each.split(":")[0] for each in service.get("volumes", ())} <= set(found["volumes"]), name
        assert set(service.get("networks", ())) <= set(found["networks"]), name
        assert set(service.get("secrets", ())) <= set(found["secrets"]), name
        assert set(service.get("depends_on", ())) <= set(services), name
        assert "healthcheck" in service or service["build"], name
        for other, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert not healthy or "test" in services[other].get("healthcheck", {}), f"{name} waits for the health of {other}"
        for variable in service.get("environment", {}):
            assert not re.search(r"PASSWORD$|SECRET$|DATABASE_URL$", variable), "by file"
    assert services["upgrade"]["restart"] == "no"
    assert services["server"]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_ports_are_for_this_machine_alone() -> None:
    for service in compose()["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert service.get("read_only") or service["image"].startswith("postgres")


def test_commands_are_those_of_the_program() -> None:
    from typer.main import get_command

    own = [service for service in compose()["services"].values() if not service["image"].startswith("postgres")]
    lines = []
    for service in own:
        said = service["command"]
        lines += re.findall(r"orepact ([^&]+)", said[0]) if service.get("entrypoint") == ["sh", "-c"] else [" ".join(said)]
    assert len(lines) == 5
    for line in lines:
        words = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", line).split()
        command: Any = get_command(app)
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        words = [re.sub(r"\$\$\(.*", "now.zip", word) for word in words if not re.match(r"[-+]u|\+%", word)]
        with command.make_context("orepact", words) as context:
            assert context.params


@pytest.mark.skipif(find_spec("check_jsonschema") is None, reason="check-jsonschema, which brings the schema of compose files")
def test_the_compose_file_fits_its_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not (shutil.which("hadolint") or (Path(sys.executable).parent / "hadolint").exists()), reason="hadolint")
def test_the_containerfile_passes_its_checker() -> None:
    program = shutil.which("hadolint") or str(Path(sys.executable).parent / "hadolint")
    done = subprocess.run([program, str(CONTAINER)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
