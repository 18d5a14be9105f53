"""Pure rules of exports: columns, hashes, ranges, schedule."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from api_gateway.exporter.export_schedule import is_due, last_due
from api_gateway.exporter.group_hashes import GroupHashes, line_hash
from api_gateway.exports.export_library import EXPORT_ID, export_id
from api_gateway.exports.flat_columns import day, instant, integers, text, texts
from api_gateway.web.exports.byte_range import ByteRange, NotSatisfiable, byte_range, is_current
from hypothesis import given
from hypothesis import strategies as st

ETAG = '"abc"'


def test_columns_take_values_cells_and_lists() -> None:
    rows = [
        {"a": {"b": "x"}, "s": [{"n": "u"}, {"n": None}, {"n": "v"}, {"n": "u"}], "d": "2024-02-01", "l": [56, 57]},
        {"a": None, "s": [], "d": None, "l": []},
    ]
    assert text("x", "", "a", "b").json_values(rows) == ["x", None]
    names = texts("x", "", "s", "n")
    assert names.json_values(rows) == [["u", "v"], []]
    assert names.cells(names.json_values(rows)) == ["u | v", None]
    assert day("d", "").values(["2024-02-01", None]) == [date(2024, 2, 1), None]
    assert instant("t", "").values(["2026-03-02T06:00:12Z"]) == [datetime(2026, 3, 2, 6, 0, 12, tzinfo=UTC)]
    assert integers("l", "").cells(integers("l", "").json_values(rows)) == ["56 | 57", None]
    assert texts("x", "", "items", "ids").json_values([{"items": [{"ids": ["a", "b"]}, {"ids": []}]}]) == [["a", "b"]]


LINES = st.text("ab", max_size=3).map(str.encode)  # JSON has no line breaks in it
GROUPS = st.dictionaries(st.integers(1, 30), st.lists(LINES, max_size=3), max_size=20)


@given(GROUPS, GROUPS)
def test_groups_that_differ_are_those_that_are_not_equal(
    before: dict[int, list[bytes]], now: dict[int, list[bytes]]
) -> None:

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = GroupHashes(folder / "first", None)
        for ordinal in sorted(before):
            assert first.differs(ordinal, before[ordinal]) == bool(before[ordinal])
        first.close()
        second = GroupHashes(folder / "second", folder / "first")
        found = {ordinal for ordinal in sorted(now) if second.differs(ordinal, now[ordinal])}
        second.close()
    assert found == {ordinal for ordinal in now if now[ordinal] != before.get(ordinal, [])}
    assert second.checksum == sum(line_hash(line) for lines in now.values() for line in lines) % 2**64


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (b"bytes=0-0", ByteRange(0, 1)), (b"bytes=5-", ByteRange(5, 10)), (b"bytes=-3", ByteRange(7, 10)),
        (b"bytes=2-99", ByteRange(2, 10)), (b"bytes=4-2", ByteRange(0, 10, whole=True)),
        (b"bytes=0-1,3-4", ByteRange(0, 10, whole=True)), (b"items=0-1", ByteRange(0, 10, whole=True)),
        (b"bytes=-", ByteRange(0, 10, whole=True)), (b"bytes=1-999999999999999999999", ByteRange(0, 10, whole=True)),
    ],
)  # fmt: skip
def test_ranges(wanted: bytes, found: ByteRange) -> None:
    assert byte_range({b"range": wanted}, 10, ETAG) == found
    assert byte_range({b"range": wanted, b"if-range": b'"other"'}, 10, ETAG) == ByteRange(0, 10, whole=True)
    assert byte_range({b"range": wanted, b"if-range": ETAG.encode()}, 10, ETAG) == found


@pytest.mark.parametrize("wanted", [b"bytes=10-", b"bytes=10-20", b"bytes=-0"])
def test_ranges_behind_the_end(wanted: bytes) -> None:
    with pytest.raises(NotSatisfiable):
        byte_range({b"range": wanted}, 10, ETAG)


def test_copies_that_are_current() -> None:
    assert is_current({b"if-none-match": b'W/"abc"'}, ETAG)
    assert is_current({b"if-none-match": b"*"}, ETAG)
    assert not is_current({b"if-none-match": b'"abd"'}, ETAG)
    assert not is_current({}, ETAG)


def test_an_export_is_due_once_a_day_at_an_hour_in_brasilia() -> None:
    morning = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # 03:00 in Brasília
    assert last_due(morning, 3) == morning
    assert last_due(datetime(2026, 3, 2, 5, 59, tzinfo=UTC), 3) == datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
    assert is_due(morning, 3, None)
    assert is_due(morning, 3, datetime(2026, 3, 2, 5, 59, tzinfo=UTC))
    assert not is_due(morning, 3, morning)
    assert not is_due(datetime(2026, 3, 3, 5, 59, tzinfo=UTC), 3, morning)
    summer = datetime(2018, 11, 4, 12, tzinfo=UTC)  # a day without the hour from 00:00 to 01:00
    assert last_due(summer, 0) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_ids_sort_as_instants() -> None:
    first, second = export_id(datetime(2026, 3, 2, 6, tzinfo=UTC)), export_id(datetime(2026, 11, 2, 6, tzinfo=UTC))
    assert first < second
    assert EXPORT_ID.fullmatch(first)
