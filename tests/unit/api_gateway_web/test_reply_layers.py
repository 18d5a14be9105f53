"""Layers' parts that need no server: addresses, figures, conditional replies, Redis failing fast."""

from typing import Any

import brotli
import pytest
from api_gateway.web.background.data_version import DataState, DataVersion
from api_gateway.web.background.redis_fail_fast import RedisAway, RedisFailFast
from api_gateway.web.pipeline.cached_response import CachedResponse, finish
from api_gateway.web.pipeline.client_address import TrustedProxies
from api_gateway.web.pipeline.content_coding import content_coding
from api_gateway.web.pipeline.headers import PROXY_CACHE, STANDING
from api_gateway.web.pipeline.request_context import completed, for_proxy, forwarded_for, request_id_of
from api_gateway.web.pipeline.request_metrics import RequestStats
from api_gateway.web.pipeline.response_cache import MAX_BYTES, ReplyCache
from backports.zstd import decompress as unzstd
from isal import igzip

JSON = [(b"content-type", b"application/json"), (b"cache-control", b"public"), (b"x-other", b"1")]


def asked(**headers: str) -> dict[bytes, bytes]:
    return {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}


@pytest.mark.parametrize(
    ("peer", "forwarded", "key"),
    [
        ("203.0.113.1", None, "203.0.113.1"),
        ("203.0.113.1", "198.51.100.1", "203.0.113.1"),  # not from a proxy of ours
        ("10.0.0.9", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.9", "6.6.6.6, 198.51.100.1, 10.0.0.3", "198.51.100.1"),  # the client's own claim is not believed
        ("10.0.0.9", "nonsense", "10.0.0.9"),
        ("10.0.0.9", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("10.0.0.9", "::ffff:198.51.100.1", "198.51.100.1"),
        (None, None, "unknown"),
    ],
)
def test_a_client_is_counted_by_its_own_address(peer: str | None, forwarded: str | None, key: str) -> None:
    told = None if forwarded is None else forwarded.encode()
    proxies = TrustedProxies("10.0.0.0/8, 127.0.0.1")
    for _ in range(2):  # the second time from memory
        assert proxies.client(peer, told) == key


@pytest.mark.parametrize(
    ("peer", "proto", "https"),
    [
        ("10.0.0.9", b"https", True),
        ("10.0.0.9", b" HTTPS ", True),
        ("10.0.0.9", b"http", False),
        ("10.0.0.9", b"https, http", False),
        ("10.0.0.9", None, False),
        ("203.0.113.1", b"https", False),  # not from a proxy of ours
        (None, b"https", False),
    ],
)
def test_only_a_proxy_of_ours_says_that_a_client_came_over_https(
    peer: str | None, proto: bytes | None, https: bool
) -> None:
    assert TrustedProxies("10.0.0.0/8").over_https(peer, proto) is https


def test_lines_of_one_header_count_as_one_in_their_order() -> None:
    """A client sends a line of its own, and a proxy adds another behind it instead of joining them."""
    sent = [(b"x-forwarded-for", b"6.6.6.6"), (b"accept", b"*/*"), (b"x-forwarded-for", b"198.51.100.1")]
    assert forwarded_for(sent) == b"6.6.6.6,198.51.100.1"
    assert TrustedProxies("10.0.0.0/8").client("10.0.0.9", forwarded_for(sent)) == "198.51.100.1"
    assert forwarded_for(sent[1:2]) is None


def test_figures_are_of_the_last_minute() -> None:
    now = [1000.0]
    stats = RequestStats(clock=lambda: now[0])
    assert stats.rates().p95_seconds is None
    for number in range(100):
        stats.record("/unit", "GET", 500 if number < 10 else 200, 0.004 if number < 90 else 0.4)
    rates = stats.rates()
    assert rates.rate_per_second == pytest.approx(100 / 60)
    assert rates.error_rate == 0.1
    assert rates.p95_seconds == 0.5
    now[0] += 61
    assert stats.rates().rate_per_second == 0


def test_a_matching_tag_gives_304_with_the_headers_it_needs() -> None:
    reply = finish(200, [*JSON, (b"etag", b'"abc"'), (b"content-length", b"2")], b"{}")
    status, headers, body = reply.answer(asked(if_none_match='"x", W/"abc"'))
    assert (status, body) == (304, b"")
    assert dict(headers) == {b"cache-control": b"public", b"etag": b'"abc"'}
    assert reply.answer(asked(if_none_match='"abcd"'))[0] == 200
    assert reply.answer(asked(if_none_match="*"))[0] == 304


def test_if_none_match_wins_over_the_date() -> None:
    dated = [*JSON, (b"last-modified", b"Mon, 01 Jun 2026 00:00:00 GMT")]
    reply = finish(200, dated, b"{}")
    later = "Tue, 02 Jun 2026 00:00:00 GMT"
    assert reply.answer(asked(if_modified_since=later))[0] == 304
    assert reply.answer(asked(if_modified_since=later, if_none_match='"x"'))[0] == 200
    far, zone = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jun 2026 00:00:00 +9999999999"
    for strange in ("yesterday", far, zone):
        assert reply.answer(asked(if_modified_since=strange))[0] == 200


@pytest.mark.parametrize("headers", [{}, {"if_none_match": "*"}, {"accept_encoding": "gzip"}])
def test_a_completed_answer_has_what_every_reply_bears_once(headers: dict[str, str]) -> None:
    reply = finish(200, [*JSON, (b"content-security-policy", b"own")], b"{" + b" " * 2000 + b"}")
    status, given, _ = reply.answer(asked(**headers))
    found = completed(status, given, [(b"x-request-id", b"1")])
    names = [name for name, _ in found]
    assert found[: len(given)] == given
    assert sorted(names) == sorted({*names, *(name for name, _ in STANDING), b"x-request-id"})
    assert (b"content-security-policy", b"own") in found or status == 304
    assert reply.answer(asked(**headers))[1] is given, "made once"
    assert (b"cache-control", b"no-store") in completed(500, [], [])


def test_our_proxy_is_told_a_second_and_the_public_rule_beside_it() -> None:
    told = dict(for_proxy([(b"cache-control", b"public, max-age=30"), (b"etag", b"1")]))
    assert told == {
        b"etag": b"1", b"cache-control": PROXY_CACHE, b"x-public-cache-control": b"public, max-age=30"
    }  # fmt: skip
    error = dict(for_proxy([(b"cache-control", b"no-store")]))
    assert error == {b"cache-control": b"no-store", b"x-public-cache-control": b"no-store"}
    assert for_proxy([(b"etag", b"1")]) == [(b"etag", b"1")]


def test_a_request_id_is_the_callers_if_it_is_one() -> None:
    assert request_id_of(b"my-id-1") == b"my-id-1"
    made = {request_id_of(given) for given in (None, b"", b"a b", b"x" * 129, b"caf\xe9")}
    assert len(made) == 5
    assert all(len(one) == 32 for one in made)


def test_errors_are_never_304() -> None:
    assert finish(404, JSON, b"{}").answer(asked(if_none_match="*"))[0] == 404


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"), ("br;q=0.4, GZIP;q=0.5", "gzip"), ("*", "zstd"), ("gzip;q=0", None), ("gzip; q=0.0", None),
        ("br", "br"), ("gzip, deflate, br", "br"), ("gzip, deflate, br, zstd", "zstd"), ("deflate", None), ("", None),
        ("*, zstd;q=0", "br"), ("identity, gzip;q=0.5", None),
    ],
)  # fmt: skip
def test_the_coding_is_the_one_that_is_preferred(accepted: str, coding: str | None) -> None:
    assert content_coding(accepted.encode()) == coding
    assert content_coding(None) is None


