"""What kind of news a change is, case by case."""

from datetime import date
from typing import Any

import pytest
from legis.domain import changed_fields
from legis.domain.bill import HISTORY_FIELDS, Bill
from legis.domain.change_kind import ChangeKind, EarlierReading, field_kind, is_movement, refines, strongest

MOVED, CORRECTED, EDITED, READ = ChangeKind.MOVED, ChangeKind.CORRECTED, ChangeKind.EDITED, ChangeKind.READ


def action(order: int, day: str = "2024-05-02", **more: Any) -> dict[str, Any]:
    return {"order": order, "date": day, "at": None, "kind": "OTHER", "description": None, "documents": [], **more}


def voting(number: int, result: str = "APPROVED", votes: int = 0, **more: Any) -> dict[str, Any]:
    members = [{"name": f"D{n}", "option": "YES", "party": None} for n in range(votes)]
    return {"upstream_id": f"v{number}", "result": result, "votes": members, "counts": None, **more}


def body(**more: Any) -> dict[str, Any]:
    return {"code": "4", "acronym": None, "name": None, **more}


def person(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "legislator_id": None, "party": None, "ended_on": None, **more}


def related(kind: str, number: int) -> dict[str, Any]:
    return {"kind": kind, "upstream_id": str(number), "identifier": f"PL {number}/2024", "title": None}


CASES: list[tuple[str, str, Any, Any, ChangeKind]] = [
    ("a status is another", "status", "IN_COMMITTEE", "APPROVED", MOVED),
    ("a status that was claimed unknown", "status", "UNKNOWN", "ARCHIVED", MOVED),
    ("a status that is not known any more", "status", "ARCHIVED", "UNKNOWN", CORRECTED),
    ("a status text is taken back", "status_text", "Arquivada", None, CORRECTED),
    ("it ends", "in_progress", True, False, MOVED),
    ("a first rapporteur where none was known", "rapporteurs", [], [person("Ana")], MOVED),
    ("another rapporteur", "rapporteurs", [person("Ana")], [person("Bia")], MOVED),
    ("a second rapporteur", "rapporteurs", [person("Ana")], [person("Ana"), person("Bia")], MOVED),
    ("the rapporteur's party", "rapporteurs", [person("Ana")], [person("Ana", party="PT")], READ),
    ("a duty ends", "rapporteurs", [person("Ana")], [person("Ana", ended_on="2024-05-02")], MOVED),
    ("no rapporteur any more", "rapporteurs", [person("Ana")], [], CORRECTED),
    ("the name of the body", "organization", body(), body(name="Mesa"), READ),
    ("the name of the body and another code", "organization", body(), body(code="5", name="Mesa"), MOVED),
    ("less of the body", "organization", body(name="Mesa"), body(), CORRECTED),
    ("a body where none was", "organization", None, body(), MOVED),
    ("a later action", "latest_action", action(1), action(2, "2024-05-03"), MOVED),
    ("another action of the same day", "latest_action", action(1), action(2, kind="VOTED"), MOVED),
    ("an earlier action", "latest_action", action(2, "2024-05-03"), action(1), CORRECTED),
    ("an earlier hour", "latest_action", action(2, at="2024-05-02T15:00:00Z"), action(2, at="2024-05-02T14:59:59.5Z"),
     CORRECTED),
    ("the text of the action", "latest_action", action(1), action(1, description="Apresentação"), READ),
    ("the day of the status goes back", "status_on", "2024-05-03", "2024-05-02", CORRECTED),
    ("the day of the status", "status_on", "2024-05-02", "2024-05-03", MOVED),
    ("enacted", "enactment", None, {"number": "14000", "year": None}, MOVED),
    ("the year of the law", "enactment", {"number": "14000", "year": None}, {"number": "14000", "year": 2020}, READ),
    ("the enactment is taken back", "enactment", {"number": "14000", "year": None}, None, CORRECTED),
    ("an action comes", "actions", [], [action(2)], MOVED),
    ("an action goes", "actions", [action(2)], [], CORRECTED),
    ("an action is replaced", "actions", [action(2)], [action(2, kind="VOTED")], CORRECTED),
    ("an action is replaced and one comes", "actions", [action(2)], [action(2, kind="VOTED"), action(3)], MOVED),
    ("more of an action", "actions", [action(2)], [action(2, description="Recebido")], READ),
    ("more of an action, and one comes", "actions", [action(2)], [action(2, description="x"), action(3)], MOVED),
    ("more of one, another goes", "actions", [action(1), action(2)], [action(1, description="x")], CORRECTED),
    ("two of a day, told in another order", "actions", [action(1), action(1)],
     [action(1, description="x"), action(1, description="y")], READ),
    ("a voting comes", "vote_events", [], [voting(1)], MOVED),
    ("members' votes of a known voting", "vote_events", [voting(1)], [voting(1, votes=400)], READ),
    ("the rest of the members' votes", "vote_events", [voting(1, votes=3)], [voting(1, votes=400)], READ),
    ("a member's vote goes", "vote_events", [voting(1, votes=400)], [voting(1, votes=399)], CORRECTED),
    ("a result that was not known", "vote_events", [voting(1, "UNKNOWN")], [voting(1)], READ),
    ("another result", "vote_events", [voting(1)], [voting(1, "REJECTED")], CORRECTED),
    ("joined to another", "related_bills", [], [related("JOINED_TO", 7)], MOVED),
    ("a main bill", "related_bills", [related("RELATED", 5)], [related("RELATED", 5), related("MAIN_BILL", 7)], MOVED),
    ("a relation becomes a joining", "related_bills", [related("RELATED", 7)], [related("JOINED_TO", 7)], MOVED),
    ("a relation of another kind", "related_bills", [related("JOINED_TO", 7)],
     [related("JOINED_TO", 7), related("PREVIOUS", 8)], EDITED),
    ("not joined any more", "related_bills", [related("JOINED_TO", 7)], [], EDITED),
    ("a title", "title", "Dispõe sobre a merenda.", "Altera a Lei.", EDITED),
    ("a title where none was", "title", None, "Altera a Lei.", EDITED),
    ("no title any more", "title", "Altera a Lei.", None, EDITED),
    ("a document alone", "documents", [], [{"kind": "FULL_TEXT", "url": "http://x"}], EDITED),
    ("a sponsor's party", "sponsorships", [person("Ana")], [person("Ana", party="PT")], READ),
    ("a sponsor's other party", "sponsorships", [person("Ana", party="PT")], [person("Ana", party="PSB")], EDITED),
    ("one more sponsor", "sponsorships", [person("Ana")], [person("Ana"), person("Bia")], EDITED),
    ("a field of a later version", "something_new", 1, 2, EDITED),
]  # fmt: skip


