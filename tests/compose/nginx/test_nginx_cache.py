"""The reply cache of nginx, the real one, before a stand-in that counts: what is kept, for whom, for how long."""

import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
from api_gateway.web.pipeline.content_coding import content_coding
from compose.nginx.counting_web import BODY, COUNTED, PROXY_CACHE, PUBLIC_CACHE, CountingWeb
from compose.nginx.nginx_door import Door, Reply, until

LIST = "/api/v1/bills?limit=20"
OLDEST_SECONDS = 4
"""max-age 1, stale-while-revalidate 2, and the second that nginx counts as one."""


def test_a_kept_reply_costs_web_nothing(door: Door, counting_web: CountingWeb) -> None:
    first, second = door.ask(LIST), door.ask(LIST, client="203.0.113.2")
    assert (first.status, first.cache, second.status, second.cache) == (200, "MISS", 200, "HIT")
    assert first.body == second.body == BODY
    assert counting_web.count(LIST) == 1
    assert first.headers["cache-control"] == second.headers["cache-control"] == PUBLIC_CACHE
    assert not {"set-cookie", "x-public-cache-control"} & {*first.headers, *second.headers}


def test_what_web_counted_is_told_to_whom_it_counted(door: Door) -> None:
    first, second = door.ask(LIST), door.ask(LIST)
    assert {name: first.headers[name.lower()] for name in COUNTED} == COUNTED
    assert second.cache == "HIT"
    assert not {name.lower() for name in COUNTED} & set(second.headers)


def test_no_reply_is_older_than_promised(door: Door, counting_web: CountingWeb) -> None:
    """Asked all the time: stale while it is renewed in the background, and by one request only."""
    counting_web.cache_control = PROXY_CACHE
    seen: list[tuple[float, Reply]] = []
    began = time.monotonic()
    while time.monotonic() < began + 6.5:
        seen.append((time.time(), door.ask(LIST, client=f"203.0.113.{len(seen) % 250}")))
    assert {reply.cache for _, reply in seen} <= {"MISS", "HIT", "STALE", "UPDATING", "EXPIRED"}
    assert "STALE" in {reply.cache for _, reply in seen}
    assert all(_age(at, reply) <= OLDEST_SECONDS for at, reply in seen)
    assert 3 <= counting_web.count(LIST) <= 8
    assert len(seen) > 100


def test_a_reply_nobody_asked_for_is_not_served_old(door: Door, counting_web: CountingWeb) -> None:
    counting_web.cache_control = PROXY_CACHE
    assert door.ask(LIST).cache == "MISS"
    made = time.monotonic()
    time.sleep(max(0.0, made + OLDEST_SECONDS + 0.1 - time.monotonic()))  # until its promise is over
    late = door.ask(LIST)
    assert (late.cache, counting_web.count(LIST)) == ("EXPIRED", 2)
    assert {name: late.headers[name.lower()] for name in COUNTED} == COUNTED


def test_the_date_is_the_origins(door: Door, counting_web: CountingWeb) -> None:
    counting_web.age = 100
    for expected in ("MISS", "HIT"):
        reply = door.ask(LIST)
        assert reply.cache == expected
        assert 99 <= _age(time.time(), reply) <= 103


def test_one_request_of_many_for_a_new_reply_reaches_web(door: Door, counting_web: CountingWeb) -> None:
    counting_web.seconds = 0.03
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda _: door.ask(LIST), range(20)))
    assert {reply.status for reply in found} == {200}
    assert counting_web.count(LIST) <= 5, "one, unless the machine is too busy to answer within a tenth of a second"


def test_a_slow_reply_does_not_hold_others_up(door: Door, counting_web: CountingWeb) -> None:
    """They go on to web, which coalesces them, after a tenth of a second."""
    counting_web.seconds = 2
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: door.ask(LIST), range(3)))
    assert counting_web.count(LIST) == 3
    assert max(reply.seconds for reply in found) < 3.9, "one that waited for another would take two turns"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer x"},
        {"x_api_key": "x"},
        {"accept": "text/csv"},
        {"accept": "text/html;q=0.5, application/json"},
    ],
    ids=lambda one: next(iter(one.items())),
)
def test_what_is_not_for_everybody_passes_by(door: Door, counting_web: CountingWeb, headers: dict[str, str]) -> None:
    assert door.ask(LIST).cache == "MISS"
    passing = [door.ask(LIST, **headers) for _ in range(2)]
    assert [one.cache for one in passing] == ["BYPASS", "BYPASS"]
    assert "ratelimit" in passing[1].headers
    assert counting_web.count(LIST) == 3
    kept = door.ask(LIST)
    assert kept.cache == "HIT"
    assert kept.headers["content-type"] == "*/*"
    door.ask("/api/v1/bills/1", **headers)
    assert door.ask("/api/v1/bills/1").cache == "MISS", "what passed by is not kept"


