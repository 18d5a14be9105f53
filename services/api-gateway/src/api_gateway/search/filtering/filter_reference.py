"""Prints docs/api/filters.md from the registry of filters, and with `--pages` the file that the pages read.

`make golden` writes both.
"""

import sys

from api_gateway.search.filtering.filters import FACETS, FILTERS, Filter, Kind

_KINDS = {
    Kind.TEXT: "query language",
    Kind.TERM: "value",
    Kind.INTEGER: "whole number",
    Kind.BOOLEAN: "`true` or `false`",
    Kind.NAME: "words of a name, or an id",
    Kind.WORDS: "words",
    Kind.KEYS: "keys",
    Kind.FROM: "date or instant",
    Kind.TO: "date or instant",
}

_HEAD = """# Filters

Made by `make golden` from `services/api-gateway/src/api_gateway/search/filtering/filters.py`; a test compares.
`/api/v1/bills`, `/api/v1/changes`, its stream and the Atom feed take them all; they are joined by AND. The values of
`type`, `status` and other words of ours are in the [vocabularies](../vocabularies.md).

| filter | takes | several values | facet | meaning | example |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(map(_row, FILTERS))


def of_pages() -> str:
    """The file `site/filters.toml`."""
    rows = (f'\n[{one.name}]\nportuguese = "{one.portuguese}"\nseveral = {_truth(one.several)}\n' for one in FILTERS)
    return "# Made by `make golden` from the registry of filters; a test compares.\n" + "".join(rows)


def _row(one: Filter) -> str:
    example = _truth(one.example) if isinstance(one.example, bool) else str(one.example)
    meaning = one.description.replace("|", "\\|")
    cells = (f"`{one.name}`", _KINDS[one.kind], _yes(one.several), _yes(one.name in FACETS), meaning, f"`{example}`")
    return f"| {' | '.join(cells)} |\n"


def _truth(value: bool) -> str:
    return str(value).lower()


def _yes(true: bool) -> str:
    return "yes" if true else "–"


if __name__ == "__main__":
    sys.stdout.write(of_pages() if "--pages" in sys.argv else page())
