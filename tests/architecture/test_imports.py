"""Who may import whom: the contracts of pyproject.toml, and no circle between modules."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

CODE = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


def test_who_may_import_whom(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a ring; empty where there are none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle(root: Path) -> None:
    packages = sorted({path.parent.name for path in root.glob("*/src/*/__init__.py")})
    packages += sorted({path.parent.name for path in root.glob("*/*/src/*/__init__.py")})
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=True, cache_dir=None)
    assert len(graph.modules) > 400
    assert circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


@pytest.mark.parametrize(
    ("imports", "found"), [({"a": {"b"}, "b": {"c"}, "c": set()}, []), ({"a": {"b"}, "b": {"a"}}, ["a", "b", "a"])]
)
def test_a_circle_is_noticed(imports: dict[str, set[str]], found: list[str]) -> None:
    assert circle(imports) == found
