from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from api_gateway.site.api_client import ApiReply, ApiWatch, Late, NotFound, Unavailable
from api_gateway.site.status.feed import status_feed
from api_gateway.site.status.headline import headline
from api_gateway.site.status.source_view import past_of
from api_gateway.site.status.status_document import status_document
from api_gateway.site.status.status_view import status_view
from api_gateway.site.texts.incidents import parse_incident
from api_gateway.site.visit import Visit
from unit.api_gateway_site.incident_file import INCIDENT

SINCE = datetime(2026, 11, 28, 14, 20, tzinfo=UTC)


def source(name: str = "camara", **changed: Any) -> dict[str, Any]:
    """A source as `/api/v1/sources` has it."""
    return {
        "source": name,
        "state": "FRESH",
        "last_success_at": "2026-11-28T14:59:20Z",
        "lag_seconds": 40,
        "reasons": [],
        "blocked_until": None,
        "backfill": None,
        "years_not_read": [],
        "records_set_aside": 0,
        "records": [],
        "breaker": {"state": "closed", "failures": 0, "opened_at": None, "reset_timeout": 30},
        "dead_letters_open": 0,
        "last_error": None,
    } | changed


def metrics(**changed: Any) -> dict[str, Any]:
    """Figures as `/api/metrics` has them."""
    return {
        "health": "ok",
        "requests": {"rate_per_second": 2.0, "error_rate": 0.0, "p95_seconds": 0.025},
        "queue": {"backlog": 7, "pending": 3},
        "index": {"head": 11401, "seq": 11399, "behind": 2},
    } | changed


def day(number: int, state: str | None = "FRESH", current: int = 86_400) -> dict[str, Any]:
    """A day as `/api/v1/sources/days` has it."""
    seconds = 0 if state is None else 86_400
    return {
        "date": f"2026-09-{number:02}",
        "state": state,
        "seconds": seconds,
        "seconds_current": current if seconds else 0,
    }


@pytest.mark.parametrize(
    ("sources", "word", "text"),
    [
        ([source(), source("senado")], "ok", "Tudo em dia"),
        ([source(), source("senado", state="PARTIAL")], "partial", "Em dia, com uma parte por ler"),
        ([source(), source("senado", state="STALE", lag_seconds=4320)], "late", "Senado: atraso de 1 h 12 min"),
        ([source(state="STALE"), source("senado", state="STALE")], "late", "Câmara e Senado: dados com atraso"),
        (
            [source(), source("senado", state="BLOCKED", blocked_until="2026-11-28T18:25:00Z")],
            "blocked",
            "Senado: leitura bloqueada até 15h25",
        ),
        ([source(state="STALE"), source("senado", state="BLOCKED")], "blocked", "Senado: leitura bloqueada"),
        ([source(state="UNKNOWN"), source("senado")], "unknown", "Câmara: não sabemos se está em dia"),
        ([source(state="NEWER")], "unknown", "Não sabemos se os dados estão em dia"),
        ([], "unknown", "Não sabemos se os dados estão em dia"),
    ],
)
def test_the_gravest_is_said_in_one_sentence(visit: Visit, sources: Any, word: str, text: str) -> None:
    found = headline(visit, sources, "ok", None)
    assert (found.word, found.text) == (word, text)


def test_an_api_that_is_away_is_said_with_the_time(visit: Visit) -> None:
    found = headline(visit, None, None, SINCE)
    assert (found.word, found.shape) == ("away", "bad")
    assert found.text == "A API não responde a esta página desde 28 nov 2026, 11h20"
    assert headline(visit, None, None, None).text == "Não conseguimos ler a situação agora"
    assert headline(visit, [source()], "unavailable", None).text == "A busca está fora do ar"


def test_a_store_that_is_away_is_not_blamed_on_the_houses(visit: Visit) -> None:
    found = headline(visit, [source(state="UNKNOWN", reasons=["STORE_AWAY"])], "degraded", None)
    assert "Nosso banco de dados" in found.more[0]


