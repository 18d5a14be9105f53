"""The Senado source against the simulator, and against a server that lies in the ways the Senado has lied."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from ingest_senado.client import EmptyAnswer
from ingest_senado.legacy.source import LegacySenadoSource
from ingest_senado.schedule import Schedule
from ingest_senado.settings import SenadoSettings
from ingest_senado.source import SenadoSource
from legis.domain.bill import Bill
from legis.domain.brasilia import ZONE
from legis.domain.merge import merge
from legis.domain.vocabulary import QualityFlagCode, ReadingPart, Source
from legis.errors import PermanentError, RecordRejected, RetryableError, UpstreamSchemaChanged, UpstreamUnavailable
from legis.events import Walk
from legis.ingest.source import Absence, Item, Reading, Window, YearSeen
from legis.upstream import BreakerPolicy, UpstreamClient, UpstreamPolicy

OLDEST = 1946


@dataclass
class Memory:
    """The engine's side of a window: what is stored, and the marks the worker would remember."""

    bills: dict[str, Bill] = field(default_factory=dict)
    marks: dict[tuple[str, ReadingPart], str] = field(default_factory=dict)
    prefetched: set[tuple[str, ReadingPart]] = field(default_factory=set)
    seq: int = 0

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return self.marks.get((upstream_id, part)) if (upstream_id, part) in self.prefetched else None

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        self.prefetched.update((upstream_id, part) for upstream_id in upstream_ids)

    def progress(self, done: int, total: int | None) -> None:
        assert total is None or done <= total

    def store(self, reading: Reading) -> None:
        bill = reading.bill
        self.bills[bill.upstream_id] = merge(self.bills.get(bill.upstream_id), bill)
        self.marks.update({(bill.upstream_id, part): mark for part, mark in reading.marks.items()})

    async def read(self, source: SenadoSource | LegacySenadoSource, window: Window) -> list[Item]:
        """Reads a window and stores each reading at once, as a worker would."""
        self.prefetched.clear()
        items: list[Item] = []
        async for item in source.read(window, self):
            items.append(item)
            if isinstance(item, Reading):
                assert 0 < item.read_seq <= self.seq
                self.store(item)
        return items


def upstream(base: str, rate: float = 400, in_flight: int = 5) -> UpstreamClient:
    return UpstreamClient(
        UpstreamPolicy(
            source=Source.SENADO, user_agent="Legis/test", requests_per_second=rate, max_in_flight=in_flight,
            total_timeout=10, max_body_bytes=64 * 1024 * 1024, retry_base_seconds=0.01, retry_cap_seconds=0.05,
            default_retry_after=0.05, breaker=BreakerPolicy(consecutive_failures=50, minimum_calls=20),
        )
    )  # fmt: skip


def settings(base: str, **values: Any) -> SenadoSettings:
    return SenadoSettings.model_validate({"senado_base_url": base, "backfill_from_year": OLDEST, **values})


def schedule() -> Schedule:
    return Schedule(timedelta(minutes=15), True, OLDEST, avoid_round_hours=False)


def year(number: int) -> Window:
    return Window(Walk.BACKFILL, -number, -number + 1, f"ano {number}")


def changes(days: int = 1, walk: Walk = Walk.INCREMENTAL) -> Window:
    return Window(walk, 0, 1, "", {"days": str(days)})


def rejected(items: list[Item]) -> list[RecordRejected]:
    return [item for item in items if isinstance(item, RecordRejected)]


def readings(items: list[Item]) -> list[Reading]:
    return [item for item in items if isinstance(item, Reading)]


# --- against the simulator -------------------------------------------------------------------------------------------


