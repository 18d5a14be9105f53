"""The sample that the pages are looked at with."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from browser.table_of_pages import Ask
from e2e.conftest import Legis

SAMPLE = {"LEGIS_SAMPLE_BILLS": "3000"}
"""So many that each house has bills of the other, votings by name and odd votings; with 300 the Câmara has no voting by
name. They are read in about two minutes.
"""


def asking(legis: Legis) -> Ask:
    """Asks the API of a system whose sample is read: waits until no source has anything left to read."""

    def get(path: str) -> Mapping[str, Any]:
        with urllib.request.urlopen(legis.base_url + path, timeout=20) as reply:
            document: Mapping[str, Any] = json.load(reply)
            return document

    def whole() -> bool:
        return all(source["state"] == "FRESH" for source in get("/api/v1/sources")["data"])

    legis.until(whole, 300, "a sample read whole")
    return get
