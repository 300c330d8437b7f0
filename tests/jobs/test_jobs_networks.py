"""Networks that an organisation keeps by name: their versions, what may be in them, whose they are, and runs on them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jobs_world import HERE, QUICK, TOY, desk_of

from orepact.cli.entry import run
from orepact.errors import BadInput, Forbidden, NotFound
from orepact.service.jobs import Worker, run_table, show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.service.planning import plan_package
from orepact.service.sharing import (
    end_network,
    list_networks,
    network_package,
    networks,
    put_network,
    show_network,
    zips,
)
from orepact.store.store import Store, open_store, restore_store

FOLDER = HERE.parent / "networks" / "toy"


def zipped(files: dict[str, str]) -> bytes:
    """Files as a zip, as people make them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return out.getvalue()


def test_versions_stay_as_they_were(store: Store) -> None:
    """The same package again is the version that there is, however it was packed; another is the next."""
    ana, holder = desk_of(store, "ana", "nrcan"), Desk(store)
    first = put_network("chain", zipped(TOY), ana).top
    assert put_network("chain", dict(reversed(TOY.items())), ana).top == first
    changed = {**TOY, "demand.csv": TOY["demand.csv"].replace(",80,", ",81,")}
    assert put_network("chain", changed, ana).top["network"] == "chain@2"
    assert put_network("chain", TOY, ana, label="TLP:AMBER/nrcan").top["network"] == "chain@3"
    assert [*list_networks(ana).data["version"]] == [1, 2, 3]
    assert list_networks(holder).data.equals(list_networks(ana).data)
    assert {*show_network("chain@1", ana).data["file"]} == {*TOY}
    handed = network_package("chain@2", ana)
    assert {name: part.decode() for name, part in zips.unzipped(handed.content).items()} == changed
    assert (handed.label, handed.name) == ("TLP:AMBER+STRICT/nrcan", "chain-2.zip")
    assert end_network("chain", ana).data["ended_at"][0]
    with pytest.raises(NotFound):
        submit_run("plan", {"network": "chain"}, ana)
    assert put_network("chain", TOY, ana).top["network"] == "chain@4"


def test_a_run_on_a_network_says_which(store: Store) -> None:
    """It is that of the package itself, for its organisation alone, and goes on when the network is ended meanwhile."""
    ana, ben = desk_of(store, "ana", "nrcan"), desk_of(store, "ben", "meti")
    digest = put_network("chain", TOY, ana).top["sha256"]
    for ref in ("chain", "chain@1"):
        with pytest.raises(NotFound, match=f"network '{ref}' is not known"):
            submit_run("plan", {"network": ref}, ben)
    with pytest.raises(NotFound):
        submit_run("plan", {"network": "chain@2"}, ana)
    name = str(submit_run("plan", {"network": "chain"}, ana).top["run"])
    assert submit_run("plan", {"network": "chain@1"}, ana).top["run"] == name
    end_network("chain", ana)
    assert Worker(store, QUICK).run(once=True) == 1
    found, direct = show_run(name, ana), plan_package(FOLDER)
    assert found.top["run"]["network"] == "chain@1"
    assert found.envelope()["data"] == direct.envelope()["data"]
    manifest = found.meta["manifest"]
    assert (manifest["network"], manifest["network_sha256"]) == ("chain@1", digest)
    assert {**manifest, **direct.envelope()["meta"]["manifest"]} == manifest
    assert found.meta["label"] == run_table(name, "flows", ana).meta["label"] == "TLP:AMBER+STRICT/nrcan"


def test_what_is_for_stewards_is_not_there_for_others(small: Store) -> None:
    """Neither the network nor a run on it; nobody puts one that he could not see, or of others."""
    ana, eve = desk_of(small, "ana", "nrcan"), desk_of(small, "eve", "nrcan", "steward")
    reader = desk_of(small, "rex", "nrcan", "reader")
    put_network("red-secret", TOY, eve, label="TLP:RED/nrcan")
    name = str(submit_run("plan", {"network": "red-secret"}, eve).top["run"])
    for ask in (show_network, network_package, end_network):
        with pytest.raises(NotFound):
            ask("red-secret", ana)
    with pytest.raises(NotFound):
        submit_run("plan", {"network": "red-secret"}, ana)
    with pytest.raises(NotFound):
        show_run(name, ana)
    assert not len(list_networks(ana).data)
    for label in ("TLP:RED/nrcan", "TLP:AMBER/meti", "TLP:CLEAR"):
        with pytest.raises(BadInput):
            put_network("own", TOY, ana, label=label)
    with pytest.raises(Forbidden):
        put_network("own", TOY, reader)
    with pytest.raises(Forbidden):
        put_network("own", TOY, ana, organisation="meti")


