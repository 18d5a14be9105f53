"""The list of synonyms is data that people edit: what an editor may get wrong is caught here."""

import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files("api_gateway") / "search" / "language" / "synonyms.toml").read_text(encoding="utf-8"))


def test_each_entry_has_the_fields_of_its_table(tables: dict[str, list[dict[str, Any]]]) -> None:
    fields = {
        "abbreviation": {"short": str, "long": list},
        "law": {"names": list, "kind": str, "number": int, "year": int},
        "same": {"words": list},
    }
    assert set(tables) == set(fields)
    for table, entries in tables.items():
        assert not [entry for entry in entries if {name: type(value) for name, value in entry.items()} != fields[table]]


def test_no_word_has_two_entries(tables: dict[str, list[dict[str, Any]]]) -> None:
    words = {
        "abbreviation": [entry["short"] for entry in tables["abbreviation"]],
        "law": [name for entry in tables["law"] for name in entry["names"]],
        "same": [word for entry in tables["same"] for word in entry["words"]],
    }
    for listed in words.values():
        assert not [word for word, times in Counter(listed).items() if times > 1]
    laws = Counter((entry["kind"], entry["number"], entry["year"]) for entry in tables["law"])
    assert max(laws.values()) == 1


def test_an_abbreviation_is_short_and_what_it_stands_for_is_words(tables: dict[str, list[dict[str, Any]]]) -> None:
    for entry in tables["abbreviation"]:
        assert 2 < len(entry["short"]) <= 9, entry
        assert all(len(text.split()) > 1 or "-" in text for text in entry["long"]), entry


def test_everything_is_in_lower_case_as_a_query_is_after_folding(tables: dict[str, list[dict[str, Any]]]) -> None:
    for entries in tables.values():
        for entry in entries:
            assert not [text for text in _texts(entry) if text != text.lower().strip()]


def test_laws_are_of_a_known_kind_and_a_possible_year(tables: dict[str, list[dict[str, Any]]]) -> None:
    for entry in tables["law"]:
        assert entry["kind"] in {"lei", "lei complementar", "decreto", "decreto-lei"}, entry
        assert 1889 < entry["year"] < 2100, entry


def _texts(entry: dict[str, Any]) -> list[str]:
    listed = [value if isinstance(value, list) else [value] for value in entry.values()]
    return [text for texts in listed for text in texts if isinstance(text, str)]
