"""What visitors see while no process of the pages answers."""

from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door
from nginx_process import RENDER, start_nginx

PAGE = RENDER.parent / "maintenance.html"


@pytest.mark.parametrize("has_pages", [True, False])
def test_pages_that_are_away_are_told_to_people(
    nginx_program: str, counting_web: CountingWeb, closed_port: int, has_pages: bool
) -> None:
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        web = f"127.0.0.1:{counting_web.port if has_pages else closed_port}"
        pages = {"LEGIS_PAGES": f"127.0.0.1:{closed_port}"} if has_pages else {}
        child, port = start_nginx(nginx_program, Path(name, "nginx"), [web], **pages)
        try:
            door = Door(port, Path(name, "nginx"))
            reply = door.ask("/pl/2630/2020")
            assert (reply.status, reply.headers["cache-control"]) == (503, "no-store")
            if has_pages:
                assert reply.body == PAGE.read_bytes()
                assert reply.headers["content-type"] == "text/html; charset=utf-8"
                assert reply.headers["retry-after"] == "30"
                assert door.ask("/api/v1/bills").status == 200, "the API goes on"
                assert door.ask("/internal/maintenance.html").status == 404
            else:
                assert reply.headers["content-type"] == "application/problem+json"
        finally:
            child.stop(10)


def test_the_page_needs_nothing_else_and_speaks_both_languages() -> None:
    text = PAGE.read_text("utf-8")
    assert text.count("<h1>") == 1
    assert '<html lang="pt-BR">' in text
    assert '<section lang="en">' in text
    loaded: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            loaded.extend(str(value) for name, value in attrs if name in ("src", "href", "style", "action"))

    Links().feed(text)
    assert loaded == []
    assert "url(" not in text
