"""API keys in the database: made once, listed without secrets, rotated, revoked; and the command that does it."""

import asyncio
import itertools
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.access.api_key import KeyState
from api_gateway.access.key_text import read_key
from api_gateway.access.scopes import Scope
from api_gateway.store.keys.api_key_admin import (
    CannotRotate,
    KeyRequest,
    create_key,
    expire_key,
    list_keys,
    load_key,
    revoke_key,
    rotate_key,
)
from api_gateway.store.keys.api_key_usage import write_last_used

READ = KeyRequest("tests", frozenset({Scope.READ}))


async def test_only_the_hash_of_a_secret_is_stored(pool: Any) -> None:
    key, text = await create_key(pool, KeyRequest("tests", frozenset({Scope.ADMIN, Scope.READ}), 30))
    assert (key.prefix, key.secret_sha256, key.limit_per_minute) == (text.prefix, text.digest, 30)
    assert await load_key(pool, text.prefix) == key
    stored = str(await pool.fetchrow("SELECT k::text FROM api_key k"))
    assert text.secret.hex() not in stored
    assert text.digest.hex() in stored


async def test_a_rotated_key_and_its_successor_live_side_by_side_for_the_grace(pool: Any) -> None:
    first, _ = await create_key(pool, KeyRequest("tests", frozenset({Scope.ADMIN}), 30))
    done = await rotate_key(pool, first.prefix, timedelta(hours=1))
    assert done is not None
    old, new, text = done
    assert (new.name, new.scopes, new.limit_per_minute, new.rotated_from) == ("tests", {Scope.ADMIN}, 30, first.id)
    assert new.prefix == text.prefix != old.prefix
    now = datetime.now(UTC)
    assert old.expires_at is not None
    assert timedelta(minutes=59) < old.expires_at - now <= timedelta(hours=1)
    assert old.state(now) is new.state(now) is KeyState.ACTIVE
    with pytest.raises(CannotRotate, match=new.prefix):
        await rotate_key(pool, first.prefix, timedelta(hours=1))
    await revoke_key(pool, new.prefix)
    assert await rotate_key(pool, first.prefix, timedelta(hours=1)) is not None, "its successor was never used"


async def test_several_who_rotate_at_once_make_one_successor(pool: Any) -> None:
    first, _ = await create_key(pool, READ)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.TaskGroup() as tasks, pool.acquire() as holder, holder.transaction():
        await holder.execute("SELECT 1 FROM api_key FOR UPDATE")
        rotations = [tasks.create_task(rotated(pool, first.prefix)) for _ in range(4)]
        for _ in itertools.repeat(None):
            if await pool.fetchval(waiting) == 4:
                break
            await asyncio.sleep(0.01)
    assert sum(one.result() for one in rotations) == 1
    assert len(await list_keys(pool)) == 2


async def rotated(pool: Any, prefix: str) -> bool:
    try:
        return await rotate_key(pool, prefix, timedelta(hours=1)) is not None
    except CannotRotate:
        return False


async def test_what_has_ended_stays_ended(pool: Any) -> None:
    key, _ = await create_key(pool, READ)
    assert (await revoke_key(pool, key.prefix)) is not None
    assert await revoke_key(pool, key.prefix) is None
    assert await expire_key(pool, key.prefix, None) is None
    with pytest.raises(CannotRotate, match="revoked"):
        await rotate_key(pool, key.prefix, timedelta(hours=1))
    assert await list_keys(pool) == ()
    assert len(await list_keys(pool, ended_too=True)) == 1
    assert await load_key(pool, "0" * 12) is await rotate_key(pool, "0" * 12, timedelta()) is None


async def test_the_last_use_moves_forward_only(pool: Any) -> None:
    key, _ = await create_key(pool, READ)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    await write_last_used(pool, {key.id: noon, 999: noon})
    await write_last_used(pool, {key.id: noon - timedelta(minutes=1)})
    await write_last_used(pool, {})
    found = await load_key(pool, key.prefix)
    assert found is not None
    assert found.last_used_at == noon


def command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api_gateway.api_keys", *arguments],
        env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


async def test_as_a_command(database_url: str, pool: Any) -> None:
    async def run(*arguments: str) -> str:
        done = await asyncio.to_thread(command, database_url, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert await run("list") == "no keys\n"
    made = await run("create", "--name", "Câmara aberta", "--scope", "read", "--scope", "admin")
    (text,) = re.findall(r"^key, shown this once: (\S+)$", made, re.MULTILINE)
    key = read_key(text)
    assert key is not None
    stored = await load_key(pool, key.prefix)
    assert stored is not None
    assert (stored.name, stored.scopes) == ("Câmara aberta", {Scope.READ, Scope.ADMIN})
    listed = await run("list")
    assert key.prefix in listed
    assert "ACTIVE" in listed
    shown = await run("show", key.prefix) + listed
    assert key.secret.hex() not in shown
    assert key.digest.hex() not in shown
    rotated = await run("rotate", key.prefix, "--grace-hours", "2")
    assert f"{key.prefix} is accepted until " in rotated
    assert "2031-01-01T00:00:00Z" in await run("expire", key.prefix, "--at", "2031-01-01T00:00:00Z")
    assert "state: REVOKED" in await run("revoke", key.prefix)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("create",), 2), (("create", "--name", "x", "--scope", "all"), 2), (("create", "--name", "a\nb"), 2),
        (("show", "x"), 2), (("expire", "0" * 12, "--at", "2031-01-01"), 2), (("rotate", "0" * 12), 1),
        (("revoke", "0" * 12), 1), (("create", "--name", "x", "--limit-per-minute", "0"), 2),
    ],
)  # fmt: skip
async def test_a_wrong_command_says_so(database_url: str, arguments: tuple[str, ...], status: int) -> None:
    done = await asyncio.to_thread(command, database_url, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert "Traceback" not in done.stderr
    assert "api-keys" in done.stderr
