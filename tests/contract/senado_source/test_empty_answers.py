"""When the Senado source believes that there is nothing."""

from datetime import UTC, datetime

import pytest
from contract.senado_source.lying import Liar, full, row
from contract.senado_source.reading import NOW, Memory, changes, readings, year
from ingest_senado.client.answers import EmptyAnswer
from ingest_senado.source.adapter import SenadoSource


async def test_an_empty_year_is_asked_twice_and_not_believed(liar: Liar, reader: SenadoSource) -> None:
    with pytest.raises(EmptyAnswer):
        await Memory().read(reader, year(2024))
    assert liar.count("ano=2024") == 2


async def test_an_old_year_may_be_empty_when_both_answers_say_so(liar: Liar, reader: SenadoSource) -> None:
    assert await Memory().read(reader, year(1939)) == []
    assert liar.count("ano=1939") == 2


async def test_an_answer_that_was_empty_once_is_read(liar: Liar, reader: SenadoSource) -> None:
    answers = iter([[], [row(1)]])
    liar.answers = {"/processo": lambda _: next(answers), "/processo/1": lambda _: full(1)}
    assert len(readings(await Memory().read(reader, year(2024)))) == 2


async def test_a_year_is_believed_empty_on_the_second_window_with_proof(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda q: [row(1, 2026)] if q.query.get("ano") == "2026" else []}
    with pytest.raises(EmptyAnswer):
        await Memory().read(reader, year(2013))
    assert await Memory().read(reader, year(2013)) == []
    assert liar.count("ano=2026") == 1


async def test_without_proof_no_year_is_believed_empty(liar: Liar, reader: SenadoSource) -> None:
    for _ in range(4):
        with pytest.raises(EmptyAnswer):
            await Memory().read(reader, year(2013))


async def test_a_quiet_day_is_asked_about_twice(liar: Liar, reader: SenadoSource) -> None:
    assert await Memory().read(reader, changes(1)) == []
    assert liar.count("numdias=1") == 2


async def test_a_quiet_month_must_agree_with_the_year(liar: Liar, reader: SenadoSource) -> None:
    today, long_ago = NOW, datetime(2026, 2, 1, tzinfo=UTC)
    updated = [today]
    liar.answers = {"/processo": lambda q: [row(1, 2026, updated[0])] if "ano" in q.query else []}
    with pytest.raises(EmptyAnswer):
        await Memory().read(reader, changes(30))
    updated[0] = long_ago
    assert await Memory().read(reader, changes(30)) == []
