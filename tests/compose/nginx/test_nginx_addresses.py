"""Which process each address reaches through nginx: the API's own reach web, all others the pages."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from api_gateway.web.pipeline.route_policy import POLICIES
from compose.layers import ROOT
from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door
from nginx_process import start_nginx

OF_THE_PAGES = "/"
INSIDE = "/metrics"
PUBLIC = sorted(set(POLICIES) - {OF_THE_PAGES, INSIDE})


@pytest.fixture(scope="module")
def halves(nginx_program: str) -> Iterator[tuple[Door, CountingWeb, CountingWeb]]:
    """nginx with a web and with pages of their own; these two."""
    web, pages = CountingWeb(), CountingWeb()
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        folder = Path(name, "nginx")
        web.start()
        pages.start()
        settings = {"LEGIS_PAGES": f"127.0.0.1:{pages.port}"}
        child, port = start_nginx(nginx_program, folder, [f"127.0.0.1:{web.port}"], **settings)
        yield Door(port, folder), web, pages
        child.stop(10)
        web.stop()
        pages.stop()


@pytest.mark.parametrize("template", PUBLIC)
def test_every_address_of_the_api_reaches_web(halves: tuple[Door, CountingWeb, CountingWeb], template: str) -> None:
    door, web, pages = halves
    path = re.sub(r"\{[^}]*\}", "0123456789abcdefghij", template)
    reply = door.ask(path)
    assert (reply.status, web.count(path), pages.count(path)) == (200, 1, 0)


@pytest.mark.parametrize(
    "path", ["/", "/pl/2630/2020", "/en/bills/x", "/status", "/changes", "/committees", "/map", "/users", "/llms"]
)
def test_all_others_reach_the_pages(halves: tuple[Door, CountingWeb, CountingWeb], path: str) -> None:
    door, web, pages = halves
    reply = door.ask(path, accept_encoding="gzip, deflate, br, zstd")
    assert (reply.status, web.count(path), pages.count(path)) == (200, 0, 1)
    assert pages.last(path)["accept-encoding"] == "gzip", "the only one that the pages know"


def test_the_decision_names_every_address_of_web() -> None:
    text = (ROOT / "docs/adr/0033-pages-are-a-service-of-their-own.md").read_text()
    sentence = text.partition("**One origin in production**")[2].partition("to `web`")[0]
    named = set(re.findall(r"`(/[^`]*)`", sentence))
    assert named == {"/" + template.split("/")[1] for template in PUBLIC}
