"""`/legislators/{id}/agreement`: how often a legislator and a party chose alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legis.domain.parties.party_table import party_record_id

from api_gateway.site.api_client import Api, ApiReply
from api_gateway.site.bills.tally import Share, shares_of
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.pages.records.legislator_page import party_choices
from api_gateway.site.records.list_query import Choice
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit, outside


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The content of the agreement page. `rate` is None where too few votings are in common, `counts` where no
    party was named.
    """

    heading: str
    name: str
    back: str
    rate: str | None
    counts: str | None
    few: bool
    shares: tuple[Share, ...]
    one_sided: str | None
    compare: tuple[Choice, ...]
    action: str
    definition: str | None
    json: str | None


async def show_agreement(visit: Visit, api: Api) -> Shown:
    """The page: the legislator, then the comparison with the party named, or with the legislator's own one."""
    who = visit.params["legislator_id"]
    person = await api.get(f"/api/v1/legislators/{who}")
    party = visit.one("party") or person.data.get("party") or ""
    query = [("a", who), ("b", party_record_id(party))]
    found = await api.get("/api/v1/vote-events/agreement", query) if party else None
    view = agreement_view(visit, person, found, party)
    alternates = (Alternate("application/json", view.json, "JSON"),) if view.json else ()
    other = visit.formats.party(found.data["b"]["name"] if found else party)
    described = visit.words.t("people.agreement_description", a=view.name, b=other or "…")
    return Shown("agreement.html", view, view.heading, (person, found), described, alternates=alternates)


def agreement_view(visit: Visit, person: ApiReply, found: ApiReply | None, party: str) -> AgreementView:
    """The content of the agreement page, from replies of `/legislators/{id}` and `/vote-events/agreement`."""
    who, t = person.data, visit.words.t
    name = who["name"] or t("people.no_name")
    told = found.data if found else None
    rate = visit.formats.percent(told["rate"]) if told and told["rate"] is not None else None
    return AgreementView(
        _heading(visit, name, told, rate),
        name,
        visit.url(f"/legislators/{who['id']}"),
        rate,
        _counts(visit, told) if told else None,
        bool(told) and rate is None,
        _shares(visit, told) if told else (),
        _one_sided(visit, told) if told else None,
        party_choices(visit, party),
        visit.url(f"/legislators/{who['id']}/agreement"),
        outside(told["definition"]) if told else None,
        visit.full_api(found.address) if found else None,
    )


def _heading(visit: Visit, name: str, told: Mapping[str, Any] | None, rate: str | None) -> str:
    t = visit.words.t
    if told is None:
        return t("people.choose_title", a=name)
    other = visit.formats.party(told["b"]["name"])
    if rate is None:
        return t("people.agreement_few", a=name, b=other)
    return t("people.agreement_title", a=name, b=other, rate=rate)


def _counts(visit: Visit, told: Mapping[str, Any]) -> str:
    if not told["common"]:
        return visit.words.t("people.agreement_none")
    return visit.words.t("people.agreement_counts", n=told["common"], same=visit.formats.number(told["same"]))


def _shares(visit: Visit, told: Mapping[str, Any]) -> tuple[Share, ...]:
    same, common, t = told["same"] or 0, told["common"] or 0, visit.words.t
    return shares_of((("abst", t("people.same"), same), ("aus", t("people.different"), common - same)))


def _one_sided(visit: Visit, told: Mapping[str, Any]) -> str | None:
    count = (told.get("one_sided") or {}).get("count")
    return visit.words.t("people.one_sided", n=count, n_votes=visit.formats.number(count)) if count else None


ROUTES = (PageRoute("/legislators/{legislator_id}/agreement", show_agreement),)
