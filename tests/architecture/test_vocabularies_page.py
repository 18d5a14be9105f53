"""`docs/vocabularies.md` has every value of every closed list, in the order of the code, and no other."""

import inspect
import re
from pathlib import Path

import pytest
from legis.domain import change_kind, vocabulary, voting
from legis.domain.records import event_record, membership, organization_record, record, vote_event_record
from legis.domain.word_enum import Word

LISTS = {
    name: [member.value for member in found]
    for module in (
        vocabulary,
        voting,
        change_kind,
        record,
        organization_record,
        membership,
        event_record,
        vote_event_record,
    )
    for name, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, Word) and found.__module__ == module.__name__
}
ROW = re.compile(r"^\| `(?P<value>[^`]+)` \| (?P<portuguese>[^|]+) \| (?P<meaning>[^|]+) \| (?P<grows>open|closed) \|$")


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, list[re.Match[str]]]:
    found: dict[str, list[re.Match[str]]] = {}
    name = ""
    for line in (root / "docs/vocabularies.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
        elif line.startswith("| `"):
            match = ROW.match(line)
            assert match is not None, line
            found.setdefault(name, []).append(match)
    return found


def test_every_list_is_there(sections: dict[str, list[re.Match[str]]]) -> None:
    assert set(sections) == set(LISTS)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_value_has_its_line(sections: dict[str, list[re.Match[str]]], name: str) -> None:
    assert [row["value"] for row in sections[name]] == LISTS[name]
    assert all(row["portuguese"].strip() and row["meaning"].strip() for row in sections[name])


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_is_open_or_closed_as_a_whole(sections: dict[str, list[re.Match[str]]], name: str) -> None:
    assert len({row["grows"] for row in sections[name]}) == 1
