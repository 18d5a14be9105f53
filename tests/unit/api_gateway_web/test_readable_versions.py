"""Differences of texts by words: nothing is lost but unchanged words, and Markdown of the sources stays text."""

import orjson
import pytest
from api_gateway.web.responses.past.readable_versions import markdown, with_diffs
from api_gateway.web.responses.past.word_diff import MAX_COMPARED, NEAR, DiffPart, word_diff
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.lists(st.sampled_from(["a", "lei", "de", "saúde", "educação", "nº"]), max_size=40)
MANY = " ".join(f"w{number}" for number in range(50))
ENTRY = {
    "seq": 7, "bill_id": "camara-1", "identifier": "PL 1/2024", "kind": "MOVED", "version": 2,
    "changed_at": "2024-03-02T14:00:05Z",
}  # fmt: skip


def side(parts: list[DiffPart], left_out: str) -> list[str]:
    return " ".join(part.text for part in parts if part.op != left_out).split()


def agrees(shown: list[str], words: list[str]) -> bool:
    """Whether the shown words are the text, where each `…` may stand for any number of words."""
    place = 0
    pieces = " ".join(shown).split("…")
    for number, piece in enumerate(pieces):
        wanted = piece.split()
        last = number == len(pieces) - 1
        starts = range(place, len(words) - len(wanted) + 1) if number else [0]
        begin = next(
            (s for s in (reversed(starts) if last and number else starts) if words[s : s + len(wanted)] == wanted), None
        )
        if begin is None:
            return False
        place = begin + len(wanted)
    return place == len(words) or shown[-1:] == ["…"]


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_parts(old: list[str], new: list[str]) -> None:
    parts = word_diff(" ".join(old), "  ".join(new))
    assert agrees(side(parts, "insert"), old)
    assert agrees(side(parts, "delete"), new)
    assert all(part.text for part in parts)


def test_unchanged_words_far_from_a_change_are_left_out() -> None:
    (before, gone, came, after) = word_diff(f"{MANY} merenda {MANY}", f"{MANY} saúde {MANY}")
    assert before == DiffPart("equal", "… w44 w45 w46 w47 w48 w49")
    assert (gone, came) == (DiffPart("delete", "merenda"), DiffPart("insert", "saúde"))
    assert after == DiffPart("equal", "w0 w1 w2 w3 w4 w5 …")
    assert len(after.text.split()) == NEAR + 1


def test_a_long_part_is_replaced_whole() -> None:
    old, new = ("x y " * MAX_COMPARED).strip(), ("y z " * MAX_COMPARED).strip()
    assert word_diff(f"início {old}", f"início {new}") == [
        DiffPart("equal", "início"), DiffPart("delete", old), DiffPart("insert", new),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("READY", "APPROVED", "- **f**: READY → APPROVED"),
        (None, "uma ementa", "- **f**: — → uma ementa"),
        ("a lei *velha*", "a lei <nova>", r"- **f**: a lei ~~\*velha\*~~ **\<nova\>**"),
        ({"acronym": "MESA", "name": "Mesa"}, {"acronym": None, "name": "Plenário"}, "- **f**: MESA → Plenário"),
        ({"date": "2024-03-01", "description": "Lido"}, None, "- **f**: 2024-03-01 Lido → —"),
        ([{"name": "A"}, {"name": "B"}], [{"name": "B"}, {"name": "C"}], "- **f**:\n  - removed: A\n  - added: C"),
        (None, "x" * 400, f"- **f**: — → {'x' * 299}…"),
        (3, True, "- **f**: 3 → true"),
    ],
)
def test_a_change_is_a_line(old: object, new: object, line: str) -> None:
    entry = orjson.dumps({**ENTRY, "changes": [{"field": "f", "old": old, "new": new}]})
    text = markdown("camara-1", [entry], None)
    assert text == f"# camara-1\n\n## Version 2: MOVED at 2024-03-02T14:00:05Z\n\nPL 1/2024, seq 7\n\n{line}\n"


def test_only_texts_of_several_words_have_a_diff() -> None:
    changes = [{"field": "status", "old": "A", "new": "B"}, {"field": "title", "old": "a lei", "new": "a saúde"}]
    entry = orjson.loads(with_diffs(orjson.dumps({**ENTRY, "changes": changes})))
    assert "diff" not in entry["changes"][0]
    assert [part["op"] for part in entry["changes"][1]["diff"]] == ["equal", "delete", "insert"]
