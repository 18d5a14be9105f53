"""Packed bodies: every way that is good, and every way that is not."""

import gzip
import json
import random
import zlib

import pytest
from legis.upstream.http_errors import Outcome, UpstreamFault
from legis.upstream.unpack import MAX_MEMBERS, PIECE_BYTES, UNSUSPICIOUS_BYTES, Unpacker

BODY = json.dumps([{"id": n, "ementa": f"Altera a Lei {n * 7919 % 9973}"} for n in range(5_000)]).encode()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def unpacked(encoding: str, packed: bytes, step: int = 1000) -> bytes:
    unpacker, found = Unpacker(encoding, "here"), bytearray()
    for start in range(0, len(packed), step):
        unpacker.feed(packed[start : start + step])
        while piece := unpacker.take():
            assert encoding == "" or len(piece) <= PIECE_BYTES
            found += piece
    unpacker.end()
    return bytes(found)


@pytest.mark.parametrize("step", [13, 1000, 1_000_000])
@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", BODY),
        ("gzip", gzip.compress(BODY)),
        ("X-GZIP", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:5000]) + gzip.compress(BODY[5000:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
    ],
    ids=["plain", "gzip", "x-gzip", "members", "zlib", "raw"],
)
def test_whatever_the_pieces_the_body_is_whole(encoding: str, packed: bytes, step: int) -> None:
    assert unpacked(encoding, packed, step) == BODY


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_empty_body_is_no_fault_of_the_packing(encoding: str) -> None:
    assert unpacked(encoding, b"") == b""


@pytest.mark.parametrize(
    ("encoding", "packed", "outcome"),
    [
        ("br", b"x", Outcome.WRONG_TYPE),
        ("gzip, gzip", b"x", Outcome.WRONG_TYPE),
        ("gzip", BODY, Outcome.CUT),
        ("gzip", gzip.compress(BODY)[:-4], Outcome.CUT),
        ("gzip", gzip.compress(BODY)[:5000], Outcome.CUT),
        ("gzip", gzip.compress(BODY) + b"left over", Outcome.CUT),
        ("deflate", raw_deflate(BODY)[:-10], Outcome.CUT),
        ("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1), Outcome.TOO_LARGE),
        ("gzip", gzip.compress(bytes(2 * UNSUSPICIOUS_BYTES)), Outcome.TOO_LARGE),
        ("deflate", zlib.compress(bytes(2 * UNSUSPICIOUS_BYTES)), Outcome.TOO_LARGE),
    ],
)
def test_what_is_wrong_is_told_by_its_outcome(encoding: str, packed: bytes, outcome: Outcome) -> None:
    with pytest.raises(UpstreamFault) as raised:
        unpacked(encoding, packed, 100_000)
    assert raised.value.outcome is outcome


def test_a_bomb_that_begins_like_a_body_still_ends_soon() -> None:
    honest = random.Random(1).randbytes(10_000)
    packed = gzip.compress(honest + bytes(64 * 2**20))
    unpacker = Unpacker("gzip", "here")
    unpacker.feed(packed)
    with pytest.raises(UpstreamFault, match="packed too well"):
        list(iter(unpacker.take, b""))
    assert unpacker.given < 4 * 2**20


def test_what_is_small_may_be_packed_as_well_as_it_likes() -> None:
    blanks = bytes(UNSUSPICIOUS_BYTES)
    assert unpacked("gzip", gzip.compress(blanks)) == blanks
