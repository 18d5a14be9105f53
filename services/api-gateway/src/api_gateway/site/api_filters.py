"""The filters of the API as `filters.toml` has them: whether each takes a list, and its name in words.

`make golden` writes that file from the API's registry of filters, which the pages may not import.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from legis.languages import Language

_OF_CHANGES = frozenset({"kind", "field"})
"""Filters on changes, which take lists too."""


def takes_list(name: str) -> bool:
    """Whether a parameter of a search takes a list of values."""
    return name in _OF_CHANGES or bool(_filters().get(name, {}).get("several"))


def filter_name(name: str, language: Language) -> str | None:
    """The name of a filter in words; None where the API has no such filter."""
    if name not in _filters():
        return None
    return in_words(name, _filters()[name]["portuguese"], language)


def in_words(name: str, portuguese: str, language: Language) -> str:
    """The words for a name of the API that the pages have no word for: `introduced_from` → `Introduced from`."""
    said = portuguese if language is Language.PORTUGUESE else name.replace("_", " ")
    return said[:1].upper() + said[1:]


@cache
def _filters() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("api_gateway.site") / "filters.toml").read_text("utf-8"))