@pytest.mark.parametrize(("field", "old", "new", "kind"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_field_that_was_claimed_before(field: str, old: Any, new: Any, kind: ChangeKind) -> None:
    assert field_kind(field, old, new) is kind


@pytest.mark.parametrize(
    ("field", "old", "new", "kind"),
    [
        ("status", "UNKNOWN", "ARCHIVED", READ),
        ("title", "a", "b", READ),
        ("latest_action", action(2), action(2, kind="VOTED"), READ),
        ("actions", [action(1), action(2)], [action(1, kind="VOTED"), action(2, kind="VOTED")], READ),
        ("rapporteurs", [person("Ana")], [person("Ana Lima")], READ),
        # what came may be of another answer than the one whose bytes are the same
        ("actions", [action(1)], [action(1, kind="VOTED"), action(2)], MOVED),
        ("vote_events", [], [voting(1)], MOVED),
        ("rapporteurs", [], [person("Ana")], MOVED),
    ],
)
def test_the_same_bytes_read_by_another_version(field: str, old: Any, new: Any, kind: ChangeKind) -> None:
    assert field_kind(field, old, new, EarlierReading(reread=True)) is kind


@pytest.mark.parametrize(
    ("field", "old", "new", "kind"),
    [
        ("related_bills", [related("MAIN_BILL", 7)], [related("RELATED", 8), related("MAIN_BILL", 7)], READ),
        ("sponsorships", [person("Ana")], [person("Ana", party="PT"), person("Bia")], READ),
        ("sponsorships", [person("Ana")], [person("Bia"), person("Cida")], EDITED),
        ("documents", [{"url": "http://x"}], [], EDITED),
        ("title", "a", "b", EDITED),
        ("rapporteurs", [person("Ana")], [person("Ana"), person("Bia")], MOVED),
        ("status", "IN_COMMITTEE", "APPROVED", MOVED),
    ],
)
def test_a_part_that_is_read_for_the_first_time_may_show_more(field: str, old: Any, new: Any, kind: ChangeKind) -> None:
    assert field_kind(field, old, new, EarlierReading(first=True)) is kind


def test_white_space_and_order_of_votes_refine_nothing_away() -> None:
    votes = [{"name": name, "option": "YES"} for name in ("Ana", "Bia", "Ana")]
    assert refines({"text": "a  b", "votes": votes}, {"text": " a b", "votes": votes[::-1]})
    assert not refines({"votes": votes}, {"votes": votes[:2]})
    assert not refines({"a": 1}, [1])


def test_long_histories_are_compared_in_time() -> None:
    """Every entry gets its text at once: pairs are found by what they are called, not each with each."""
    old = [action(n, f"20{n % 100:02}-01-01") for n in range(4000)]
    assert field_kind("actions", old, [one | {"description": "x"} for one in old[::-1]]) is READ


def test_the_strongest_field_gives_the_entry_its_kind() -> None:
    assert strongest([READ, EDITED, CORRECTED, MOVED]) is MOVED
    assert strongest([READ, EDITED, CORRECTED]) is CORRECTED
    assert strongest([EDITED, READ]) is EDITED
    assert strongest([]) is None


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "introduced", "movement"),
    [
        (MOVED, date(1998, 1, 1), True),
        (ChangeKind.REMOVED, None, True),
        (CORRECTED, TODAY, False),
        (EDITED, TODAY, False),
        (READ, TODAY, False),
        (ChangeKind.CREATED, TODAY, True),
        (ChangeKind.CREATED, date(2026, 10, 21), True),
        (ChangeKind.CREATED, date(2026, 10, 20), False),
        (ChangeKind.CREATED, date(2999, 1, 1), False),
        (ChangeKind.CREATED, None, False),
    ],
)
def test_movement_is_told_by_default(kind: ChangeKind, introduced: date | None, movement: bool) -> None:
    assert is_movement(kind, introduced, TODAY) is movement


def test_every_field_of_a_bill_is_moved_edited_or_untold() -> None:
    """A new field is in one of the tables before it can change: its changes would be told as edits else."""
    tables = (changed_fields.MOVED_FIELDS, changed_fields.EDITED_FIELDS, changed_fields.UNLOGGED_FIELDS)
    assert changed_fields.HISTORIES == HISTORY_FIELDS
    assert len(frozenset().union(*tables)) == sum(map(len, tables)), "a field is in one of them"
    assert set(Bill.model_fields) - {"source", "upstream_id"} <= frozenset().union(*tables)
