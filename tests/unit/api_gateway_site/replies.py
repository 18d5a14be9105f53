"""Replies of the API for tests of views: synthetic, with every member that the pages read."""

from dataclasses import asdict
from typing import Any

from api_gateway.site.api_client import ApiReply
from legis.domain.identity.evidence import evidence_part

META = {
    "dataset": "live",
    "freshness": [
        {"source": "camara", "state": "FRESH", "last_success_at": "2026-11-28T14:59:00Z", "reasons": []},
        {"source": "senado", "state": "FRESH", "last_success_at": "2026-11-28T14:58:00Z", "reasons": []},
    ],
}


def reply(data: Any, **members: Any) -> ApiReply:
    """A reply with this data."""
    return ApiReply("/api/v1/x", {"data": data, "meta": META, **members}, {})


def evidence(*sentences: str) -> dict[str, Any]:
    """The evidence of a counterpart or of the same person, as sentences and in parts."""
    return {"evidence": list(sentences), "evidence_parts": [asdict(evidence_part(one)) for one in sentences]}


def summary(**changed: Any) -> dict[str, Any]:
    """A bill as lists have it."""
    return {
        "id": "camara-1",
        "source": "camara",
        "chamber": "CAMARA",
        "type": "PL",
        "type_code": "PL",
        "number": 1432,
        "year": 2024,
        "identifier": "PL 1432/2024",
        "nickname": None,
        "title": "Institui o Programa Nacional de Telessaúde.",
        "status": "AWAITING_OPINION",
        "status_text": "Aguardando Parecer",
        "latest_action": {"kind": "OPINION", "at": "2026-11-27T21:29:00Z", "date": "2026-11-27"},
        "organization": {"id": "camara-org-1", "acronym": "CAS", "name": "Comissão de Assuntos Sociais"},
        "sponsors": [{"name": "Iara Falcão", "party": "PSB", "state": "PE", "legislator_id": "camara-deputy-1"}],
        "authors_count": 3,
        "last_action_at": "2026-11-27T21:29:00Z",
        **changed,
    }


def bill(**changed: Any) -> dict[str, Any]:
    """A bill, complete."""
    sponsor = {"name": "Iara Falcão", "party": "PSB", "state": "PE", "legislator_id": None, "kind": "LEGISLATOR"}
    return {
        **summary(),
        "type_text": "Projeto de Lei",
        "status_on": "2026-11-27",
        "status_reason": None,
        "in_progress": True,
        "introduced_on": "2024-04-17",
        "regime_text": None,
        "sponsorships": [sponsor],
        "sponsors_text": None,
        "rapporteurs": [],
        "subjects": [{"code": "56", "name": "Saúde"}],
        "enactment": None,
        "abstract": None,
        "keywords": [],
        "decision": None,
        "related_bills": [],
        "documents": [],
        "counterparts": [],
        "other_identifiers": [],
        "quality_flags": [],
        "provenance": [],
        "next_event": None,
        "url": "https://www.camara.leg.br/1",
        "urn_lex": None,
        "version": 2,
        "changed_at": "2026-11-27T21:30:00Z",
        "removed_at": None,
        "links": {"versions": "/api/v1/bills/camara-1/versions"},
        **changed,
    }


def journey(*entries: dict[str, Any], stages: Any = ()) -> ApiReply:
    """A reply of `/journey`."""
    return reply(list(entries), stages=list(stages), stage=None, bills=[], page={"count": {"value": len(entries)}})


def entry(**changed: Any) -> dict[str, Any]:
    """An entry of a journey."""
    return {
        "type": "ACTION", "date": "2026-11-27", "at": None, "bill_id": "camara-1", "house": "CAMARA", "kind": "OPINION",
        "text": "Parecer.", "organization": None, "stage": None, "id": None, "url": None, **changed,
    }  # fmt: skip


def page_of(found: list[dict[str, Any]], count: int, **meta: Any) -> ApiReply:
    """A reply of `/bills` with a count and facets."""
    values = {"type": [{"value": "PL", "count": 2}, {"value": "PEC", "count": 1}], "status": [], "year": [],
              "chamber": [{"value": "CAMARA", "count": count}], "party": []}  # fmt: skip
    document = {
        "data": found,
        "page": {"limit": 20, "next_cursor": "abc", "count": {"value": count, "kind": "exact"}},
        "facets": {"counted": count, "values": values},
        "meta": {**META, **meta},
    }
    return ApiReply("/api/v1/bills", document, {})