@pytest.mark.parametrize(("coding", "plain"), [("gzip", igzip.decompress), ("br", brotli.decompress), ("zstd", unzstd)])
def test_each_coding_gives_the_body_back_under_a_tag_of_its_own(coding: str, plain: Any) -> None:
    body = b"{" + b" " * 2000 + b"}"
    for etag in ('"abc"', 'W/"abc"'):
        reply = finish(200, [*JSON, (b"etag", etag.encode())], body)
        status, headers, coded = reply.answer(asked(accept_encoding=coding))
        found = dict(headers)
        assert (status, plain(coded)) == (200, body)
        assert found[b"content-encoding"] == coding.encode()
        assert found[b"content-length"] == str(len(coded)).encode()
        assert found[b"etag"].decode() == f'{etag[:-1]}-{coding}"'
        for known in (etag, found[b"etag"].decode(), f'W/"abc-{coding}"'):
            assert reply.answer(asked(if_none_match=known))[0] == 304


KEY = ("/", b"")


def reply(body: bytes = b"{}") -> CachedResponse:
    return finish(200, JSON, body)


class Cache:
    """A reply cache over a state and a clock that the test moves."""

    def __init__(self, entries: int = 10, **state: Any) -> None:
        self.now = 0.0
        self.state = DataState(**{"changes": 1, "told_until": 1000.0, "validator": b"v", **state})
        self.replies = ReplyCache(entries, self.state, clock=lambda: self.now)

    def keep(self, key: tuple[str, bytes] = KEY, kept: CachedResponse | None = None) -> None:
        self.replies.keep(key, kept or reply(), self.replies.moment())


