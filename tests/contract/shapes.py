"""What shape a JSON value has, compared with the shape of a chamber's recorded answers."""

import json
from collections.abc import Iterable, Sequence, Set
from typing import Any

import pytest
from material_folder import RECORDINGS


def recorded(chamber: str, pattern: str) -> list[Any]:
    """The chamber's recorded bodies; skips the test where there are none beside this checkout."""
    files = sorted((RECORDINGS / chamber).glob(pattern))
    if not files:
        pytest.skip(f"no recordings at {RECORDINGS / chamber / pattern}")
    return [json.loads(path.read_text(encoding="utf-8-sig")) for path in files]


def census(value: Any, path: str = "", found: dict[str, set[str]] | None = None) -> dict[str, set[str]]:
    """Every path of a JSON value with the types seen there; list elements share one path."""
    found = {} if found is None else found
    found.setdefault(path, set()).add("number" if isinstance(value, int | float) else type(value).__name__)
    if isinstance(value, dict):
        for name, inner in value.items():
            census(inner, f"{path}.{name}", found)
    elif isinstance(value, list):
        for inner in value:
            census(inner, f"{path}[]", found)
    return found


def compare(
    recorded: Iterable[Any], ours: Iterable[Any], *, extra: Set[str] = frozenset(), possible: Sequence[str] = ()
) -> None:
    """Same paths on both sides, no type of ours that was never recorded, but for what the call argues.

    `extra` are paths that must be ours alone, `possible` beginnings of paths that may be.
    """
    theirs: dict[str, set[str]] = {}
    mine: dict[str, set[str]] = {}
    for each in recorded:
        census(each, "", theirs)
    for each in ours:
        census(each, "", mine)
    assert theirs
    unknown = {path for path in mine.keys() - theirs.keys() if not path.startswith(tuple(possible))}
    assert (unknown, theirs.keys() - mine.keys()) == (extra, set())
    assert not {path: types - theirs[path] for path, types in mine.items() if path in theirs and types - theirs[path]}
