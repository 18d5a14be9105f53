"""Dead letters end: by a replay, by a later reading, by hand; through the command and the worker's own port."""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.dead_letters.dead_letter_admin import (
    DeadLetterQuery,
    StoredDeadLetter,
    list_dead_letters,
    load_dead_letter,
    resolve_dead_letter,
)
from api_gateway.store.dead_letters.dead_letter_writer import store_dead_letters
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from api_gateway.worker.dead_letter_replay import Replay, replay
from api_gateway.worker.reconciliation_tasks import republish_refetch_requests
from legis.domain.vocabulary import Source
from legis.events import encode
from legis.streams.names import BILLS_STREAM
from legis.streams.publisher import Publisher
from legis.streams.refetch_request_set import read_refetch_requests


async def parked(pool: Any, *letters: DeadLetter) -> list[StoredDeadLetter]:
    async with pool.acquire() as connection:
        await store_dead_letters(connection, letters)
    return sorted(await list_dead_letters(pool, DeadLetterQuery()), key=lambda letter: letter.id)


async def the_letter(pool: Any, letter_id: int) -> StoredDeadLetter:
    found = await load_dead_letter(pool, letter_id)
    assert found is not None
    return found[0]


async def test_a_payload_is_stored_after_all(pool: Any, redis: Any, worker: Any, events: Any, eventually: Any) -> None:
    event = events.bill(7, "1")
    (letter,) = await parked(pool, DeadLetter("camara", "store", "too long", encode(event), upstream_id="1"))
    async with worker():
        done = await replay(pool, Publisher(redis, capacity=10), letter.id)
        assert done.outcome is Replay.PUBLISHED

        async def resolved() -> bool:
            return (await the_letter(pool, letter.id)).resolved_at is not None

        await eventually(resolved)
    assert await pool.fetchval("SELECT count(*) FROM bill") == 1
    assert await pool.fetchval("SELECT count(*) FROM source_cursor") == 0, "a replay moves no checkpoint"
    again = await replay(pool, Publisher(redis, capacity=10), letter.id)
    assert again.outcome is Replay.RESOLVED


async def test_a_replay_that_fails_stays_one_letter(
    pool: Any, redis: Any, worker: Any, events: Any, eventually: Any
) -> None:
    event = events.bill(7, "1", number=2**40)  # more than the column holds
    (letter,) = await parked(pool, DeadLetter("camara", "store", "out of range", encode(event), upstream_id="1"))
    async with worker():
        await replay(pool, Publisher(redis, capacity=10), letter.id)

        async def tried() -> bool:
            return (await the_letter(pool, letter.id)).tries == 2

        await eventually(tried)
    assert [x.id for x in await list_dead_letters(pool, DeadLetterQuery())] == [letter.id]


async def test_a_rejected_record_is_asked_for_again_and_a_later_reading_resolves_it(
    pool: Any, redis: Any, worker: Any, events: Any, eventually: Any
) -> None:
    (known,) = await parked(pool, DeadLetter("camara", "ingest", "no title", b'{"id":7}', upstream_id="7"))
    _, nameless = await parked(pool, DeadLetter("camara", "ingest", "no id", b"{}"))
    publisher = Publisher(redis, capacity=10)
    assert (await replay(pool, publisher, known.id)).outcome is Replay.ASKED
    assert (await replay(pool, publisher, nameless.id)).outcome is Replay.IMPOSSIBLE
    assert (await replay(pool, publisher, 10**9)).outcome is Replay.UNKNOWN
    assert (await load_refetch_requests(pool))[Source.CAMARA] == ["7"]
    await republish_refetch_requests(pool, redis)
    assert await read_refetch_requests(redis, Source.CAMARA, 50) == ["7"]
    assert await redis.xlen(BILLS_STREAM) == 0

    await pool.execute("UPDATE dead_letter SET last_at = '2020-01-01'")  # the builders' events are dated
    async with worker():
        await publisher.publish([(events.bill(9, "7"), None), (events.bill(10, "8"), None)])

        async def resolved() -> bool:
            return (await the_letter(pool, known.id)).resolved_at is not None

        await eventually(resolved)
    assert (await load_refetch_requests(pool))[Source.CAMARA] == []
    await republish_refetch_requests(pool, redis)
    assert await read_refetch_requests(redis, Source.CAMARA, 50) == []
    assert [x.id for x in await list_dead_letters(pool, DeadLetterQuery())] == [nameless.id], "only its own letters"


