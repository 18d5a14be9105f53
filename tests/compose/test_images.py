"""The images: from the lock alone, the same shape for each, nothing of the machine in them."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from compose.layers import ROOT

IMAGES = ROOT / "deploy" / "images"
NAMES = ("api-gateway", "ingest-camara", "ingest-senado", "upstream-sim")


@pytest.fixture(scope="module")
def packages() -> ModuleType:
    """The program that writes the lists of packages."""
    spec = importlib.util.spec_from_file_location("make_packages", IMAGES / "make_packages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lists_of_packages_are_what_the_packages_need(packages: ModuleType) -> None:
    for image, package in packages.IMAGES.items():
        assert (IMAGES / "packages" / f"{image}.txt").read_text() == packages.render(package), (
            "run `.venv/bin/python deploy/images/make_packages.py`"
        )


def test_every_listed_package_is_in_the_lock(packages: ModuleType) -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    for package in packages.IMAGES.values():
        assert set(packages.names(package)) <= locked


@pytest.mark.parametrize("name", NAMES)
def test_an_image_is_made_in_two_stages_and_hardened(name: str) -> None:
    text = (IMAGES / f"{name}.Dockerfile").read_text()
    built, final = text.split("\nFROM ${PYTHON_IMAGE}\n")
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.13-slim-bookworm(@sha256:[0-9a-f]{64})?$", built, re.MULTILINE), (
        "see the waiver in checkov.yaml"
    )
    assert "--require-hashes --no-deps --only-binary :all: -r run.lock" in built
    assert "install" not in re.sub(r"#.*|pip uninstall", "", final), "something is installed in the final stage"
    assert "COPY --from=build /opt/legis /opt/legis" in final
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in final
    assert len(re.findall(r"org\.opencontainers\.image\.\w+", final)) >= 6


def test_images_differ_in_names_only() -> None:
    shapes = {name: _shape(IMAGES / f"{name}.Dockerfile") for name in NAMES}
    assert len(set(shapes.values())) == 1, shapes


def test_only_what_an_image_is_made_of_is_sent_to_the_builder() -> None:
    """Above all not the secrets, which lie in the same repository's folder."""
    for name in NAMES:
        lines = (IMAGES / f"{name}.Dockerfile.dockerignore").read_text().splitlines()
        assert lines[0] == "*"
        allowed = [line[1:] for line in lines if line.startswith("!")]
        assert all((ROOT / path).exists() for path in allowed)
        assert not [path for path in allowed if path.startswith("deploy/compose") or path == "deploy"]


def test_a_release_has_every_image_with_its_own_bill() -> None:
    page = (ROOT / "docs/deployment/release.md").read_text()
    every = {path.name.removesuffix(".Dockerfile") for path in IMAGES.glob("*.Dockerfile")}
    loops = re.findall(r"for image in (.*?); do", page)
    assert [set(one.split()) for one in loops] == [every, every]
    assert re.findall(r"--predicate (\S+)", page) == ["build/$image.spdx.json"]


def _shape(path: Path) -> str:
    """The instructions, without the words that are one image's own."""
    text = re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^COPY (shared|services|tools|docs|CHANGELOG)\S* .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?:\./[\w/-]+ )+(?=\\)", "MEMBERS ", text)
    text = re.sub(r'description=".*"', "", text)
    text = re.sub(r"(?:/api)?/health/ready|/control|\b(?:5000|5001|5002|8700)\b", "", text)
    text = re.sub(r"^CMD .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^RUN mkdir -p .*/legis.*\n", "", text, flags=re.MULTILINE)  # volumes, the gateway's alone
    return text.replace(path.name.removesuffix(".Dockerfile"), "NAME")