@dataclass
class Simulator:
    """A running simulator and its desk."""

    base: str

    @property
    def api(self) -> str:
        return f"{self.base}/senado/dadosabertos"

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        async with ClientSession() as session, session.request(method, self.base + path, json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def fault(self, **order: Any) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("POST", "/control/faults", {"source": "senado", **order})
        return found

    async def bills(self) -> dict[str, dict[str, Any]]:
        found = await self.ask("GET", "/truth/bills?source=senado&limit=5000")
        return {str(bill["id"]): bill for bill in found["bills"]}

    async def requests(self) -> dict[str, Any]:
        found = (await self.ask("GET", "/truth/requests")).get("senado", {})
        return {"paths": {}, "total": 0, **found}


@pytest.fixture(scope="module")
def simulator_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port_file = tmp_path_factory.mktemp("sim") / "port"
    command = ["--port-file", str(port_file), "--seed", "1", "--bills", "300", "--changes-per-minute", "0"]
    process = subprocess.Popen([sys.executable, "-m", "upstream_sim", "--port", "0", *command])
    try:
        yield f"http://127.0.0.1:{_port(process, port_file)}"
    finally:
        process.terminate()
        process.wait(10)


def _port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    for _ in range(600):
        if port_file.exists() and (text := port_file.read_text().strip()):
            return int(text)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            pytest.fail(f"the simulator ended with {process.returncode}")
    pytest.fail("the simulator did not start")


@pytest.fixture
async def simulator(simulator_base: str) -> AsyncIterator[Simulator]:
    found = Simulator(simulator_base)
    await found.ask("DELETE", "/control/faults")
    await found.ask("DELETE", "/control/requests")
    yield found
    await found.ask("DELETE", "/control/faults")


@pytest.fixture
async def source(simulator: Simulator) -> AsyncIterator[SenadoSource]:
    found = SenadoSource(settings(simulator.api), upstream(simulator.api), schedule(), stale_wait=0.01)
    yield found
    await found.close()


async def backfill(
    source: SenadoSource | LegacySenadoSource, memory: Memory, *, since: int = OLDEST, attempts: int = 4
) -> list[Reading | RecordRejected]:
    """Every year as the engine would read it, newest first, each until it succeeds."""
    items: list[Reading | RecordRejected] = []
    position = None
    now = datetime.now(UTC)
    while (window := source.next_window(Walk.BACKFILL, position, now)) is not None and -window.lo >= since:
        for attempt in range(attempts):
            try:
                items += await memory.read(source, window)
                break
            except RetryableError:
                if attempt == attempts - 1:
                    raise
                await asyncio.sleep(0.02)
        position = window.hi
    return items


async def test_everything_is_read_and_nothing_twice(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    truth = await simulator.bills()
    items = await backfill(source, memory)
    assert rejected(items) == []
    assert memory.bills.keys() == truth.keys()
    for upstream_id, bill in memory.bills.items():
        told = truth[upstream_id]
        assert (bill.identifier, bill.title, bill.status_code, bill.status_text) == (
            told["identifier"], told["title"], told["status_code"], told["status_text"],
        )  # fmt: skip
        assert bill.latest_action is not None
        assert str(bill.latest_action.date) == told["last_action_date"]
    details = [item for item in readings(items) if item.part is ReadingPart.DETAIL]
    assert Counter(item.bill.upstream_id for item in details).most_common(1)[0][1] == 1
    await simulator.ask("DELETE", "/control/requests")
    again = await backfill(source, memory)
    assert {type(item) for item in again} == {YearSeen}, "nothing is new"
    listed = [upstream_id for seen in again if isinstance(seen, YearSeen) for upstream_id in seen.upstream_ids]
    assert sorted(listed) == sorted(truth), "the lists of all years together hold every bill once"
    assert "/senado/dadosabertos/processo/{id}" not in (await simulator.requests())["paths"]


async def test_one_process_is_read_whole_or_known_to_be_gone(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    kept, lost = sorted(await simulator.bills())[:2]
    await simulator.ask("POST", "/control/delete", {"source": "senado", "id": int(lost)})
    try:
        for _ in range(2):  # the second time too, though the same is stored
            read = readings(list(await source.read_one(kept, memory)))
            assert {item.bill.upstream_id for item in read} == {kept}
            assert any("actions" in item.bill.model_fields_set for item in read)
            for item in read:
                memory.store(item)
        (absence,) = await source.read_one(lost, memory)
        assert isinstance(absence, Absence)
        assert (absence.upstream_id, absence.read_seq > 0) == (lost, True)
        with pytest.raises(PermanentError):
            await source.read_one("../1", memory)
    finally:
        await simulator.ask("POST", "/control/restore", {"source": "senado", "id": int(lost)})


async def test_list_and_detail_tell_the_same(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    compared = 0
    for item in readings(await backfill(source, memory, since=2000)):
        if item.part is ReadingPart.LIST:
            first = item.bill
            full = memory.bills[first.upstream_id]
            shared = first.model_fields_set - {"extras", "quality_flags"}
            assert {n: getattr(first, n) for n in shared} == {n: getattr(full, n) for n in shared}
            compared += 1
    assert compared > 30


async def test_a_year_shows_its_list_before_its_details(simulator: Simulator, source: SenadoSource) -> None:
    items = readings(await Memory().read(source, year(2023)))
    parts = [item.part for item in items if item.part is not ReadingPart.VOTES]
    lists = parts.count(ReadingPart.LIST)
    assert lists >= 2
    assert parts[:lists] == [ReadingPart.LIST] * lists
    assert parts.count(ReadingPart.DETAIL) >= lists
    assert all(item.traceparent is None or len(item.traceparent) == 55 for item in items)


async def test_only_what_moved_is_read_again(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = next(iter(sorted(memory.bills)))
    await memory.read(source, changes())
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    before = memory.bills[moved]
    items = readings(await memory.read(source, changes()))
    assert [(item.bill.upstream_id, item.part) for item in items] == [(moved, ReadingPart.DETAIL)]
    told = (await simulator.bills())[moved]
    assert memory.bills[moved].title == told["title"]
    assert memory.bills[moved].status_text == told["status_text"]
    assert memory.bills[moved].upstream_updated_at != before.upstream_updated_at
    assert await memory.read(source, changes()) == []


async def test_a_detail_older_than_its_list_is_asked_for_again(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = sorted(memory.bills)[1]
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    await simulator.fault(kind="stale", match=f"/processo/{moved}", count=2)
    items = readings(await memory.read(source, changes()))
    assert moved in {item.bill.upstream_id for item in items}
    assert memory.bills[moved].status_text == (await simulator.bills())[moved]["status_text"]


async def test_a_replica_that_stays_behind_fails_the_window(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    await backfill(source, memory, since=2015)
    moved = sorted(memory.bills)[2]
    await simulator.ask("POST", "/control/change", {"source": "senado", "id": int(moved)})
    await simulator.fault(kind="stale", match=f"/processo/{moved}")
    with pytest.raises(UpstreamUnavailable, match="detail of"):
        await memory.read(source, changes())
    await simulator.ask("DELETE", "/control/faults")
    await memory.read(source, changes())
    assert memory.bills[moved].title == (await simulator.bills())[moved]["title"]


async def test_faults_are_survived(simulator: Simulator, source: SenadoSource) -> None:
    for kind in ("500", "503", "truncated", "empty200", "html200", "half_body", "reset"):
        await simulator.fault(kind=kind, rate=0.04)
    memory = Memory()
    await backfill(source, memory, since=2010, attempts=15)
    await simulator.ask("DELETE", "/control/faults")
    wanted = {i for i, b in (await simulator.bills()).items() if int(b["identifier"].split("/")[1][:4]) >= 2010}
    assert wanted <= memory.bills.keys()
    assert all("actions" in memory.bills[i].model_fields_set for i in wanted)


async def test_poisoned_records_are_kept_raw_and_cost_no_neighbour(simulator: Simulator, source: SenadoSource) -> None:
    truth = await simulator.bills()
    of_year = [i for i, b in truth.items() if b["identifier"].split("/")[1].startswith("2023")]
    await simulator.fault(kind="poison_record", value={"ids": [int(of_year[0])], "variant": "types"})
    await simulator.fault(kind="poison_record", value={"ids": [int(of_year[1])], "variant": "bytes"})
    memory = Memory()
    items = await memory.read(source, year(2023))
    letters = rejected(items)
    assert len(letters) == 2
    assert all(letter.raw.startswith(b"{") and letter.source_url for letter in letters)
    assert any(b"\xc3\x28" in letter.raw for letter in letters)
    assert set(of_year[2:]) <= memory.bills.keys()
    assert not set(of_year[:2]) & memory.bills.keys()


async def test_the_rate_is_kept(simulator: Simulator) -> None:
    source = SenadoSource(settings(simulator.api), upstream(simulator.api, rate=8, in_flight=3), schedule())
    try:
        await backfill(source, Memory(), since=2022)
    finally:
        await source.close()
    traffic = await simulator.requests()
    assert traffic["total"] > 8
    assert traffic["max_in_one_second"] <= 9  # 8 a second, plus one that a slow loop lets arrive late
    assert traffic["max_in_flight"] <= 3


async def test_votings_of_the_last_days(simulator: Simulator, source: SenadoSource) -> None:
    memory = Memory()
    items = readings(await memory.read(source, Window(Walk.VOTES, 0, 1, "", {"days": "360"})))
    again = await memory.read(source, Window(Walk.VOTES, 0, 1, "", {"days": "360"}))
    assert again == []
    for item in items:
        assert item.bill.vote_events
        assert memory.bills[item.bill.upstream_id].identifier


async def test_the_deprecated_family_reads_the_same_bills(simulator: Simulator) -> None:
    source = LegacySenadoSource(settings(simulator.api), upstream(simulator.api), schedule())
    memory = Memory()
    try:
        items = await backfill(source, memory, since=2012)
        truth = {b["identifier"]: b for b in (await simulator.bills()).values()}
        assert rejected(items) == []
        by_label = {bill.identifier: bill for bill in memory.bills.values()}
        wanted = {label for label in truth if int(label.split("/")[1][:4]) >= 2012}
        assert wanted == by_label.keys()
        for label in wanted:
            assert (by_label[label].title, by_label[label].status_code) == (
                truth[label]["title"], truth[label]["status_code"],
            )  # fmt: skip
        assert await backfill(source, memory, since=2012) == []
        moved = sorted(memory.bills)[0]
        code = memory.bills[moved].legacy_id
        number = next(b["id"] for b in truth.values() if b["identifier"] == memory.bills[moved].identifier)
        await simulator.ask("POST", "/control/change", {"source": "senado", "id": number})
        updated = readings(await memory.read(source, changes()))
        assert code in {item.bill.legacy_id for item in updated}
        assert source.next_window(Walk.VOTES, None, datetime.now(UTC)) is None
    finally:
        await source.close()


# --- against a server that lies --------------------------------------------------------------------------------------

Answer = Callable[[web.Request], Any]


@dataclass
class Liar:
    """A server whose answers a test scripts by path; unscripted lists are empty."""

    base: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.headers.append(dict(request.headers))
        answer = self.answers.get(request.path)
        content = [] if answer is None else answer(request)
        if content is None:
            return web.json_response({"status": 404}, status=404, content_type="application/problem+json")
        if isinstance(content, int):
            return web.Response(status=content)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return web.Response(body=body, content_type="application/json")

    def count(self, part: str) -> int:
        return sum(part in one for one in self.asked)


NOW = datetime(2026, 11, 23, 12, 20, tzinfo=ZONE)


def row(number: int, of: int = 2024, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    stamp = at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.000")
    return {"id": number, "codigoMateria": number + 7, "identificacao": f"PL {number}/{of}", "ementa": "Dispõe.",
            "situacaoAtual": "APROVADA", "tramitando": "Não", "dataUltimaAtualizacao": stamp, **values}  # fmt: skip


def full(number: int, of: int = 2024, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    stamp = at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.000000")
    return {"id": number, "codigoMateria": number + 7, "identificacao": f"PL {number}/{of}", "tramitando": "Não",
            "conteudo": {"ementa": "Dispõe."}, "situacaoAtual": "APROVADA", "dthUltimaAtualizacao": stamp,
            **values}  # fmt: skip


def voting(number: int, of: int, **values: Any) -> dict[str, Any]:
    return {"codigoSessaoVotacao": number, "idProcesso": of, "dataSessao": "2026-11-10", "votacaoSecreta": "N",
            "resultadoVotacao": "A", "votos": [{"nomeParlamentar": "Ana", "siglaVotoParlamentar": "Sim"}],
            **values}  # fmt: skip


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    found = Liar()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", found.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found.base = f"http://127.0.0.1:{port}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def reader(liar: Liar) -> AsyncIterator[SenadoSource]:
    found = SenadoSource(settings(liar.base), upstream(liar.base), schedule(), clock=lambda: NOW, stale_wait=0.01)
    yield found
    await found.close()


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
    today, long_ago = datetime.now(UTC), datetime(2026, 2, 1, tzinfo=UTC)
    updated = [today]
    liar.answers = {"/processo": lambda q: [row(1, 2026, updated[0])] if "ano" in q.query else []}
    with pytest.raises(EmptyAnswer):
        await Memory().read(reader, changes(30))
    updated[0] = long_ago
    assert await Memory().read(reader, changes(30)) == []


async def test_an_ignored_filter_is_noticed(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(n, 2020 + n) for n in range(1, 5)]}
    with pytest.raises(UpstreamSchemaChanged, match="ano=2024"):
        await Memory().read(reader, year(2024))
    liar.answers = {"/processo": lambda _: [row(n, at=datetime(2020, 1, n, tzinfo=UTC)) for n in range(1, 5)]}
    with pytest.raises(UpstreamSchemaChanged, match="numdias=1"):
        await Memory().read(reader, changes(1))


async def test_a_shape_that_no_row_fits_stops_the_source(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [{"processo": row(n)} for n in range(5)]}
    with pytest.raises(UpstreamSchemaChanged, match="none of 5 rows"):
        await Memory().read(reader, year(2024))


@pytest.mark.parametrize("body", [{"dados": []}, {"status": 500, "detail": "Erro"}])
async def test_an_object_that_is_no_row_is_no_list(liar: Liar, reader: SenadoSource, body: dict[str, Any]) -> None:
    """Taken for a single row that does not fit, it would end the window as if nothing had moved."""
    liar.answers["/processo"] = lambda request: body
    with pytest.raises(UpstreamUnavailable, match="no row"):
        await Memory().read(reader, changes())
    assert liar.count("numdias=1") == 2, "it is asked once more before it fails the window"


async def test_one_bad_row_is_a_dead_letter(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1), {"id": 2, "identificacao": {"x": 1}}],
        "/processo/1": lambda _: full(1),
    }
    (letter,) = rejected(await Memory().read(reader, year(2024)))
    assert letter.upstream_id == "2"
    assert json.loads(letter.raw) == {"id": 2, "identificacao": {"x": 1}}


async def test_a_lone_surrogate_costs_a_character_not_a_page(liar: Liar, reader: SenadoSource) -> None:
    body = json.dumps([row(1, ementa="a\ud800b\x00c"), row(2)]).encode()
    liar.answers = {"/processo": lambda _: body, "/processo/1": lambda _: None, "/processo/2": lambda _: full(2)}
    memory = Memory()
    await memory.read(reader, year(2024))
    assert memory.bills["1"].title == "abc"
    assert [flag.code for flag in memory.bills["1"].quality_flags] == [QualityFlagCode.CHARACTERS_REMOVED]
    assert memory.bills.keys() == {"1", "2"}


async def test_a_row_whose_detail_is_gone_still_stands(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1, at=datetime.now(UTC))], "/processo/1": lambda _: None}
    memory = Memory()
    items = readings(await memory.read(reader, changes(1)))
    assert [item.part for item in items] == [ReadingPart.LIST]


async def test_one_unreadable_detail_does_not_hold_up_its_year(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {
        "/processo": lambda _: [row(1), row(2)],
        "/processo/1": lambda _: 500,
        "/processo/2": lambda _: full(2),
    }
    memory = Memory()
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await memory.read(reader, year(2024))
    assert "actions" in memory.bills["2"].model_fields_set
    (letter,) = rejected(await memory.read(reader, year(2024)))
    assert letter.upstream_id == "1"


async def test_a_row_from_a_lagging_replica_changes_nothing(liar: Liar, reader: SenadoSource) -> None:
    now = datetime.now(UTC) - timedelta(hours=2)
    liar.answers = {"/processo": lambda _: [row(1, at=now)], "/processo/1": lambda _: full(1, at=now)}
    memory = Memory()
    await memory.read(reader, changes(1))
    old = row(1, at=now - timedelta(hours=1), situacaoAtual="AGUARDANDO DESPACHO")
    liar.answers["/processo"] = lambda _: [old]
    assert await memory.read(reader, changes(1)) == []


async def test_rapporteurs_and_votings_come_with_a_moved_bill(liar: Liar, reader: SenadoSource) -> None:
    now = datetime.now(UTC)
    liar.answers = {
        "/processo": lambda _: [row(1, at=now)],
        "/processo/1": lambda _: full(1, at=now),
        "/processo/relatoria": lambda _: [{"id": 5, "idProcesso": 1, "nomeParlamentar": "João"}],
        "/votacao": lambda _: [voting(9, 1)],
    }
    memory = Memory()
    (item,) = readings(await memory.read(reader, changes(1)))
    assert [r.name for r in item.bill.rapporteurs] == ["João"]
    assert [e.upstream_id for e in item.bill.vote_events] == ["9"]
    assert item.marks.keys() == {ReadingPart.DETAIL, ReadingPart.LIST, ReadingPart.VOTES}
    later = now + timedelta(seconds=5)
    liar.answers |= {"/processo": lambda _: [row(1, at=later)], "/processo/1": lambda _: full(1, at=later)}
    liar.answers["/votacao"] = lambda _: []
    with pytest.raises(EmptyAnswer):
        await memory.read(reader, changes(1))
    assert [e.upstream_id for e in memory.bills["1"].vote_events] == ["9"]


async def test_votings_of_an_unknown_bill_bring_the_bill(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/votacao": lambda _: [voting(9, 1)], "/processo/1": lambda _: full(1)}
    memory = Memory()
    (item,) = readings(await memory.read(reader, Window(Walk.VOTES, 0, 1, "", {"days": "30"})))
    assert (item.part, item.bill.identifier) == (ReadingPart.DETAIL, "PL 1/2024")
    assert "dataInicio=2026-10-24" in liar.asked[0]


async def test_votings_of_a_known_bill_are_all_of_its_votings(liar: Liar, reader: SenadoSource) -> None:
    memory = Memory()
    liar.answers = {"/processo": lambda _: [row(1)], "/processo/1": lambda _: full(1)}
    await memory.read(reader, year(2024))
    own = [voting(8, 1, dataSessao="2020-01-01"), voting(9, 1)]
    liar.answers["/votacao"] = lambda q: own if "idProcesso" in q.query else own[1:]
    window = Window(Walk.VOTES, 0, 1, "", {"days": "30"})
    (item,) = readings(await memory.read(reader, window))
    assert item.part is ReadingPart.VOTES
    assert [event.upstream_id for event in item.bill.vote_events] == ["8", "9"]
    assert "identifier" not in item.bill.model_fields_set
    assert await memory.read(reader, window) == []
    liar.answers["/votacao"] = lambda q: own[:1] if "idProcesso" in q.query else [voting(10, 1)]
    with pytest.raises(UpstreamUnavailable, match="not in its own list"):
        await memory.read(reader, window)


async def test_only_lists_when_details_are_not_wanted(liar: Liar) -> None:
    liar.answers = {"/processo": lambda _: [row(1)]}
    wishes = settings(liar.base, senado_detail_on_backfill=False)
    source = SenadoSource(wishes, upstream(liar.base), schedule())
    try:
        assert len(readings(await Memory().read(source, year(2024)))) == 1
    finally:
        await source.close()
    assert liar.count("/processo/1") == 0


async def test_we_name_ourselves_and_ask_for_json(liar: Liar, reader: SenadoSource) -> None:
    liar.answers = {"/processo": lambda _: [row(1)], "/processo/1": lambda _: full(1)}
    await Memory().read(reader, year(2024))
    assert {h["User-Agent"] for h in liar.headers} == {"Legis/test"}
    assert all("json" in h["Accept"] for h in liar.headers)
