"""One version of the product, wherever it is written; and the licence that every part says it has."""

import re
import tomllib
from pathlib import Path

import pytest
from api_gateway.web.description.openapi_document import VERSION as API_VERSION

WRITTEN = {
    "deploy/compose/*.yaml": re.compile(r"LEGIS_VERSION:-([\w.-]+)\}"),
    "deploy/images/*.Dockerfile": re.compile(r"^ARG VERSION=(\S+)$", re.MULTILINE),
    "deploy/k8s/**/kustomization.yaml": re.compile(r"newTag: (\S+)"),
    "CHANGELOG.md": re.compile(r"\A[^#]*# Changelog.*?^## (\S+)", re.DOTALL | re.MULTILINE),
}


@pytest.fixture(scope="module")
def version(root: Path) -> str:
    return str(_project(root / "pyproject.toml")["version"])


def _project(path: Path) -> dict[str, object]:
    return dict(tomllib.loads(path.read_text())["project"])


def test_every_package_has_the_version_of_the_workspace(files: list[Path], version: str) -> None:
    packages = [path for path in files if path.name == "pyproject.toml"]
    assert len(packages) > 6
    assert {str(path): _project(path)["version"] for path in packages} == {str(path): version for path in packages}


@pytest.mark.parametrize("places", WRITTEN)
def test_what_is_delivered_has_it_too(places: str, root: Path, version: str) -> None:
    found = {one for path in root.glob(places) for one in WRITTEN[places].findall(path.read_text())}
    assert found == {version}


def test_the_user_agent_says_its_first_two_numbers(root: Path, version: str) -> None:
    settings = (root / "shared/src/legis/ingest/settings.py").read_text()
    assert f'"Legis/{".".join(version.split(".")[:2])} (' in settings


def test_the_version_of_the_api_is_that_of_its_addresses() -> None:
    assert API_VERSION.partition(".")[0] == "1", "/api/v1: another first number is another address"


def test_the_licence_is_in_the_repository_and_in_its_name(root: Path) -> None:
    assert (root / "LICENSE").read_text().startswith("MIT License\n")
    notice = (root / "NOTICE").read_text()
    shipped = (root / "services/api-gateway/src/api_gateway/web/static/README.md").read_text()
    for name, number in re.findall(r"npm `([a-z-]+?)(?:-dist)?` ([\d.]+)", shipped):
        assert re.search(rf"{name.replace('-', ' ')} {re.escape(number)}", notice, re.IGNORECASE), name
