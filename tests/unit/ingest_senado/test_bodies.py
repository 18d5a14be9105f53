"""Bodies are taken apart row by row, with their exact bytes, and broken ones are told apart from empty ones."""

import hashlib
import json

import pytest
from ingest_senado.wire.json_records import split_rows, whole
from legis.errors import UpstreamUnavailable


def test_each_row_keeps_its_exact_bytes() -> None:
    first, second = b'{"id":1, "a" : "\xc3\xa7"}', b'{"id": 2}'
    rows = list(split_rows(b"[ " + first + b" ,\n " + second + b"]"))
    assert [row.raw for row in rows] == [first, second]
    assert rows[0].sha256 == hashlib.sha256(first).hexdigest()
    assert [row.value["id"] for row in rows] == [1, 2]


@pytest.mark.parametrize("body", [b"[]", b" [ ] ", b"{}", b"null", b"", b"  "])
def test_no_rows(body: bytes) -> None:
    assert list(split_rows(body)) == []


def test_a_root_that_collapsed_to_one_object_is_one_row() -> None:
    assert [row.value for row in split_rows(b'{"id": 7}')] == [{"id": 7}]


@pytest.mark.parametrize(
    "body",
    [b'[{"id":1}', b'[{"id":1},', b'[{"id":1}] trailing', b"<html>", b"[{]", b"\xff\xfe[", b'"text"', b"[" * 100_000],
)
def test_a_broken_body_is_no_answer(body: bytes) -> None:
    with pytest.raises(UpstreamUnavailable):
        list(split_rows(body))


def test_an_empty_detail_is_no_answer() -> None:
    with pytest.raises(UpstreamUnavailable, match="empty"):
        whole(b"  ")


def test_characters_that_cannot_be_stored_are_removed_and_named() -> None:
    row = next(split_rows(b'[{"id":1,"ementa":"a\\u0000b\\ud800c","x":{"y":["\\udfff"]},"ok":"\\ud83d\\ude00"}]'))
    assert row.value == {"id": 1, "ementa": "abc", "x": {"y": [""]}, "ok": "\U0001f600"}
    assert row.removed == {"ementa", "x"}
    json.dumps(row.value).encode()


def test_a_body_nested_without_end_is_refused() -> None:
    deep = b'{"id":1,"x":' + b"[" * 500 + b"]" * 500 + b"}"
    with pytest.raises(UpstreamUnavailable, match="nested"):
        list(split_rows(b"[" + deep + b"]"))


def test_a_byte_order_mark_is_skipped() -> None:
    assert len(list(split_rows(b'\xef\xbb\xbf[{"id":1}]'))) == 1


def test_bytes_that_are_no_utf8_spoil_only_their_own_row() -> None:
    bad = b'{"id":1,"ementa":"\xc3\x28"}'
    first, second = split_rows(b"[" + bad + b',{"id":2}]')
    assert (first.raw, first.undecodable) == (bad, True)
    assert (second.value, second.undecodable) == ({"id": 2}, False)