def test_every_figure_is_that_of_the_api(visit: Visit) -> None:
    told = source(
        dead_letters_open=4,
        last_error="HTTP 503 from /proposicoes",
        state="PARTIAL",
        reasons=["BACKFILL_RUNNING", "YEARS_NOT_READ", "RECORDS_SET_ASIDE", "RECORDS_BEHIND"],
        backfill={"years": 12, "seconds": 600},
        years_not_read=[1998, 1997],
        records_set_aside=1234,
        records=[{"kind": "EVENT", "is_behind": True}, {"kind": "VOTE_EVENT", "is_behind": False}],
    )
    view = status_view(visit, reply([told]), None, document(metrics()), None)
    assert view.sources is not None
    assert view.service is not None
    (one,) = view.sources
    assert dict(one.facts) == {"Última leitura": "há 40 s", "Conexão": "Ativa", "Registros por corrigir": "4"}
    assert [reason.partition(": ")[2] for reason in one.reasons] == [
        "faltam 12 anos, cerca de 10 min", "1998, 1997", "1.234", "Agenda",
    ]  # fmt: skip
    assert one.last_error == "HTTP 503 from /proposicoes"
    facts = dict(fact for part in view.service for fact in part.facts)
    assert facts["Na fila"] == "7"
    assert facts["Mudanças ainda fora da busca"] == "2"
    assert facts["Mudanças registradas"] == "11.401"
    assert facts["Pedidos"] == "120 por minuto"


def test_what_the_api_does_not_know_is_not_none(visit: Visit) -> None:
    told = source(lag_seconds=None, dead_letters_open=None, breaker={"state": "unknown"})
    unknown = metrics(queue={"backlog": None, "pending": None}, index={"head": None, "seq": None, "behind": None})
    view = status_view(visit, reply([told]), None, document(unknown), None)
    assert view.sources is not None
    assert view.service is not None
    assert [value for _, value in view.sources[0].facts] == ["ainda nenhuma", "Desconhecida", "não sabemos"]
    assert [part.state.shape for part in view.service] == ["ok", "bad", "warn"]
    assert all(value == "não sabemos" for part in view.service[1:] for _, value in part.facts)
    assert not view.days_told


def test_days_are_told_as_strip_sentence_and_table(visit: Visit) -> None:
    found = past_of(visit, [day(1, None), day(2), day(3, "STALE", 43_200), day(4, "BLOCKED", 0)])
    assert found.text == "1 dia com atraso; 1 dia parado; 1 dia sem registro"
    assert found.share == "50\u00a0%"
    assert [(one.date, one.share) for one in found.days] == [
        ("2026-09-04", "0\u00a0%"), ("2026-09-03", "50\u00a0%"), ("2026-09-02", "100\u00a0%"),
    ]  # fmt: skip
    assert past_of(visit, [day(1)]).text == "nenhum dia com atraso"
    assert past_of(visit, [day(1, None)]).share is None


def test_almost_always_is_not_always(visit: Visit) -> None:
    assert past_of(visit, [day(1, "FRESH", 86_399)]).share == "99,99\u00a0%"


def test_the_document_has_the_figures_as_they_came(english_visit: Visit) -> None:
    sources = reply([source(state="STALE", lag_seconds=4320)])
    view = status_view(english_visit, sources, None, document(metrics()), None)
    told = orjson.loads(status_document(english_visit, view, sources, document(metrics()), None))
    assert (told["status"], told["text"]) == ("late", "Câmara: 1 h 12 min late")
    assert told["sources"][0]["lag_seconds"] == 4320
    assert told["service"]["index"] == metrics()["index"]
    away = orjson.loads(
        status_document(english_visit, status_view(english_visit, None, None, None, SINCE), None, None, SINCE)
    )
    assert (away["status"], away["sources"], away["service"]) == ("away", None, None)
    assert away["api_away_since"] == "2026-11-28T14:20:00Z"


def test_the_feed_has_incidents_and_changes_of_state(visit: Visit) -> None:
    changes = {"camara": [{"from": "FRESH", "to": "STALE", "reason": "BEHIND_GOAL", "at": "2026-11-28T14:00:00.123Z"}]}
    feed = ElementTree.fromstring(status_feed(visit, [parse_incident("2026-11-30-camara.md", INCIDENT)], changes))
    space = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{space}entry")
    assert [one.findtext(f"{space}title") for one in entries] == ["Câmara recusa leituras", "Câmara: Atrasado"]
    assert feed.findtext(f"{space}updated") == entries[0].findtext(f"{space}updated") == "2026-11-30T19:40:00Z"
    assert len({one.findtext(f"{space}id") for one in entries}) == 2
    assert "<strong>403</strong>" in str(entries[0].findtext(f"{space}content"))


def test_the_watch_knows_since_when_nothing_answers() -> None:
    watch = ApiWatch()
    watch.saw(Unavailable())
    since = watch.away_since
    watch.saw(Late())
    assert since is not None
    assert watch.away_since == since
    watch.saw(NotFound())
    assert watch.away_since is None, "an answer is an answer"


def reply(data: Any) -> ApiReply:
    return document({"data": data})


def document(content: dict[str, Any]) -> ApiReply:
    return ApiReply("/x", content, {})
