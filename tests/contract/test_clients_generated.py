"""What is generated of the clients is what the OpenAPI document says, and nothing names a package index."""

import inspect
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from legis_client import AsyncLegis, Legis, async_client, sync_client

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients"
TYPES = CLIENTS / "python/src/legis_client/api_types.py"
GOLDEN = ROOT / "tests/contract/golden/openapi.json"


def test_the_types_of_the_python_client_are_current(tmp_path: Path) -> None:
    # to change them: make clients, and read the difference
    tools = _make("clients-tools")
    if tools.returncode:
        pytest.skip(f"the generators cannot be had here: {tools.stderr.strip()[-300:]}")
    made = _make("clients-python", f"CLIENT_TYPES={tmp_path / TYPES.name}")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / TYPES.name).read_text() == TYPES.read_text()


def test_enumerations_and_objects_are_open_for_the_generators(tmp_path: Path) -> None:
    document = _client_document(tmp_path / "openapi.json")
    assert 'additionalProperties": false' not in json.dumps(document)
    assert {"type": "string"} in document["components"]["schemas"]["BillStatus"]["anyOf"]
    operations = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    assert {"listBills", "getBill", "listChanges"} <= operations


def test_the_clients_only_read_and_say_so(tmp_path: Path) -> None:
    document = _client_document(tmp_path / "openapi.json")
    assert {method for item in document["paths"].values() for method in item} == {"get"}
    readme = (CLIENTS / "typescript/README.md").read_text()
    assert "every operation that reads JSON" in readme
    assert "creates, changes, deletes or replays a subscription" in readme
    assert "They only read" in (ROOT / "docs/api/clients.md").read_text()


def test_both_clients_have_the_same_methods() -> None:
    for name in (
        "Bills", "Changes", "Sources", "Legislators", "Organizations", "VoteEvents", "Events", "Pages", "Follow",
        "Legis",
    ):  # fmt: skip
        one, other = getattr(sync_client, name), getattr(async_client, f"Async{name}")
        assert _methods(one) == _methods(other)
    assert inspect.signature(Legis).parameters.keys() == inspect.signature(AsyncLegis).parameters.keys()
    assert inspect.iscoroutinefunction(AsyncLegis.stats)


def test_the_clients_have_one_version() -> None:
    python = tomllib.loads((CLIENTS / "python/pyproject.toml").read_text())["project"]
    package = json.loads((CLIENTS / "typescript/package.json").read_text())
    assert package["version"] == python["version"]
    assert f'VERSION = "{python["version"]}"' in (CLIENTS / "python/src/legis_client/call_exchange.py").read_text()
    assert [one.partition(">")[0] for one in python["dependencies"]] == ["httpx2"]


def test_packages_of_the_typescript_client_are_pinned_by_hash_and_without_hosts() -> None:
    lock = json.loads((CLIENTS / "typescript/package-lock.json").read_text())
    packages = [one for path, one in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in one and "resolved" not in one for one in packages)
    package = json.loads((CLIENTS / "typescript/package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


def _methods(cls: type) -> set[str]:
    return {name for name in vars(cls) if not name.startswith("_")}


def _client_document(target: Path) -> dict[str, Any]:
    script = CLIENTS / "tools/client_document.py"
    subprocess.run([sys.executable, str(script), str(GOLDEN), str(target)], check=True)
    made: dict[str, Any] = json.loads(target.read_text())
    return made


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