BAD: dict[str, tuple[Any, str]] = {
    "no zip": (b"PK nothing", "a zip of files"),
    "a step up": (zipped({"../network.yaml": ""}), "leads to no other place"),
    "a folder": (zipped({"toy/network.yaml": ""}), "network.yaml, datapackage.json or a table"),
    "another file": ({**TOY, "run.py": ""}, "network.yaml, datapackage.json or a table"),
    "no text": (zipped({**TOY, "sites.csv": "a\0"}), "UTF-8"),
    "no head": ({"sites.csv": "site\n"}, "network.yaml"),
    "a mistake within": ({**TOY, "sites.csv": "site,process\nmine,digging\n"}, "sites.csv"),
}


@pytest.mark.parametrize("mistake", [*BAD])
def test_a_package_that_is_none_is_refused_whole(small: Store, mistake: str) -> None:
    """With what is wrong in it, and without the folders of the machine."""
    ana = desk_of(small, "ana", "nrcan")
    content, said = BAD[mistake]
    with pytest.raises(BadInput) as refused:
        put_network("chain", content, ana)
    told = " ".join(str(problem) for problem in refused.value.problems)
    assert said in told
    assert "/tmp" not in told
    assert not len(list_networks(ana).data)


def test_a_package_has_a_largest_size(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed, unpacked, and in files; what a zip says of itself is not believed."""
    ana = desk_of(small, "ana", "nrcan")
    many = {**TOY, **{f"t{chr(97 + at)}.csv": "" for at in range(20)}}
    for name, most, content in (
        ("MOST_ZIPPED", 100, zipped(TOY)),
        ("MOST_BYTES", 100, zipped(TOY)),
        ("MOST_BYTES", 100, TOY),
        ("MOST_FILES", 10, zipped(many)),
        ("MOST_FILES", 10, many),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(networks, name, most)
            with pytest.raises(BadInput, match="at most"):
                put_network("chain", content, ana)
    for name in ("", "Chain", "a b", "../x", "a" * 61, "chain@2"):
        with pytest.raises(BadInput, match="lower-case letters"):
            put_network(name, TOY, ana)


def test_a_backup_carries_networks(store: Store, tmp_path: Path) -> None:
    """And an organisation finds them as they were."""
    ana = desk_of(store, "ana", "nrcan")
    put_network("chain", TOY, ana)
    store.backup(tmp_path / "register.zip")
    restore_store(tmp_path / "register.zip", str(tmp_path / "other.db"))
    other = open_store(str(tmp_path / "other.db"))
    assert network_package("chain", Desk(other, ana.reader)).content == network_package("chain", ana).content
    other.close()


def test_from_a_folder_to_a_run_by_hand(small: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Put, listed, shown, asked of, taken out, ended."""
    whose = ("--for", "nrcan", "--db", str(small.database.address))

    def asked(*words: str) -> dict[str, Any]:
        assert run([*words, *whose, "--format", "json"]) == 0
        return dict(json.loads(capsys.readouterr().out))

    assert asked("network", "put", "chain", str(FOLDER))["network"] == "chain@1"
    assert asked("network", "list")["data"][0]["title"] == "Two places, one metal"
    assert len(asked("network", "show", "chain@1")["data"]) == len(TOY)
    assert asked("jobs", "submit", "plan", "network=chain")["state"] == "queued"
    file = tmp_path / "chain.zip"
    assert run(["network", "export", "chain", str(file), *whose]) == 0
    assert asked("network", "put", "copy", str(file))["sha256"] == asked("network", "show", "chain")["sha256"]
    assert run(["network", "export", "chain", str(file), *whose]) == 3
    assert asked("network", "end", "chain")["data"][0]["ended_at"]
    assert run(["network", "put", "chain", "nowhere", *whose]) == 3
    assert "a folder with network.yaml, or a zip" in capsys.readouterr().err
