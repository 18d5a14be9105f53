"""docs/api/filters.md and what the pages know of the filters are what the registry has."""

from importlib.resources import files
from pathlib import Path

from api_gateway.search.filtering.filter_reference import of_pages, page
from api_gateway.search.filtering.filters import FILTERS
from api_gateway.site.api_filters import filter_name, takes_list
from legis.languages import Language

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    # to change it: make golden
    assert (ROOT / "docs/api/filters.md").read_text() == page()


def test_the_pages_know_the_filters_of_the_registry() -> None:
    assert (files("api_gateway.site") / "filters.toml").read_text("utf-8") == of_pages()
    assert {one.name: takes_list(one.name) for one in FILTERS} == {one.name: one.several for one in FILTERS}
    assert takes_list("kind")
    assert not takes_list("unheard_of")
    assert filter_name("introduced_from", Language.PORTUGUESE) == "Apresentada desde"
    assert filter_name("introduced_from", Language.ENGLISH) == "Introduced from"
