"""Raw bytes that no well-behaved client sends, drawn by a seed: broken HTTP, half requests, smuggling, floods."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

TARGETS = (
    b"/api/v1/bills?limit=1", b"/api/v1/bills?q=lei", b"/api/v1/bills/camara-1", b"/api/v1/changes?limit=1",
    b"/api/v1/sources", b"/api/v1/resolve?q=PL+1/2020", b"/api/health/live", b"/docs", b"/nothing", b"/",
)  # fmt: skip
HOST = b"Host: x\r\n"


class Hostile(NamedTuple):
    """One attack. `leaves`: the client resets the connection at once and reads no reply."""

    kind: str
    sent: bytes
    leaves: bool = False


def get(dice: random.Random, *headers: bytes, host: bytes = HOST) -> bytes:
    """A correct request, with these header lines added."""
    return b"GET " + dice.choice(TARGETS) + b" HTTP/1.1\r\n" + host + b"".join(headers) + b"\r\n"


def noise(dice: random.Random, most: int) -> bytes:
    """Bytes of every value."""
    return dice.randbytes(dice.randint(1, most))


def _bad_chunks(dice: random.Random) -> bytes:
    sizes = (b"-1", b"zz", b"FFFFFFFFFFFFFFFFF", b"0x5", b"5;\x00", b"", b"1e3", b" 5", b"5 \n")
    return get(dice, b"Transfer-Encoding: chunked\r\n") + dice.choice(sizes) + b"\r\nhello\r\n0\r\n\r\n"


def _smuggled(dice: random.Random) -> bytes:
    inner = b"GET /api/health HTTP/1.1\r\nHost: y\r\n\r\n"
    pairs: tuple[tuple[bytes, ...], ...] = (
        (b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"),
        (b"Content-Length: 5\r\n", b"Content-Length: 6\r\n"),
        (b"Transfer-Encoding: xchunked\r\n",),
        (b"Transfer-Encoding: chunked, identity\r\n",),
        (b"Transfer-Encoding : chunked\r\n",),
        (b"Content-Length: +5\r\n",),
        (b"Content-Length: 99999999999999999999\r\n",),
        (b"X: a\nTransfer-Encoding: chunked\r\n",),
        (b"X: a\r\n Content-Length: 44\r\n",),
    )
    return get(dice, *dice.choice(pairs)) + dice.choice((b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"")) + inner


def _odd_line(dice: random.Random) -> bytes:
    lines = (
        b"GET / HTTP/9.9",
        b"GET / HTTP/1.1 extra",
        b"GET  /  HTTP/1.1",
        b"GET",
        b"get / http/1.1",
        b"PRI * HTTP/2.0",
        b"CONNECT a:443 HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"TRACE / HTTP/1.1",
        b"FOO / HTTP/1.1",
        b"GET /\x00 HTTP/1.1",
        b"GET http://other/ HTTP/1.1",
        b"GET //evil/..%2f..%2fetc/passwd HTTP/1.1",
        b"GET ?q HTTP/1.1",
        b"GET / HTTP/0.9",
        b"GET /static/%2e%2e/%2e%2e/settings.py HTTP/1.1",
        b"GET /api/v1/bills/%0d%0aX:%201 HTTP/1.1",
        b"PURGE / HTTP/1.1",
        b"GET /api/v1/bills?q=\xff\xfe HTTP/1.1",
        b"GET /\xff\xfe HTTP/1.1",
        b"POST / HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01",
    )  # fmt: skip
    return dice.choice(lines) + b"\r\n" + HOST + b"\r\n"


def _odd_header(dice: random.Random) -> bytes:
    lines = (
        b"X-Request-ID: a\x0bb\r\n",
        b'X-Request-ID: {"a":1}\r\n',
        b"X-Forwarded-For: " + b"1.2.3.4, " * 300 + b"\r\n",
        b"X-Forwarded-For: ::ffff:999.1.1.1, \xff\r\n",
        b"Authorization: Bearer \xff\xfe\r\n",
        b"X-API-Key: \x80" * 2 + b"\r\n",
        b"Authorization: Bearer legis_" + b"0" * 84 + b"\r\n",
        b"If-None-Match: " + b'W/"a",' * 900 + b"\r\n",
        b"If-Modified-Since: Sun, 99 Foo 20266 99:99:99 GMT\r\n",
        b"Accept-Encoding: gzip;q=nan, \xe9;q=-1\r\n",
        b"Range: bytes=-1,0-,9-3\r\n",
        b"Last-Event-ID: 9999999999999999999999.\xff\r\n",
        b"Expect: 100-continue\r\n",
        b"traceparent: 00-" + b"f" * 32 + b"-" + b"0" * 16 + b"-zz\r\n",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: \xff\r\n",
        b"Connection: close, keep-alive\r\n",
        b"Content-Length: 3\r\n\r\nabc",
        b": empty\r\n",
        b"No colon\r\n",
        b"Bad\x00Name: 1\r\n",
        b"Cookie: " + b"a=b;" * 500 + b"\r\n",
        b"Accept-Language: " + noise(dice, 60).translate(None, b"\r\n") + b"\r\n",
    )  # fmt: skip
    return get(dice, dice.choice(lines))


def _huge(dice: random.Random) -> bytes:
    size = dice.choice((9_000, 70_000, 200_000))
    big = (b"X-Big: " + b"a" * size + b"\r\n", b"".join(b"X-%d: 1\r\n" % number for number in range(size // 100)))
    if dice.random() < 0.3:
        return b"GET /" + b"a" * size + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    return get(dice, dice.choice(big))


def _cut(dice: random.Random) -> bytes:
    whole = get(dice, b"Accept: */*\r\n")
    return whole[: dice.randrange(len(whole) - 1)]


def _mutated(dice: random.Random) -> bytes:
    whole = bytearray(get(dice, b"Accept: application/json\r\n", b"Content-Length: 0\r\n"))
    for _ in range(dice.randint(1, 6)):
        whole[dice.randrange(len(whole))] = dice.randrange(256)
    return bytes(whole)


def _pipelined(dice: random.Random) -> bytes:
    return b"".join(get(dice) for _ in range(dice.randint(2, 60)))


KINDS: tuple[tuple[str, Callable[[random.Random], bytes], bool, int], ...] = (
    ("bad chunking", _bad_chunks, False, 10),
    ("no Host", lambda dice: get(dice, host=b""), False, 4),
    ("two Hosts", lambda dice: get(dice, b"Host: y\r\n"), False, 4),
    ("request line", _odd_line, False, 14),
    ("header", _odd_header, False, 14),
    ("huge", _huge, False, 4),
    ("smuggling", _smuggled, False, 12),
    ("noise", lambda dice: noise(dice, 400), False, 8),
    ("mutated", _mutated, False, 10),
    ("pipelined", _pipelined, False, 3),
    ("half request", _cut, True, 6),
    ("pipelined, then reset", _pipelined, True, 6),
    ("asked, then reset", get, True, 5),
)  # fmt: skip
"""Name, maker, whether the client leaves, weight."""


def attacks(count: int, seed: int) -> Iterator[Hostile]:
    """So many attacks, the same ones for the same seed."""
    dice, weights = random.Random(seed), [weight for _, _, _, weight in KINDS]
    for _ in range(count):
        kind, make, leaves, _ = dice.choices(KINDS, weights)[0]
        yield Hostile(kind, make(dice), leaves)
