"""States of meetings, reasons of their moving, and results of agenda items, in the Senado's words."""

from datetime import date

import pytest
from ingest_senado.vocabulary.event_statuses import is_moved, new_day, outcome_of, status_of
from legis.domain.records.event_record import AgendaOutcome, EventStatus


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [("Agendada", 1, EventStatus.CONFIRMED), ("Não Realizada", 2, EventStatus.CANCELLED),
     ("Aberta", 3, EventStatus.IN_PROGRESS), ("Realizada", 6, EventStatus.HELD),
     ("Encerrada", None, EventStatus.HELD), ("Cancelada", None, EventStatus.CANCELLED),
     ("Adiada", None, EventStatus.CANCELLED), ("Continua em 23/11/2016 às 14h30", None, EventStatus.SUSPENDED),
     ("Em estudo", 77, EventStatus.UNKNOWN), (None, None, EventStatus.UNKNOWN)],
)  # fmt: skip
def test_states(text: str | None, code: int | None, status: EventStatus) -> None:
    assert status_of(text, code) is status


@pytest.mark.parametrize(
    ("reason", "day"),
    [("Transferida para o dia 7 de maio", date(2025, 5, 7)), ("Transferida para 08/05", date(2025, 5, 8)),
     ("Transferida para o dia 1º de março de 2026", date(2026, 3, 1)), ("transferida para o dia 31 de abril", None),
     ("Transferida para data a definir", None), ("Falta de quórum", None), (None, None)],
)  # fmt: skip
def test_the_new_day(reason: str | None, day: date | None) -> None:
    assert new_day(reason, date(2025, 5, 8)) == day
    assert is_moved(reason) == (reason is not None and "ransferida" in reason)


def test_in_december_the_new_day_may_be_in_the_next_year() -> None:
    assert new_day("Transferida para o dia 3 de fevereiro", date(2025, 12, 17)) == date(2026, 2, 3)
    assert new_day("Transferida para o dia 16 de dezembro", date(2025, 12, 17)) == date(2025, 12, 16)


@pytest.mark.parametrize(
    ("indicator", "text", "outcome"),
    [("S", "Resultado da matéria: Aprovado o requerimento.\n\nA Sessão será agendada.", AgendaOutcome.APPROVED),
     ("S", "Resultado da matéria: Encerrada a terceira sessão de discussão.", AgendaOutcome.DISCUSSED),
     ("S", "Objeto: Requerimento nº 4. Resultado: Rejeitado o requerimento. Resultado da matéria: Aprovado o projeto.",
      AgendaOutcome.APPROVED),
     ("S", "Resultado da matéria: Aprovado o Requerimento de adiamento da discussão.", AgendaOutcome.POSTPONED),
     ("S", "Resultado da matéria: Rejeitada a proposta.", AgendaOutcome.REJECTED),
     ("S", None, AgendaOutcome.DISCUSSED), ("1", "Aprovado com emenda.", AgendaOutcome.APPROVED),
     ("0", None, AgendaOutcome.NOT_REACHED), ("N", "", AgendaOutcome.NOT_REACHED),
     ("R", "Resultado da matéria: Retirado de Pauta.", AgendaOutcome.WITHDRAWN),
     ("X", None, AgendaOutcome.OTHER), (None, None, None)],
)  # fmt: skip
def test_outcomes(indicator: str | None, text: str | None, outcome: AgendaOutcome | None) -> None:
    assert outcome_of(indicator, text) is outcome
