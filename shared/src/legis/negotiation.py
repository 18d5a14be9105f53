"""Content negotiation (RFC 9110 §12): preferences of `Accept`, `Accept-Encoding` and `Accept-Language`."""

from collections.abc import Iterable
from functools import lru_cache

MAX_HEADER_CHARACTERS = 1000
"""Of one header; what follows is not read."""


@lru_cache(maxsize=1024)
def preferences(header: str) -> tuple[tuple[str, float], ...]:
    """Values of the header in lower case, each with its weight from 0 to 1; parameters other than `q` are dropped."""
    found = []
    for part in header[:MAX_HEADER_CHARACTERS].lower().split(","):
        value, *parameters = (piece.strip() for piece in part.split(";"))
        if value:
            found.append((value, _weight(parameters)))
    return tuple(found)


def _weight(parameters: Iterable[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=1024)
def best_media_type(accept: str, offered: tuple[str, ...]) -> str | None:
    """The offered media type that `Accept` prefers, the first of equals; None where none is acceptable."""
    given = preferences(accept)
    if not given:
        return offered[0]
    weights = {media_type: _media_weight(media_type, given) for media_type in offered}
    best = max(offered, key=lambda media_type: weights[media_type])
    return best if weights[best] > 0 else None


def _media_weight(media_type: str, given: Iterable[tuple[str, float]]) -> float:
    """The weight of the most specific range that matches."""
    ranges = dict(given)
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if wanted in ranges:
            return ranges[wanted]
    return 0.0
