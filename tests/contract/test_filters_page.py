"""docs/api/filters.md is what the registry of filters has."""

from pathlib import Path

from api_gateway.search.filtering.filter_reference import page

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    # to change it: make golden
    assert (ROOT / "docs/api/filters.md").read_text() == page()
