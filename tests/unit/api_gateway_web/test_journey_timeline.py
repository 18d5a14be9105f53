"""One timeline from the records of both houses."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
from api_gateway.store.records.reading.journey_reader import JourneyRows
from api_gateway.web.responses.journey_timeline import journey_of
from legis.domain.proceedings.journey_stages import Stage

TODAY = date(2026, 3, 1)
PLENARY = {"code": "180", "acronym": "PLEN", "name": "Plenário", "chamber": "CAMARA"}


def action(day: str | None, kind: str, *, at: str | None = None, body: Any = None) -> str:
    fields = {"date": day, "at": at, "kind": kind, "kind_text": None, "description": kind.lower(), "url": None}
    return orjson.dumps({**fields, "organization": body}).decode()


def bill(
    bill_id: str, actions: list[str], *, role: str = "INITIATING", documents: Any = (), status: str = "OTHER"
) -> Any:
    document = orjson.dumps({"chamber_role": role, "documents": list(documents)})
    source = bill_id.split("-")[0]
    return {
        "id": bill_id, "source": source, "chamber": source.upper(), "identifier": "PL 1/2024", "status": status,
        "document": document, "actions": actions or None,
    }  # fmt: skip


def summary(bill_id: str, record_id: str, **fields: Any) -> Any:
    known = {"house": "CAMARA", "url": None, **fields}
    return {
        "bill_id": bill_id,
        "id": record_id,
        "sort_at": datetime(2024, 5, 1, tzinfo=UTC),
        "summary": orjson.dumps(known),
    }


def test_both_houses_are_one_timeline() -> None:
    first = bill(
        "camara-1",
        [
            action("2024-02-01", "INTRODUCED"),
            action("2024-05-01", "APPROVED", at="2024-05-01T21:00:00Z", body=PLENARY),
            action("2024-05-01", "SENT_TO_OTHER_CHAMBER"),
        ],
        documents=[
            {"published_on": "2024-02-01", "kind": "FULL_TEXT", "title": "Texto", "kind_text": None, "url": "u"}
        ],
    )
    second = bill("senado-9", [action("2024-06-01", "RECEIVED"), action("2024-07-01", "OPINION")], role="REVIEWING")
    voting = summary("camara-1", "camara-vote-7", at="2024-05-01T20:59:00Z", date="2024-05-01", purpose="PASSAGE",
                     description="Aprovado", organization=PLENARY)  # fmt: skip
    meeting = summary("senado-9", "senado-meeting-3", start="2026-03-05T13:00:00Z", name="Reunião", status="CONFIRMED",
                      organizations=[], house="SENADO")  # fmt: skip
    journey = journey_of(JourneyRows([first, second], [voting], [meeting]), TODAY)
    bodies = [one["organization"] for one in journey.timeline if one["type"] == "ACTION" and one["organization"]]
    assert bodies == [{"id": "camara-org-180", **PLENARY}]
    assert [(one["type"], one["kind"], one["house"]) for one in journey.timeline] == [
        ("ACTION", "INTRODUCED", "CAMARA"),
        ("DOCUMENT", "FULL_TEXT", "CAMARA"),
        ("VOTE_EVENT", "PASSAGE", "CAMARA"),
        ("ACTION", "APPROVED", "CAMARA"),
        ("ACTION", "SENT_TO_OTHER_CHAMBER", "CAMARA"),
        ("ACTION", "RECEIVED", "SENADO"),
        ("ACTION", "OPINION", "SENADO"),
        ("EVENT", "CONFIRMED", "SENADO"),
    ]
    assert [(one.stage, one.step) for one in journey.stages] == [
        (Stage.PRESENTED, None),
        (Stage.PLENARY, None),
        (Stage.OTHER_HOUSE, None),
        (Stage.OTHER_HOUSE, Stage.PRESENTED),
        (Stage.OTHER_HOUSE, Stage.COMMITTEE),
    ]
    assert (journey.timeline[2]["id"], journey.timeline[-1]["date"]) == ("camara-vote-7", "2026-03-05")


def test_an_action_without_a_day_is_in_no_timeline() -> None:
    journey = journey_of(JourneyRows([bill("camara-1", [action(None, "INTRODUCED")])], [], []), TODAY)
    assert (journey.timeline, journey.stages) == ([], ())


def test_a_day_is_brasilias() -> None:
    late = action("2024-05-01", "APPROVED", at="2024-05-02T01:30:00Z", body=PLENARY)
    (stretch,) = journey_of(JourneyRows([bill("camara-1", [late])], [], []), TODAY).stages
    assert stretch.start == date(2024, 5, 1)


def test_no_action_at_all() -> None:
    assert journey_of(JourneyRows([bill("camara-1", [])], [], []), TODAY).timeline == []
