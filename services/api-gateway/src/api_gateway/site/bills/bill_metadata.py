"""What a bill's page tells machines: JSON-LD of schema.org's Legislation, and the title of a shared link."""

from collections.abc import Mapping
from typing import Any

from api_gateway.site.bills.enacted_law import Law
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

_SCHEMA = "https://schema.org"

_OF_NO_HOUSE = frozenset(
    {
        "SENT_TO_OTHER_CHAMBER",
        "AWAITING_SANCTION",
        "AWAITING_VETO_REVIEW",
        "ENACTED",
        "VETOED",
        "TRANSFORMED",
        "EXPIRED",
    }
)
"""Statuses that are no place in one house: a title that names the house of the record would say something false."""


def bill_page_title(visit: Visit, bill: Mapping[str, Any], status: Label, chamber: Label) -> str:
    """`PL 1/2024: Aguarda parecer na Câmara`; without the house where the status is of none."""
    house = "" if status.code in _OF_NO_HOUSE else chamber.note
    title = visit.words.t("bill.title", identifier=bill["identifier"], status=status.text, house=house)
    return title.strip()


def legislation(visit: Visit, bill: Mapping[str, Any], path: str, law: Law | None) -> dict[str, Any]:
    """The bill as schema.org's Legislation: only what the API says, and nothing on the force of a law. `@id` is the
    same in both languages.
    """
    enacted = bill["status"] == "ENACTED"
    name = ", ".join(part for part in (bill["identifier"], bill.get("nickname")) if part)
    return {
        "@context": _SCHEMA,
        "@type": "Legislation",
        "@id": visit.origins.site + path,
        "url": visit.full(path),
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
        "workExample": _norm(law) if law and enacted else None,
        "isBasedOn": visit.full_api(f"/api/v1/bills/{bill['id']}"),
    }


def _norm(law: Law) -> dict[str, Any]:
    """The norm that the bill became: its name, and where it can be read."""
    told = {"legislationIdentifier": law.urn, "url": law.address}
    return {"@type": "Legislation", "name": law.name, **{name: value for name, value in told.items() if value}}


def _responsible(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = "Person" if one.get("kind") == "LEGISLATOR" else "Organization"
    found: dict[str, Any] = {"@type": kind, "name": one["name"]}
    if one.get("party") and kind == "Person":
        found["affiliation"] = {"@type": "Organization", "name": one["party"]}
    return found
