"""The engines that can be asked: a running Legis over HTTP, and the product's index inside this process."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from legis.domain.bill import Bill

Search = Callable[[str], list[str]]
"""Gives the ids of the best bills for a text, the best first, at most `BEST`."""

BEST = 20
_PATIENCE = 30.0
_ATTEMPTS = 3


class NotBuilt(Exception):
    """This version of the product has no engine of that kind."""


def over_http(base: str) -> Search:
    """Asks a running Legis. An error counts as an empty answer, which is what a reader got; a refusal is waited out."""

    def search(text: str) -> list[str]:
        asked = {"q": text, "sort": "relevance", "limit": BEST, "fields": "id"}
        return _ask(f"{base.rstrip('/')}/api/v1/bills?{urllib.parse.urlencode(asked)}")

    return search


def in_process(bills: Iterable[Bill], folder: Path) -> Search:
    """Builds the product's index of these bills in an empty folder and searches it as `GET /bills?sort=relevance`.

    The one place to fill in when `api_gateway.search` can build an index and search it: read `bills` once (they come
    as a stream), let them be indexed as the indexer would, and return a function from text to ids.
    """
    raise NotBuilt("api_gateway.search has no searcher in this version; use --engine http")


def _ask(url: str) -> list[str]:
    for _ in range(_ATTEMPTS):
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as reply:
                return [item["id"] for item in json.load(reply)["data"]]
        except urllib.error.HTTPError as error:
            if error.code != 429:
                return []
            time.sleep(min(float(error.headers.get("Retry-After") or 1), _PATIENCE))
    raise TimeoutError(f"refused {_ATTEMPTS} times: {url}; raise RATE_LIMIT_PER_MINUTE of the system that is measured")
