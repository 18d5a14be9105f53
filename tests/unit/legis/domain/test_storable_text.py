"""Characters that PostgreSQL or XML cannot hold."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.storable_text import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("\udfff", ""),
        ("página\x0b1\x1f", "página1"),
        ("\ufffe\uffff!", "!"),
    ],
)
def test_forbidden_characters_go_and_are_reported(text: str, cleaned: str) -> None:
    assert clean(text) == (cleaned, True)


@pytest.mark.parametrize("text", ["", "Altera a Lei nº 8.069", "a\r\n\tb", "\xa0“aspas” – ª º", "🏛", "\x85\x96"])
def test_all_else_stays(text: str) -> None:
    assert clean(text) == (text, False)


@given(st.text(st.characters(), max_size=60))
def test_the_result_fits_utf8_and_xml(text: str) -> None:
    cleaned, removed = clean(text)
    assert removed == (cleaned != text)
    assert clean(cleaned) == (cleaned, False)
    assert "\x00" not in cleaned
    escaped = re.sub("[&<>]", "", cleaned)
    ElementTree.fromstring(f"<t>{escaped}</t>".encode())
