"""What pages and the API owe each other: limits, an API that is away, browsers that ask the API."""

from typing import Any

from integration.web.pages.conftest import site_of


async def test_limits_count_the_visitor(serve: Any) -> None:
    async with serve(rate_limit_per_minute=1, rate_limit_burst=4) as api, site_of(str(api.base_url)) as site:
        statuses = [(await site.get("/?q=a", headers={"X-Forwarded-For": "203.0.113.9"})).status_code for _ in range(6)]
        assert 429 in statuses
        refused = await site.get("/?q=a", headers={"X-Forwarded-For": "203.0.113.9"})
        assert int(refused.headers["retry-after"]) > 0
        assert "Muitas buscas seguidas" in refused.text
        assert (await site.get("/?q=a", headers={"X-Forwarded-For": "203.0.113.10"})).status_code == 200


async def test_while_the_api_is_away_the_pages_say_so(closed_port: int) -> None:
    async with site_of(f"http://127.0.0.1:{closed_port}") as site:
        reply = await site.get("/en/pl/2630/2020")
        assert (reply.status_code, reply.headers["cache-control"]) == (503, "no-store")
        assert "We could not fetch this right now" in reply.text
        assert (await site.get("/health/ready")).status_code == 200, "a page that says so is better than none"
        assert "Content-Security-Policy" in reply.headers


async def test_web_sends_browsers_to_the_pages(serve: Any) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with serve(site_url="https://legis.example") as api:
        sent = await api.get("/", headers=browser)
        assert (sent.status_code, sent.headers["location"]) == (302, "https://legis.example")
        assert (await api.get("/")).json()["links"]["api"] == "/api/v1"
    async with serve() as api:
        assert (await api.get("/", headers=browser)).status_code == 200
