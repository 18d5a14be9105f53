"""Writes which packages of requirements.lock each image installs: `python deploy/images/make_packages.py`.

Versions and hashes stay in the lock alone; here are only names, found by following what each package says it needs on
Linux with Python 3.13. The installed environment is read, so run it in `.venv`; a test holds the lists against it.
"""

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

IMAGES = {
    "api-gateway": "legis-api-gateway",
    "ingest-camara": "legis-ingest-camara",
    "ingest-senado": "legis-ingest-senado",
    "upstream-sim": "legis-upstream-sim",
    "build": "hatchling",
}
"""The list's name, and the package whose needs it holds; `build` is what our own wheels are built with."""

PYTHON = "3.13"
MACHINES = ("x86_64", "aarch64")
FOLDER = Path(__file__).parent / "packages"


def names(package: str) -> list[str]:
    """Every third-party package that `package` needs, and itself if it is one. Raises PackageNotFoundError for one
    that is not installed."""
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [(package, frozenset[str]())]
    while todo:
        name, extras = todo.pop()
        if (name, extras) not in seen:
            seen.add((name, extras))
            todo += [(canonicalize_name(one.name), frozenset(one.extras)) for one in _needs(name, extras)]
    return sorted({name for name, _ in seen if not name.startswith("legis-")})


def render(package: str) -> str:
    """The file: one name a line."""
    return "\n".join(["# Made by deploy/images/make_packages.py; a test compares.", *names(package)]) + "\n"


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for need in map(Requirement, distribution(name).requires or ()):
        if need.marker is None or any(need.marker.evaluate(one) for one in _environments(extras)):
            yield need


def _environments(extras: frozenset[str]) -> Iterator[dict[str, str]]:
    for machine in MACHINES:
        for extra in ("", *extras):
            yield {
                **{name: str(value) for name, value in default_environment().items()},
                "python_version": PYTHON,
                "python_full_version": f"{PYTHON}.0",
                "implementation_version": f"{PYTHON}.0",
                "sys_platform": "linux",
                "platform_system": "Linux",
                "platform_machine": machine,
                "os_name": "posix",
                "extra": extra,
            }


def main() -> None:
    for image, package in IMAGES.items():
        (FOLDER / f"{image}.txt").write_text(render(package))


if __name__ == "__main__":
    main()
