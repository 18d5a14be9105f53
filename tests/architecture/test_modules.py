"""Limits at which a module is split by purpose, and the sentence each opens with."""

import ast
from pathlib import Path

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_PARAMETERS = 7
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "constants"}


def test_every_package_is_looked_at(modules: list[Path], files: list[Path], root: Path) -> None:
    code = {path.parent for path in files if path.name == "py.typed" and "tests" not in path.relative_to(root).parts}
    looked_at = {path.parent for path in modules}
    assert len(code) > 6
    assert code <= looked_at


def test_modules_are_short(modules: list[Path], tests: list[Path], root: Path) -> None:
    both = [*modules, *tests]
    long = {str(path.relative_to(root)): lines for path in both if (lines := _lines(path)) > MAX_MODULE_LINES}
    assert tests
    assert not long


def test_functions_are_short_and_take_few_parameters(modules: list[Path], root: Path) -> None:
    wrong = []
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(root)}:{node.lineno} {node.name}"
                if (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES:
                    wrong.append(f"{where} has {lines} lines")
                if (count := _parameters(node)) > MAX_PARAMETERS:
                    wrong.append(f"{where} takes {count} parameters")
    assert not wrong


def test_every_module_opens_with_a_sentence(modules: list[Path], root: Path) -> None:
    wrong = []
    for path in modules:
        source = path.read_text()
        if not source.strip():
            continue
        opening = " ".join((ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0].split())
        if not opening.endswith((".", ":")):
            wrong.append(f"{path.relative_to(root)}: {opening!r}")
    assert not wrong


def test_no_name_says_nothing(modules: list[Path], root: Path) -> None:
    names = {path: {path.stem, *path.relative_to(root).parent.parts} for path in modules}
    assert not [str(path.relative_to(root)) for path, parts in names.items() if parts & VAGUE]


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len([one for one in named if one.arg not in ("self", "cls")])
