"""A projeto as a bill that claims only what the answer showed: pure functions."""

from datetime import date
from typing import Any

from legis.domain.bill import Action, Bill, Sponsorship
from legis.domain.brasilia_time import parse_local
from legis.domain.identity.identifiers import print_label
from legis.domain.vocabulary import ActionKind, BillType, Chamber, Source, SponsorKind, SponsorshipRole

from ingest_ensaio.vocabulary.statuses import status_of
from ingest_ensaio.wire.bill_records import Detail, Step

PARSER_VERSION = "ensaio-1"


def from_detail(detail: Detail) -> Bill:
    """The bill. Raises ValueError for a day that is none."""
    actions = tuple(_action(step, order) for order, step in enumerate(detail.andamentos, 1))
    claims: dict[str, Any] = {
        "chamber": Chamber.ENSAIO,
        "type": detail.sigla if detail.sigla in list(BillType) else BillType.OTHER,
        "type_code": detail.sigla,
        "number": detail.numero,
        "number_text": str(detail.numero),
        "year": detail.ano,
        "identifier": print_label(detail.sigla, str(detail.numero), detail.ano),
        "title": detail.ementa,
        "introduced_on": _day(detail.apresentado),
        "status": status_of(detail.situacao),
        "status_text": detail.situacao,
        "sponsorships": tuple(_sponsorship(name, order) for order, name in enumerate(detail.autores, 1)),
        "actions": actions,
        "latest_action": actions[-1] if actions else None,
    }
    return Bill(source=Source.ENSAIO, upstream_id=detail.id, **claims)


def _day(text: str | None) -> date | None:
    found = parse_local(text)
    return None if found is None else found.date


def _action(step: Step, order: int) -> Action:
    return Action(date=_day(step.dia), order=order, kind=ActionKind.OTHER, description=step.texto)


def _sponsorship(name: str, order: int) -> Sponsorship:
    role = SponsorshipRole.AUTHOR if order == 1 else SponsorshipRole.COAUTHOR
    return Sponsorship(name=name, role=role, kind=SponsorKind.LEGISLATOR, order=order)
