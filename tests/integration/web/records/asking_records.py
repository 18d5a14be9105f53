"""Asking for records: one reply, ids of a page, all pages; and an organization to ask for."""

from typing import Any

from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import Chamber, Source


def organization(number: int, **claims: Any) -> OrganizationRecord:
    """A permanent committee of the Câmara, with other claims where given."""
    facts = {"house": Chamber.CAMARA, "classification": Classification.PERMANENT, "active": True, "name": "Comissão"}
    return OrganizationRecord(
        id=f"camara-org-{number}", source=Source.CAMARA, upstream_id=str(number), **{**facts, **claims}
    )


async def get(api: Any, path: str, **parameters: Any) -> Any:
    """The JSON of a reply of status 200."""
    reply = await api.get(f"/api/v1{path}", params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def ids(api: Any, path: str, **parameters: Any) -> list[str]:
    """Ids of the items of one page."""
    return [item["id"] for item in (await get(api, path, **parameters))["data"]]


async def every_page(api: Any, path: str, **parameters: Any) -> list[Any]:
    """Items of all pages, by following `page.next`."""
    found, following = [], None
    while True:
        reply = await (api.get(following) if following else api.get(f"/api/v1{path}", params=parameters))
        assert reply.status_code == 200, reply.text
        body = reply.json()
        found += body["data"]
        following = body["page"]["next"]
        if following is None:
            return found
        assert reply.headers["link"] == f'<{following}>; rel="next"'
