"""The tables of votings, parties and contradictions in docs/data-model.md name every word of the code, and no other."""

import re
from pathlib import Path

import pytest
from legis.domain.vocabulary import QualityFlagCode
from legis.domain.voting import VotePurpose, VoteResult, VotingFlagCode
from legis.domain.word_enum import Word

PAGE = (Path(__file__).parents[2] / "docs/data-model.md").read_text("utf-8")


def first_cells(section: str, heading: str) -> list[str]:
    """The words in the first cells of a table of a section, given how its head begins."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading}")) + 2
    rows = [line for line in lines[start:] if line.startswith("|") or not line]
    table = rows[: rows.index("")] if "" in rows else rows
    return [word for row in table for word in re.findall(r"`(\w+)`", row.split("|")[1]) if word.isupper()]


@pytest.mark.parametrize(
    ("heading", "words"), [("`result`", VoteResult), ("`purpose`, first", VotePurpose), ("flag |", VotingFlagCode)]
)
def test_every_word_of_votings_has_its_line(heading: str, words: type[Word]) -> None:
    assert sorted(first_cells("Votings", heading)) == sorted(words)


def test_purposes_stand_in_the_order_of_the_rule() -> None:
    assert first_cells("Votings", "`purpose`, first") == [purpose.value for purpose in VotePurpose]


def test_flags_of_contradictions_exist() -> None:
    told = set(first_cells("Quality flags that tell contradictions", "flag, on field"))
    assert told <= set(QualityFlagCode)
    assert told >= {word for word in QualityFlagCode if word.startswith(("ORDER_", "ORIGIN_", "PARTY_", "DATE_I"))}
