"""Replies about a bill's way through both houses, for the OpenAPI description."""

import datetime
from typing import Literal

from legis.domain.proceedings.journey_stages import Stage
from pydantic import AwareDatetime

from api_gateway.documents.bill_parts import Organization
from api_gateway.documents.common_fields import BillKey, House, ReadWhole
from api_gateway.documents.shapes import Shape, described
from api_gateway.web.responses.envelopes import Meta, Page


class JourneyStage(Shape):
    """A stretch of time in one stage."""

    stage: Stage = described("Stage (fase) of the way; open list", "COMMITTEE")
    step: Stage | None = described("Stage within the house that reviews the bill, for OTHER_HOUSE", "PLENARY")
    house: House = described("House that has the bill; null for sanction, veto and law", "CAMARA")
    start: datetime.date = described("First day, Brasília's calendar", "2024-02-10")
    end: datetime.date | None = described("Day on which the next stage began; null for the last one", "2024-05-01")
    days: int | None = described("Days from `start` to `end` or today; null for a stage that ends the way", 81)


class JourneyEntry(Shape):
    """One thing that happened, or is announced."""

    type: Literal["ACTION", "VOTE_EVENT", "EVENT", "DOCUMENT"] = described("Kind of entry", "ACTION")
    date: datetime.date | None = described("Day, Brasília's calendar", "2024-05-01")
    at: AwareDatetime | None = described("Instant; null where only the day is known", "2024-05-01T21:10:00Z")
    bill_id: BillKey
    house: House = described("House whose record the entry is from", "CAMARA")
    kind: str | None = described(
        "Kind of the action or document, purpose of the voting, status of the event, in our words", "APPROVED"
    )
    text: str | None = described("Official text, verbatim", "Aprovado o Substitutivo.")
    organization: Organization | None = described("Body that acted")
    stage: Stage | None = described("Stage that the action belongs to; null where it tells nothing", "PLENARY")
    id: str | None = described("Id of the voting or event", "camara-vote-2256735-87")
    url: str | None = described("Address at the house", "https://www.camara.leg.br/propostas-legislativas/2256735")


class JourneyBill(Shape):
    """A record of the bill in one house."""

    id: BillKey
    identifier: str = described("Type, number and year there", "PL 2630/2020")
    status: str = described("Where the bill stands there", "IN_COMMITTEE")
    read_whole: ReadWhole


class JourneyReply(Shape):
    """The way of one bill through both houses."""

    data: list[JourneyEntry] = described(
        "What happened, both houses together; oldest first unless `sort` says otherwise"
    )
    bills: list[JourneyBill] = described("The records of both houses that the way is made of, the asked one first")
    stage: JourneyStage | None = described("Where the bill is now; null where no action tells")
    stages: list[JourneyStage] = described("Every stretch of time in one stage, in order")
    page: Page = described("Where to go on")
    meta: Meta = described("About the data, not of them")
