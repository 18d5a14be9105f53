"""Folders, names and sizes of modules, and what the product does with its dependencies."""

import ast
import re
import subprocess
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

MOST_MODULES = 20
FEWEST_LINES = 15
SHORT_MODULES = {
    "code_lists.py": "reads the code lists that stand beside it",
    "frozen.py": "the base of every model of the domain",
    "reviewed_people.py": "a list that reviewers add to; empty so far",
    "storable_text.py": "the one rule on characters that every text obeys",
}
"""Modules of fewer lines than most, and why each is one."""

REPEATED = {"__init__", "__main__", "app", "settings", "conftest"}
"""Names that the tools or every package have."""

OF_A_HOUSE = re.compile(r"(?:services/(ingest-\w+)/src|upstream_sim/(camara|senado))/")
"""Packages that mirror each other, since each speaks one house's language: the sources and the simulated houses. Each
has a name once.
"""

SAME_NAME = {
    "bill": "the domain's model, and what each house makes of it",
    "bills": "a route, and the bills of each source",
    "bodies": "what a page shows, and words of the houses",
    "changes": "a route, and what each source shows of changes",
    "events": "a route, and events of the houses",
    "identity": "who a client is, and by what each house names a bill",
    "legislators": "a route, and legislators of the houses",
    "member_votes": "what a page shows, and votes of the Câmara",
    "organizations": "a route, and organizations of the houses",
    "people": "what a page shows, the simulator's nation, and people of the houses",
    "routes": "the pages' and the simulated houses'",
    "shapes": "base of the public shapes, and wire shapes of the Câmara",
    "vote_events": "a route, and votings of the houses",
    "voting": "the domain's model, and what a page shows",
}
"""Other names that stand more than once, and where. To be fixed by whoever moves one of them."""

LONGEST_SUBJECT = 72
SUBJECTS_SINCE = "6f4c4fe"

DEPENDENCIES = {
    "fastapi": "FastAPI(",
    "uvicorn": "uvicorn.Server",
    "asyncpg": "create_pool(",
    "sqlmodel": "table=True",
    "aiohttp": "ClientSession(",
    "redis": "xreadgroup(",
    "aiobreaker": "CircuitBreaker",
    "opentelemetry": "TracerProvider(",
    "prometheus_fastapi_instrumentator": "Instrumentator(",
}
"""Each package that the product is built on, and a call that only its real work needs."""

PRIVATE = re.compile(
    r"\b(?:uvicorn|starlette|fastapi|asyncpg|redis|aiohttp|aiobreaker|tantivy|opentelemetry|prometheus_client)"
    r"(?:\.\w+)*\._[a-z]\w*|"
    r"\b(?:protocol|connection|pool|redis|client|transport|server|session|breaker|searcher)\._(?!_)[a-z]\w*"
)

UNDER_UVICORN = {"shared/src/legis/service/http_protocol.py"}
"""Modules that build on uvicorn's own protocol classes. None is to be added."""


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).parent.as_posix()


def _width(paths: list[Path], root: Path) -> dict[str, int]:
    counts = Counter(_short(path, root) for path in paths if path.name != "__init__.py")
    return {folder: count for folder, count in counts.items() if count > MOST_MODULES}


def test_a_folder_has_few_modules(modules: list[Path], root: Path) -> None:
    assert not _width(modules, root)


def test_a_folder_of_tests_has_few_modules(tests: list[Path], root: Path) -> None:
    wide = _width(tests, root)
    assert not wide


def test_a_short_module_has_a_reason(modules: list[Path]) -> None:
    lines = {path: len(path.read_text().splitlines()) for path in modules if path.name != "__init__.py"}
    assert not [str(path) for path, count in lines.items() if count < FEWEST_LINES and path.name not in SHORT_MODULES]


def _package(name: str) -> str:
    """What may have a name once: the house that a module belongs to; all other packages together."""
    found = OF_A_HOUSE.search(name)
    return found[0] if found else ""


def _repeated(names: list[str]) -> bool:
    """Whether modules of one name are more than one in each of the mirrored packages."""
    packages = Counter(map(_package, names))
    return max(packages.values()) > 1 or ("" in packages and len(packages) > 1)


def test_a_name_stands_for_one_module(modules: list[Path], root: Path) -> None:
    places = defaultdict(list)
    for path in modules:
        if path.stem not in REPEATED:
            places[path.stem].append(path.relative_to(root).as_posix())
    repeated = {stem: names for stem, names in places.items() if _repeated(names)}
    assert not {stem: names for stem, names in repeated.items() if stem not in SAME_NAME}
    assert not SAME_NAME.keys() - repeated.keys(), "these stand for one module each: take them out"


def test_a_house_is_mirrored_by_houses_alone() -> None:
    camara, senado = "services/ingest-camara/src/x/bill.py", "services/ingest-senado/src/y/bill.py"
    assert not _repeated([camara, senado, "tools/upstream-sim/src/upstream_sim/camara/bill.py"])
    assert _repeated([camara, "shared/src/legis/domain/bill.py"])
    assert _repeated([camara, "services/ingest-camara/src/x/bill.py"])
    assert _repeated(["shared/a.py", "tools/launcher/a.py"])


@pytest.mark.parametrize("package", DEPENDENCIES)
def test_a_fixed_package_is_imported_and_works(package: str, modules: list[Path]) -> None:
    importing = [path.read_text() for path in modules if package in _imports(path)]
    assert [text for text in importing if DEPENDENCIES[package] in text]


def test_the_tests_run_on_pytest_asyncio(root: Path, tests: list[Path]) -> None:
    assert 'asyncio_mode = "auto"' in (root / "pyproject.toml").read_text()
    assert [path for path in tests if "pytest_asyncio" in _imports(path)]


@cache
def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_no_private_attribute_of_a_dependency(modules: list[Path], root: Path) -> None:
    used = [
        f"{path.relative_to(root)}: {found.group()}"
        for path in modules
        for line in path.read_text().splitlines()
        if (found := PRIVATE.search(line))
    ]
    assert not used


def test_nothing_is_built_on_the_inside_of_uvicorn(modules: list[Path], root: Path) -> None:
    inside = {str(path.relative_to(root)) for path in modules if "uvicorn.protocols" in path.read_text()}
    assert inside <= UNDER_UVICORN


def test_subjects_of_commits_are_short(root: Path) -> None:
    listed = subprocess.run(
        ["git", "log", "--no-merges", "--format=%s", f"{SUBJECTS_SINCE}..HEAD"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no history here: an unpacked archive, or a shallow clone")
    assert not [subject for subject in listed.stdout.splitlines() if len(subject) > LONGEST_SUBJECT]
