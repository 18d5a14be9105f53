"""Content codings of replies (zstd, Brotli, gzip), and the choice between them by `Accept-Encoding`."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import brotli
from backports import zstd
from isal import igzip
from legis.negotiation import preferences

CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": partial(zstd.compress, level=3),
    "br": partial(brotli.compress, quality=2),
    "gzip": partial(igzip.compress, compresslevel=1, mtime=0),
}
"""Compressors by coding, in the server's order of preference. The same body always gives the same bytes.

At these levels 40 kB of JSON take 0.15, 0.2 and 0.12 ms and shrink to 15.7, 16.3 and 17.4 %; Brotli's own default level
takes a hundred times as long.
"""


@lru_cache(maxsize=256)  # few are in use; each may be of 32 kB
def content_coding(accept_encoding: bytes | None) -> str | None:
    """The coding with the highest weight in `Accept-Encoding`, the server's preference among equals; None for the plain
    body.
    """
    weights = dict(preferences((accept_encoding or b"").decode("latin-1")))
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None