def test_a_copy_is_current_while_nothing_changed() -> None:
    cache = Cache()
    cache.keep()
    cache.now = 100.0
    assert cache.replies.usable(KEY) is not None
    cache.state.changes = 2
    assert cache.replies.usable(KEY) is None
    cache.state.changes, cache.state.validator = 1, b"other"
    assert cache.replies.usable(KEY) is None


def test_a_copy_lives_a_second_while_nobody_tells() -> None:
    cache = Cache(told_until=0.0)
    cache.keep()
    cache.now = 0.9
    assert cache.replies.usable(KEY) is not None
    cache.now = 1.0
    assert cache.replies.usable(KEY) is None
    cache.state.told_until = 1000.0  # it comes back: what was kept without it cannot be compared
    assert cache.replies.usable(KEY) is None


def test_a_copy_ends_with_what_this_process_saw_change_though_nobody_tells() -> None:
    cache = Cache(told_until=0.0)
    cache.keep()
    cache.now, cache.state.changes = 0.1, 2  # the index turned to a new commit while Redis is away
    assert cache.replies.usable(KEY) is None


def test_while_the_store_is_away_any_copy_serves_with_its_age() -> None:
    cache = Cache()
    cache.keep()
    cache.now, cache.state.changes = 42.0, 2
    assert cache.replies.usable(KEY) is None
    cache.state.store_away = True
    old = cache.replies.usable(KEY)
    assert old is not None
    assert old.header(b"x-data-age") == "42"
    assert (old.header(b"warning") or "").startswith("110 ")
    assert cache.replies.usable(KEY, needs_store=False) is None, "what needs no store is asked as ever"
    assert cache.replies.usable(("/other", b"")) is None


def test_copies_are_bounded_in_number_and_bytes() -> None:
    cache, big = Cache(3), Cache(1000)
    for number in range(5):
        cache.keep((str(number), b""))
    assert len(cache.replies) == 3
    plain = [(b"content-type", b"image/png")]
    for number in range(5):
        big.keep((str(number), b""), finish(200, plain, b"x" * (MAX_BYTES // 3)))
    assert len(big.replies) == 3


async def test_a_failing_redis_costs_no_request_until_a_look_finds_it_back() -> None:
    gate = RedisFailFast("redis://127.0.0.1:9/0")
    asked, down = 0, True

    async def ask() -> int:
        nonlocal asked
        asked += 1
        if down:
            raise OSError
        return asked

    try:
        for _ in range(5):
            with pytest.raises(RedisAway):
                await gate.call(ask)
        assert asked == 1
        with pytest.raises(RedisAway):
            await gate.look(ask)
        down = False
        with pytest.raises(RedisAway):
            await gate.call(ask)
        assert await gate.look(ask) == 3
        assert await gate.call(ask) == 4
    finally:
        await gate.close()


async def test_another_log_of_the_same_length_is_news() -> None:
    """After a restore a reply that is kept is of another log, though its last number may be the same."""
    generation = DataVersion(RedisFailFast("redis://127.0.0.1:9/0"))
    seen = []
    for epoch, seq in (("a", 5), ("a", 5), ("a", 6), ("b", 6), ("b", 6)):
        generation.log_stands_at(epoch, seq)
        seen.append(generation.state.changes)
    assert seen == [0, 0, 1, 2, 2]