def test_min_seq_passes_by(door: Door, counting_web: CountingWeb) -> None:
    path = "/api/v1/bills?limit=20&min_seq=5"
    assert [door.ask(path).cache for _ in range(2)] == ["BYPASS", "BYPASS"]
    assert counting_web.count(path) == 2


def test_no_store_is_not_kept(door: Door, counting_web: CountingWeb) -> None:
    counting_web.cache_control = "no-store"
    assert [door.ask(LIST).cache for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.parametrize(
    ("accept", "key"),
    [
        ("", "*/*"),
        ("*/*", "*/*"),
        ("application/json", "*/*"),
        ("application/json, text/plain, */*", "*/*"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/atom+xml, text/xml;q=0.5", "application/atom+xml"),
    ],
)
def test_one_key_for_each_media_type(door: Door, counting_web: CountingWeb, accept: str, key: str) -> None:
    """Web is asked for the key itself, so nobody is given a reply negotiated for somebody else."""
    headers = {"accept": accept} if accept else {}
    kept = {name: door.ask(LIST, accept=name) for name in ("application/json", "text/html", "application/atom+xml")}
    assert {reply.cache for reply in kept.values()} == {"MISS"}
    reply = door.ask(LIST, **headers)
    assert (reply.cache, reply.headers["content-type"]) == ("HIT", key)


@pytest.mark.parametrize(
    "accept_encoding",
    [
        "gzip", "br", "zstd", "gzip, deflate, br, zstd", "gzip, deflate, br", "GZIP", "br, gzip;q=0.5",
        "gzip;q=1.0, br;q=0.2", "gzip;q=0", "gzip; q=0.0, br", "zstd;q=0, gzip", "br;q=0.8, gzip ;q=0.000",
        "identity, gzip;q=0.5", "deflate", "gzip;q=0.5, *;q=0", "*", "*, zstd;q=0", "*;q=0",
        "zstd;q=0.9, br;q=0.8, gzip;q=0.7", "brotli, xgzip", "",
    ],
)  # fmt: skip
def test_the_encoding_is_the_one_that_web_would_choose(
    door: Door, counting_web: CountingWeb, accept_encoding: str
) -> None:
    """Four keys at most, whatever clients write: each encoding is kept once."""
    for coding in ("", "gzip", "br", "zstd"):
        assert door.ask(LIST, accept_encoding=coding).cache == "MISS"
    reply = door.ask(LIST, accept_encoding=accept_encoding)
    wanted = content_coding(accept_encoding.encode()) or "id"
    assert (reply.cache, reply.headers["content-encoding"]) == ("HIT", wanted)
    assert counting_web.count(LIST) == 4


def test_a_known_reply_is_not_sent_again(door: Door, counting_web: CountingWeb) -> None:
    first = door.ask(LIST)
    again = door.ask(LIST, if_none_match=first.headers["etag"])
    assert (again.status, again.cache, again.body) == (304, "HIT", b"")
    assert again.headers["cache-control"] == PUBLIC_CACHE
    assert door.ask(LIST, if_none_match='"other"').status == 200
    assert counting_web.count(LIST) == 1


def test_head_fills_the_cache_and_uses_it(door: Door, counting_web: CountingWeb) -> None:
    first, second = door.ask(LIST, method="HEAD"), door.ask(LIST)
    third = door.ask(LIST, method="HEAD")
    assert [one.cache for one in (first, second, third)] == ["MISS", "HIT", "HIT"]
    assert [len(one.body) for one in (first, second, third)] == [0, len(BODY), 0]
    assert third.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize("how", ["dead", "hung"])
def test_what_is_kept_is_served_while_web_is_away(door: Door, counting_web: CountingWeb, how: str) -> None:
    counting_web.cache_control = PROXY_CACHE
    assert door.ask(LIST).cache == "MISS"
    made = time.monotonic()
    if how == "dead":
        counting_web.stop()
    else:
        counting_web.seconds = 6
    time.sleep(max(0.0, made + OLDEST_SECONDS + 0.1 - time.monotonic()))  # until only an error makes it servable
    old = door.ask(LIST)
    assert (old.status, old.cache, old.body) == (200, "STALE", BODY)
    assert old.seconds < 5 if how == "hung" else old.seconds < 3
    assert _age(time.time(), old) >= OLDEST_SECONDS, "its Date says how old it is"
    assert "ratelimit" not in old.headers
    if how == "dead":
        counting_web.start()
        until(lambda: door.ask(LIST).cache == "EXPIRED", 5)


def test_a_refusal_of_web_is_passed_on(door: Door, counting_web: CountingWeb) -> None:
    """It may mean that what is kept is of another database; so nothing old is served instead."""
    counting_web.cache_control = PROXY_CACHE
    assert door.ask(LIST).cache == "MISS"
    made = time.monotonic()
    counting_web.status = 503
    time.sleep(max(0.0, made + OLDEST_SECONDS + 0.1 - time.monotonic()))  # until its promise is over
    assert door.ask(LIST).status == 503


def _age(now: float, reply: Reply) -> float:
    return now - parsedate_to_datetime(reply.headers["date"]).timestamp()