async def test_a_record_rejected_again_answers_the_question_and_stays_open(pool: Any, redis: Any) -> None:
    letter = DeadLetter("camara", "ingest", "no title", b'{"id":7}', upstream_id="7")
    (kept,) = await parked(pool, letter)
    await replay(pool, Publisher(redis, capacity=10), kept.id)
    (again,) = await parked(pool, letter)
    assert (again.id, again.tries, again.note) == (kept.id, 2, None)
    assert (await load_refetch_requests(pool))[Source.CAMARA] == []


async def test_resolved_by_hand_once(pool: Any) -> None:
    (letter,) = await parked(pool, DeadLetter("senado", "decode", "?", b"\xff\x00"))
    assert await resolve_dead_letter(pool, letter.id, "a test message")
    assert not await resolve_dead_letter(pool, letter.id, "again")
    assert await list_dead_letters(pool, DeadLetterQuery()) == ()
    (shown,) = await list_dead_letters(pool, DeadLetterQuery(source="senado", stage="decode", resolved_too=True))
    assert (shown.note, shown.size) == ("a test message", 2)


async def command(*arguments: str, **environment: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api_gateway.dead_letters", *arguments, env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_the_command(pool: Any, redis: Any, database_url: str, redis_url: str) -> None:
    where = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    assert await command("list", **where) == (0, "no dead letters\n", "")
    (letter,) = await parked(pool, DeadLetter("camara", "ingest", "no title", b'{"id":7}\xff', upstream_id="7"))
    code, out, _ = await command("list", "--source", "camara", **where)
    assert (code, str(letter.id) in out, "no title" in out) == (0, True, True)
    code, out, _ = await command("show", str(letter.id), **where)
    assert (code, '{"id":7}\\xff' in out) == (0, True)
    code, out, _ = await command("replay", "--all", **where)
    assert (code, out.startswith(f"{letter.id} asked: ")) == (0, True)
    assert (await command("resolve", str(letter.id), "--note", "known", **where))[0] == 0
    code, _, err = await command("resolve", str(letter.id), "--note", "known", **where)
    assert (code, "Traceback" in err) == (1, False)
    assert (await command("show", "999999", **where))[0] == 1
    code, _, err = await command("list", **{**where, "DATABASE_URL": "postgresql://postgres@127.0.0.1:1/x"})
    assert (code, "Traceback" in err) == (1, False)


async def test_the_workers_own_port(
    pool: Any, redis_url: str, database_url: str, eventually: Any, unused_tcp_port: int
) -> None:
    (letter,) = await parked(pool, DeadLetter("camara", "ingest", "no title", b'{"id":7}', upstream_id="7"))
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api_gateway.worker",
        env={**os.environ, "WORKER_PORT": str(unused_tcp_port), "DATABASE_URL": database_url, "REDIS_URL": redis_url},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip

    def ask(path: str, method: str = "GET") -> tuple[int, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{unused_tcp_port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                body = reply.read()
                return reply.status, body.decode() if path == "/metrics" else json.loads(body)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        except OSError:
            return 0, None

    async def asked(path: str, method: str = "GET") -> tuple[int, Any]:
        return await asyncio.to_thread(ask, path, method)

    try:

        async def up() -> bool:
            return (await asked("/internal/dead-letters"))[0] == 200

        await eventually(up)
        status, document = await asked("/internal/dead-letters?source=camara&limit=5")
        assert (status, [row["id"] for row in document["data"]]) == (200, [letter.id])
        status, document = await asked(f"/internal/dead-letters/{letter.id}")
        assert (status, document["data"]["payload"]) == (200, '{"id":7}')
        assert (await asked("/internal/dead-letters/999"))[0] == 404
        assert (await asked("/internal/dead-letters?limit=0"))[0] in (400, 422)
        status, document = await asked(f"/internal/dead-letters/{letter.id}/replay", "POST")
        assert (status, document["data"]["outcome"]) == (202, "asked")

        async def counted() -> bool:
            text = (await asked("/metrics"))[1] or ""
            open_letters = 'legis_dead_letters_open{source="camara"} 1.0' in text
            return open_letters and 'legis_questions_open{reason="replay",source="camara"} 1.0' in text

        await eventually(counted)
    finally:
        running.terminate()
        await asyncio.wait_for(running.wait(), 60)
