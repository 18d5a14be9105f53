"""`/vote-events/agreement`: how often two legislators, a legislator and a party, or two parties chose alike."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query
from legis.domain.parties.party_table import PARTIES, party_record_id
from legis.domain.records.record import RecordKind
from legis.languages import Text
from starlette.responses import Response

from api_gateway.search.filtering.values import InvalidParameter, clean
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.agreement_reader import (
    Agreement,
    Cohesion,
    Period,
    agreement_member_party,
    agreement_of_members,
    agreement_parties,
    rice,
)
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.error_handlers import no_record
from api_gateway.web.params.record_filters import period
from api_gateway.web.params.record_parameters import AgreementParameters
from api_gateway.web.responses.json_responses import data_reply, dump
from api_gateway.web.responses.record_replies import stored_record
from api_gateway.web.responses.record_schemas import AgreementReply

router = APIRouter(prefix="/api/v1/vote-events", tags=["votings"], route_class=ApiRoute)

LEAST_COMMON = 10
"""Votings in common below which no rate is told: of fewer, a rate says nothing."""

DEFINITION = "https://github.com/legis-br/legis/blob/main/docs/api/agreement.md"

_PARTIES = {party_record_id(party.key): party.key for party in PARTIES}
_LEGISLATOR, _PARTY = Text("legislator", "o parlamentar"), Text("party", "o partido")
_OTHER_HOUSE = Text(
    "is of another house than a; only members of one house vote together",
    "é de outra casa que a; só votam juntos os membros de uma mesma casa",
)
_ITSELF = Text("is the same legislator as a", "é o mesmo parlamentar que a")
_NO_HOUSE = Text("is not the house of the legislator", "não é a casa do parlamentar")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison; `key` is a legislator's id or a party's key."""

    id: str
    type: Literal["legislator", "party"]
    name: str | None
    key: str
    house: str | None


@router.get(
    "/agreement",
    response_model=AgreementReply,
    responses=problems(404),
    operation_id="getAgreement",
    summary="How often two chose alike",
)
async def get_agreement(shared: Shared, asked: Annotated[AgreementParameters, Query()]) -> Response:
    """Over nominal votings of the plenary, without secret ones, duplicates and votings whose votes are another's. A
    party chooses what most of its members choose in that voting; a legislator is left out of a party that is compared
    with. A party with itself: how united it votes."""
    since, until = period(asked.from_day, asked.to_day)
    snapshot, database = shared.status_monitor.snapshot, shared.database
    a = await _side(database, "a", asked.a)
    b = await _side(database, "b", asked.b)
    within = Period(since, until, _house(a, b, asked.house))
    told = {
        "a": _shown(a),
        "b": _shown(b),
        "house": within.house,
        "first_day": since,
        "last_day": until,
        "options": asked.options,
        **await _compared(database, a, b, within, all_options=asked.options == "all"),
        "definition": DEFINITION,
    }
    return data_reply({"data": dump(told)}, snapshot)


async def _compared(database: Database, a: Side, b: Side, within: Period, *, all_options: bool) -> dict[str, Any]:
    if a.type == b.type == "party":
        if a.key == b.key:
            return {**_agreement(None), "rice": _cohesion(await rice(database, a.key, period=within))}
        found = await agreement_parties(database, a.key, b.key, period=within, all_options=all_options)
    elif a.type == b.type:
        found = await agreement_of_members(database, a.key, b.key, period=within, all_options=all_options)
    else:
        member, party = (a, b) if a.type == "legislator" else (b, a)
        found = await agreement_member_party(database, member.key, party.key, period=within, all_options=all_options)
    return {**_agreement(found), "rice": None}


async def _side(database: Database, name: str, value: str) -> Side:
    """The legislator or party of an id. Raises InvalidParameter or NotFound."""
    wanted = clean(name, value, 120)
    if wanted.startswith("party-"):
        key = _PARTIES.get(wanted)
        if key is None:
            raise no_record(_PARTY, wanted)
        return Side(wanted, "party", key, key, None)
    found = await stored_record(database, wanted, RecordKind.LEGISLATOR)
    record = orjson.loads(found.document)
    return Side(wanted, "legislator", record["name"], wanted, record["house"])


def _house(a: Side, b: Side, asked: str | None) -> str | None:
    """The house in which the two are compared. Raises InvalidParameter for two houses."""
    if a.id == b.id and a.type == "legislator":
        raise InvalidParameter("b", _ITSELF)
    if a.house and b.house and a.house != b.house:
        raise InvalidParameter("b", _OTHER_HOUSE)
    house = a.house or b.house
    if house and asked and asked != house:
        raise InvalidParameter("house", _NO_HOUSE)
    return house or asked


def _shown(side: Side) -> dict[str, Any]:
    return {"id": side.id, "type": side.type, "name": side.name}


def _agreement(found: Agreement | None) -> dict[str, Any]:
    if found is None:
        return {"same": None, "common": None, "rate": None, "one_sided": None}
    share = round(found.one_sided / found.common, 4) if found.common else None
    return {
        "same": found.same,
        "common": found.common,
        "rate": round(found.same / found.common, 4) if found.common >= LEAST_COMMON else None,
        "one_sided": {"count": found.one_sided, "share": share},
    }


def _cohesion(found: Cohesion) -> dict[str, Any]:
    known = found.rice is not None and found.votings >= LEAST_COMMON
    return {"value": round(found.rice or 0.0, 4) if known else None, "votings": found.votings}
