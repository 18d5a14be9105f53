"""What a bill's page tells machines: JSON-LD of schema.org's Legislation, and the title of a shared link."""

from collections.abc import Mapping
from typing import Any

from api_gateway.site.visit import Visit, outside

_SCHEMA = "https://schema.org"


def legislation(visit: Visit, bill: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The bill as schema.org's Legislation: only what the API says, and nothing on the force of a law."""
    address = visit.full(path)
    enacted = bill["status"] == "ENACTED"
    name = ", ".join(part for part in (bill["identifier"], bill.get("nickname")) if part)
    return {
        "@context": _SCHEMA,
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "legislationIdentifier": [one for one in (bill["identifier"], bill.get("urn_lex")) if one],
        "name": name,
        "abstract": bill.get("title"),
        "legislationType": bill.get("type_text"),
        "legislationDate": bill.get("introduced_on"),
        "legislationJurisdiction": {"@type": "Country", "name": "Brasil"},
        "legislationLegalForce": None if enacted else f"{_SCHEMA}/NotInForce",
        "legislationResponsible": [_responsible(one) for one in bill["sponsorships"]] or None,
        "legislationPassedBy": {"@type": "Organization", "name": "Congresso Nacional"} if enacted else None,
        "creativeWorkStatus": bill["status"],
        "inLanguage": "pt-BR",
        "dateModified": bill["changed_at"],
        "sameAs": [bill["url"]] if outside(bill.get("url")) else None,
        "isBasedOn": visit.full_api(f"/api/v1/bills/{bill['id']}"),
    }


def _responsible(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = "Person" if one.get("kind") == "LEGISLATOR" else "Organization"
    found: dict[str, Any] = {"@type": kind, "name": one["name"]}
    if one.get("party") and kind == "Person":
        found["affiliation"] = {"@type": "Organization", "name": one["party"]}
    return found
