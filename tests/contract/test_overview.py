"""The overview at `/api/v1` names every resource of the OpenAPI document, and nothing else."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.routes.overview import index

DETAILS = {"/api/v1", "/api/v1/bills/events.ics", "/api/v1/exports/catalog.jsonld"}
"""Addresses that another one leads to."""


def test_every_address_without_an_id_is_named() -> None:
    document = json.loads((Path(__file__).parent / "golden/openapi.json").read_text())
    links = json.loads(bytes(asyncio.run(index(NoParameters())).body))["links"]
    named = {urlsplit(link).path for link in links.values()}
    read = {path for path, one in document["paths"].items() if "get" in one and path.startswith("/api/v1")}
    assert {path for path in read if "{" not in path} - named == DETAILS
    assert named - read == {"/api/v1/sources/camara/history"}, "an example of an address with an id"
