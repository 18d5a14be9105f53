"""Nothing in the repository depends on the machine it was written on, and no test in it is forgotten."""

import re
from fnmatch import fnmatch
from pathlib import Path, PurePath

import pytest

# Written in pieces, or this file would find itself.
MACHINE_PATHS = re.compile(
    r"(?<![\w.}])/(?:" + "|".join(("work", "root", "Users", r"home/[a-z]\w*", r"tmp/\w+")) + r")(?:/|\b)"
)
INDEX_HOSTS = re.compile("|".join((r"py" + r"pi\.org", r"python" + r"hosted\.org", r"npm" + r"js\.(?:org|com)")))

# One module knows where these lie: a test that counted folders itself was moved, and skipped from then on, unnoticed.
OUTSIDE_FOLDERS = re.compile(r"parents\[\d\].*shared|\"shared(?:\" / \"|/)(?:recordings|cases)")
THEIR_MODULE = "material_folder.py"


def _offenders(files: list[Path], pattern: re.Pattern[str], root: Path) -> list[str]:
    found = []
    for path in files:
        if "static" in path.parts:  # other people's scripts, shipped as they are
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if (match := pattern.search(line)) and path != Path(__file__):
                found.append(f"{path.relative_to(root)}:{number}: {match.group()}")
    return found


def test_no_path_of_one_machine(files: list[Path], root: Path) -> None:
    assert not _offenders(files, MACHINE_PATHS, root)


def test_no_host_of_a_package_index(files: list[Path], root: Path) -> None:
    assert not _offenders(files, INDEX_HOSTS, root)


def test_one_module_knows_where_recordings_and_cases_lie(files: list[Path], root: Path) -> None:
    others = [path for path in files if path.suffix == ".py" and path.name != THEIR_MODULE]
    assert not _offenders(others, OUTSIDE_FOLDERS, root)


OWN_PROJECT = PurePath("tests/new_source/assembly")
"""Its tests run in a copy of it, as those of any new source do."""


def test_every_test_is_collected(files: list[Path], root: Path, pytestconfig: pytest.Config) -> None:
    """A pattern without a slash leaves out every folder of that name, also one that nobody thought of."""
    patterns = pytestconfig.getini("norecursedirs")
    left_out = {
        str(path)
        for path in (one.relative_to(root) for one in files if fnmatch(one.name, "test_*.py"))
        if OWN_PROJECT not in path.parents
        for folder in path.parents
        if any(fnmatch(str(folder) if "/" in pattern else folder.name, pattern) for pattern in patterns)
    }
    assert not left_out
