"""docs/architecture/README.md and the pages of the parts: layers, rooms and diagrams are those of the code."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from legis_launcher.plan import Backends, services

PAGE = "docs/architecture/README.md"
OUTSIDE = {"client", "camara", "senado", "index", "webhooks", "exports"}
"""Participants of diagrams that are no processes of ours: who asks, who is asked, and a folder."""

NUMBERS = {5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}

PACKAGES = {
    "legis": "shared/src/legis",
    "api_gateway": "services/api-gateway/src/api_gateway",
}
INGEST = sorted(path.name for path in (Path(__file__).parents[2] / "services").glob("ingest-*"))


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / PAGE).read_text()


def _contracts(root: Path) -> list[dict[str, Any]]:
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    return [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]


def test_the_layers_are_those_of_the_contracts(page: str, root: Path) -> None:
    block = page.split("```text\n")[1].split("```")[0]
    shown = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in block.strip().splitlines())
    wanted = {
        container: " → ".join(contract["layers"])
        for contract in _contracts(root)
        for container in contract.get("containers", ["packages"])
    }
    assert shown == wanted


def _mermaid(page: str) -> list[str]:
    return re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)


def _boxes(chart: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])([a-z][a-z-]*)[(\[]", chart))


def test_the_containers_are_the_services_of_compose(page: str, root: Path) -> None:
    chart = _mermaid(page)[0]
    compose = yaml.safe_load((root / "deploy/compose/compose.yaml").read_text())
    assert _boxes(chart) - OUTSIDE == set(compose["services"])


@pytest.fixture(scope="module")
def processes() -> dict[str, str]:
    """The module of each process of a run, by name; `migrate` is none of them, since it ends."""
    plan = services(Backends("live", "", ""), defaultdict(lambda: 1))
    return {service.name: service.module for service in plan}


def test_the_containers_are_the_processes_of_make_run(page: str, processes: dict[str, str]) -> None:
    assert processes.keys() <= _boxes(_mermaid(page)[0])
    assert _first_cells(page, "| process | package | folder | what it does |") == sorted([*processes, "migrate"])


def test_every_page_counts_the_processes_of_make_run(page: str, processes: dict[str, str], root: Path) -> None:
    of_gateway = [name for name, module in processes.items() if module.startswith("api_gateway.")]
    gateway = (root / "services/api-gateway/README.md").read_text()
    launcher = (root / "tools/launcher/README.md").read_text()
    assert f"It is {NUMBERS[len(processes)]} programs and `migrate`" in page
    assert f"one image, {NUMBERS[len(of_gateway)]} processes and `migrate`" in gateway
    assert _first_cells(gateway, "| process | command | what it does |") == sorted([*of_gateway, "migrate"])
    assert f"our {NUMBERS[len(processes)]} processes and `migrate`" in " ".join(launcher.split())
    step = re.search(r"^5\. (.*?), each waited for", launcher, re.MULTILINE)
    assert step is not None
    assert re.findall(r"`([\w-]+)`", step[1]) == list(processes)


def test_who_takes_part_in_a_request_is_a_container(page: str) -> None:
    known = _boxes(_mermaid(page)[0]) | OUTSIDE
    charts = _mermaid(page)[1:]
    assert len(charts) == 2
    for chart in charts:
        members = set(re.findall(r"participant ([\w-]+)", chart))
        spoken = set(re.findall(r"^ +([\w-]+?)-?->>", chart, re.MULTILINE))
        spoken |= set(re.findall(r"-?->>([\w-]+):", chart))
        assert members <= known
        assert spoken == members


def _first_cells(text: str, head: str) -> list[str]:
    """Every word in backticks in the first cells of the table under this head, as often as it is there."""
    table = text.split(head)[1].split("\n\n")[0]
    rows = table.splitlines()[1:]
    return sorted(word.rstrip("/") for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[1]))


def _rooms(folder: Path) -> set[str]:
    """Folders and modules right below a package, without what every package has."""
    found = {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}
    return found | {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


@pytest.mark.parametrize(
    ("name", "head", "folder", "unlisted"),
    [
        (PAGE, "| module or folder of `legis.domain` | rule |", "shared/src/legis/domain", set()),
        (PAGE, "| folder of `api_gateway.store` | holds |", "services/api-gateway/src/api_gateway/store", set()),
        ("services/api-gateway/README.md", "| room | holds |", PACKAGES["api_gateway"], {"settings"}),
        *(
            (
                f"services/{name}/README.md",
                "| room | what it does |",
                f"services/{name}/src/{name.replace('-', '_')}",
                {"settings"},
            )
            for name in INGEST
        ),
    ],
)
def test_a_table_of_rooms_has_every_room_and_no_other(
    name: str, head: str, folder: str, unlisted: set[str], root: Path
) -> None:
    assert _first_cells((root / name).read_text(), head) == sorted(_rooms(root / folder) - unlisted)


def test_the_rooms_of_web_are_its_folders(root: Path) -> None:
    folders = {path.name for path in (root / PACKAGES["api_gateway"] / "web").iterdir() if path.is_dir()}
    listed = _first_cells((root / "services/api-gateway/README.md").read_text(), "| room of `web` | holds |")
    assert listed == sorted(f"web/{name}" for name in folders - {"__pycache__"})


def test_the_parts_of_the_library_are_its_folders(root: Path) -> None:
    listed = _first_cells((root / "shared/README.md").read_text(), "| part | what |")
    assert [name.removeprefix("legis.") for name in listed] == sorted(_rooms(root / "shared/src/legis"))
