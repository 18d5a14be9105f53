"""Votings, people, bodies, meetings and changes as the API tells them: synthetic, for tests of views."""

from typing import Any


def vote(
    option: str, *, name: str = "Ana", party: str | None = "PT", who: str | None = "camara-deputy-1"
) -> dict[str, Any]:
    """One member's vote."""
    return {
        "legislator_id": who, "name": name, "party": party, "party_text": None, "state": "SP", "option": option,
        "option_text": option, "at": None,
    }  # fmt: skip


def votes(**options: int) -> list[dict[str, Any]]:
    """So many votes of each option."""
    return [
        vote(option, name=f"{option} {n:03d}", who=f"camara-deputy-{n}")
        for option in options
        for n in range(options[option])
    ]


def counts(yes: int, no: int, abstain: int = 0, other: int = 0) -> dict[str, int]:
    """Totals."""
    return {"yes": yes, "no": no, "abstain": abstain, "other": other}


def voting(**changed: Any) -> dict[str, Any]:
    """A voting, complete."""
    return {
        "id": "camara-vote-1", "source": "camara", "house": "CAMARA", "url": None, "flags": [],
        "organization": {"id": "camara-org-180", "code": "180", "acronym": "PLEN", "name": None, "chamber": None},
        "legislature": 57, "date": "2026-10-07", "at": "2026-10-07T20:54:00Z", "description": "Aprovado o Projeto.",
        "purpose": "PASSAGE", "result": "PASSED", "result_text": None, "nominal": True, "secret": False, "turn": None,
        "plenary": True, "counts": counts(318, 126), "counts_published": counts(318, 126),
        "bills": [{"id": "camara-1", "role": "AFFECTED", "identifier": "PL 14/2020"}], "subject_identifier": None,
        "event_id": "camara-event-1", "orientations": [], "duplicate_of": None, "votes": [], "removed_at": None,
        **changed,
    }  # fmt: skip


def membership(kind: str, **changed: Any) -> dict[str, Any]:
    """A stay of somebody somewhere."""
    return {
        "legislator_id": "camara-deputy-1", "legislator_name": "Ana Falcão", "kind": kind,
        "organization": {"id": "camara-org-1", "code": "1", "acronym": "CFT", "name": "Finanças", "chamber": "CAMARA"},
        "role": None, "start_date": "2023-02-01", "end_date": None, "legislature": 57, "condition": None,
        "substitute_for": None, "end_reason": None, "party": None, "party_text": None, "state": None, **changed,
    }  # fmt: skip


def legislator(**changed: Any) -> dict[str, Any]:
    """A legislator, complete."""
    return {
        "id": "camara-deputy-1", "source": "camara", "house": "CAMARA", "url": "https://www.camara.leg.br/deputados/1",
        "flags": [], "name": "Ana Falcão", "civil_name": "ANA DA SILVA FALCÃO", "other_names": [],
        "birth_date": "1980-11-11", "death_date": None, "birth_place": {"municipality": "Sobral", "state": "CE"},
        "state": "CE", "party": "PSB", "party_text": None, "in_office": True, "condition": "TITULAR",
        "legislatures": [56, 57], "memberships": [], "same_person": [], "removed_at": None, "image": "https://x.test/1.jpg",
        "counts": {"authored": 4, "coauthored": 7, "rapporteur": None, "votes": 82}, **changed,
    }  # fmt: skip


def body(**changed: Any) -> dict[str, Any]:
    """A body, complete."""
    return {
        "id": "camara-org-1", "house": "CAMARA", "classification": "PERMANENT", "acronym": "CFT", "name": "Finanças",
        "active": True, "other_names": [], "founding_date": None, "dissolution_date": None, "parent_id": None,
        "successors": [], "flags": [], "members_now": 3, "url": None, "removed_at": None,
        "links": {"self": "", "members": "", "bills": "/api/v1/bills?organization=CFT&chamber=CAMARA"},
        **changed,
    }  # fmt: skip


def item(number: int = 1, **changed: Any) -> dict[str, Any]:
    """An item of an agenda."""
    return {
        "key": str(number), "order": number, "section": None, "bill_ids": [f"camara-{number}"],
        "identifier": f"PL {number}/2026", "text": None, "rapporteur": None, "rapporteur_id": None, "outcome": None,
        "outcome_text": None, "vote_event_id": None, **changed,
    }  # fmt: skip


def event(number: int = 1, **changed: Any) -> dict[str, Any]:
    """A meeting, complete."""
    return {
        "id": f"camara-event-{number}", "house": "CAMARA", "classification": "MEETING", "classification_text": None,
        "name": "Reunião Deliberativa", "description": None, "start": "2026-11-24T13:30:00Z", "end": None,
        "organizations": [{"id": "camara-org-1", "code": "1", "acronym": "CFT", "name": "Finanças", "chamber": None}],
        "organization_ids": ["camara-org-1"], "location": "Plenário 2", "status": "CONFIRMED", "status_text": None,
        "moved_to": None, "moved_from": None, "media": [], "agenda": [], "flags": [], "url": None, "removed_at": None,
        **changed,
    }  # fmt: skip


def change(seq: int, **changed: Any) -> dict[str, Any]:
    """An entry of the log about a bill."""
    return {
        "seq": seq, "subject": {"type": "bill", "id": f"camara-{seq}"}, "bill_id": f"camara-{seq}", "kind": "MOVED",
        "version": 2, "changed_at": "2026-11-28T14:00:00Z", "identifier": f"PL {seq}/2026", "source": "camara",
        "changes": [{"field": "status", "old": "INTRODUCED", "new": "IN_COMMITTEE", "kind": "MOVED"}], **changed,
    }  # fmt: skip
