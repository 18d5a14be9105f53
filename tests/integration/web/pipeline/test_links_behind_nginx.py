"""Links of feeds, calendars and catalogues behind the real nginx, where no public address is configured."""

import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest
from legis_launcher.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[4]
sys.path.append(str(ROOT / "tests/load"))  # nginx as a process, as the load harnesses start it

from nginx_process import find_nginx, start_nginx  # noqa: E402

FEED, CALENDAR, SEARCH_CALENDAR, CATALOG = (
    "/api/v1/feeds/bills.atom?limit=2&kind=CREATED",
    "/api/v1/events.ics",
    "/api/v1/bills/events.ics?q=lei",
    "/api/v1/exports/catalog.jsonld",
)
BEGINNING = re.compile(r"https?://[^/\s\"<>]*(?=/api/v1)")


@pytest.fixture(scope="module")
async def doors(serve: Any) -> AsyncIterator[dict[str, str]]:
    """nginx before the API, which believes it: its addresses for `http` and `https`."""
    program = find_nginx()
    if program is None:
        pytest.skip("no nginx on this machine (Debian: apt-get install nginx-light)")
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        make = [ROOT / "deploy/compose/make-certificate.sh", "localhost"]
        subprocess.run(make, env={"PATH": "/usr/bin:/bin", "LEGIS_TLS_DIR": name}, capture_output=True, check=True)
        tls = free_port()
        async with serve(forwarded_allow_ips="127.0.0.1") as web:
            settings = {"LEGIS_TLS_LISTEN": f"127.0.0.1:{tls}", "LEGIS_TLS_DIR": name}
            child, port = start_nginx(program, folder / "nginx", [web.base_url.netloc.decode()], **settings)
            yield {"http": f"http://localhost:{port}", "https": f"https://localhost:{tls}"}
            child.stop(10)


@pytest.mark.parametrize("address", [FEED, CALENDAR, SEARCH_CALENDAR, CATALOG])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_every_link_leads_back_to_where_it_was_asked(doors: dict[str, str], scheme: str, address: str) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with httpx2.AsyncClient(base_url=doors[scheme], verify=trusting, trust_env=False, timeout=60) as client:
        reply = await client.get(address)
        assert reply.status_code == 200
        text = reply.text.replace("\r\n ", "")  # iCalendar folds its lines
        assert set(BEGINNING.findall(text)) == {doors[scheme]}
        if address == FEED:
            (link,) = [one for one in re.findall(r"<link [^>]*>", text) if 'rel="next"' in one]
            link = link.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
            assert (await client.get(link)).status_code == 200


async def test_nobody_else_says_how_a_client_came(doors: dict[str, str]) -> None:
    async with httpx2.AsyncClient(base_url=doors["http"], trust_env=False, timeout=60) as client:
        reply = await client.get(FEED, headers={"X-Forwarded-Proto": "https"})
    assert set(BEGINNING.findall(reply.text)) == {doors["http"]}


async def test_a_direct_client_is_not_believed(serve: Any) -> None:
    async with serve(forwarded_allow_ips="10.0.0.0/8") as web:
        reply = await web.get(FEED, headers={"X-Forwarded-Proto": "https"})
        assert set(BEGINNING.findall(reply.text)) == {str(web.base_url).rstrip("/")}
