"""`/llms.txt` is true to the OpenAPI document: every link is an address of the API, and no operation is left out."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from api_gateway.settings import WebSettings
from api_gateway.web.app import create_app
from api_gateway.web.description.llms_text import llms_text
from starlette.routing import Route

LINK = re.compile(r"^- \[([^\]]+)\]\(([^)\s]+)\): \S", re.MULTILINE)
TEMPLATE = re.compile(r"^- `(/[^`]+)`: \S", re.MULTILINE)


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads((Path(__file__).parent / "golden/openapi.json").read_text())


def told(text: str) -> set[str]:
    """Paths that the text names."""
    links = {
        urlsplit(link).path for _, link in LINK.findall(text) if urlsplit(link).hostname in (None, "legis.example")
    }
    return links | set(TEMPLATE.findall(text))


@pytest.mark.parametrize("base", ["", "https://legis.example"])
def test_every_link_is_a_route_and_every_operation_has_a_line(document: Any, base: str) -> None:
    text = llms_text(document, base)
    routes = {one.path for one in create_app(WebSettings()).routes if isinstance(one, Route)}
    read = {path for path, one in document["paths"].items() if "get" in one and path.startswith("/api/v1/")}
    own = {path for path in read if path.startswith("/api/v1/subscriptions")}
    assert told(text) == read - own | {"/openapi.json", "/docs", "/problems"}
    assert told(text) <= routes
    assert all(link.startswith(base) for _, link in LINK.findall(text) if "modelcontextprotocol" not in link)


def test_it_has_the_form_of_llmstxt_org(document: Any) -> None:
    lines = llms_text(document, "").splitlines()
    assert lines[0] == "# Legis"
    assert lines[2].startswith("> ")
    sections = [line for line in lines if line.startswith("## ")]
    assert {"## Docs", "## Feeds, calendars and streams", "## Assistants"} <= set(sections)
    begin = lines.index(sections[0])
    assert all(line.startswith(("## ", "- ")) or not line for line in lines[begin:])


def test_links_that_need_a_parameter_have_one(document: Any) -> None:
    links = dict(LINK.findall(llms_text(document, "")))
    assert links["Find a bill by any name"] == "/api/v1/resolve?q=PL+2630%2F2020"


def test_exports_are_listed_where_there_are_some(document: Any) -> None:
    operation = {**document["paths"]["/api/v1/stats"]["get"], "summary": "Files of all bills"}
    more = {**document, "paths": {**document["paths"], "/api/v1/exports": {"get": operation}}}
    assert "## Exports\n\n- [Files of all bills](/api/v1/exports): " in llms_text(more, "")
    assert "## Exports" not in llms_text(document, "") or "/api/v1/exports" in document["paths"]
