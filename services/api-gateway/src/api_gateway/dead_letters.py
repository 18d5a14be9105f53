"""`python -m api_gateway.dead_letters list|show|replay|resolve`: what could not be stored, for the operator."""

import argparse
import asyncio
import sys

from legis.domain.vocabulary import Source
from legis.errors import RetryableError
from legis.settings import load_or_exit
from legis.streams.connection import connect
from legis.streams.publisher import Publisher

from api_gateway.settings import StoreSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.pool import open_pool
from api_gateway.store.dead_letters.dead_letter_admin import (
    MAX_LISTED,
    DeadLetterQuery,
    StoredDeadLetter,
    list_dead_letters,
    load_dead_letter,
    resolve_dead_letter,
)
from api_gateway.worker.dead_letter_replay import Replay, replay

_STATEMENT_SECONDS = 30.0
_CAPACITY = 1_000_000
"""Stream length, in entries, above which a replay waits. Far above ingest's own limit: a replay adds few entries, and
must succeed while ingest is paused by a full stream.
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Exit status: 0 on success, 1 on failure, 2 for a wrong setting or option."""
    options = _parser().parse_args(arguments)
    settings = load_or_exit(StoreSettings)
    try:
        return asyncio.run(_run(options, settings))
    except (RetryableError, OSError) as error:
        sys.stderr.write(f"dead-letters: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dead-letters", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("list", help="open dead letters, the newest first")
    shown.add_argument("--source", help=" or ".join(Source))
    shown.add_argument("--stage", help="ingest, decode, store or killer")
    shown.add_argument("--limit", type=int, default=100, help=f"at most {MAX_LISTED}")
    shown.add_argument("--all", action="store_true", help="resolved ones too")
    commands.add_parser("show", help="one dead letter with its payload").add_argument("id", type=int)
    again = commands.add_parser("replay", help="store its payload, or ask its source, once more")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=int, nargs="?")
    which.add_argument("--all", action="store_true", help=f"every open one, {MAX_LISTED} at most")
    done = commands.add_parser("resolve", help="close one by hand")
    done.add_argument("id", type=int)
    done.add_argument("--note", required=True, help="why it needs no more looking at")
    return parser


async def _run(options: argparse.Namespace, settings: StoreSettings) -> int:
    pool = await open_pool(settings, name="dead-letters", statement_timeout=_STATEMENT_SECONDS)
    try:
        match options.command:
            case "list":
                return await _list(pool, options)
            case "show":
                return await _show(pool, options.id)
            case "replay":
                return await _replay(pool, settings, options)
        if await resolve_dead_letter(pool, options.id, options.note):
            return _say(f"{options.id} resolved")
        return _fail(f"no open dead letter {options.id}")
    finally:
        await pool.close()


async def _list(pool: Pool, options: argparse.Namespace) -> int:
    query = DeadLetterQuery(options.source, options.stage, options.limit, options.all)
    letters = await list_dead_letters(pool, query)
    return _say("\n".join(map(_line, letters)) or "no dead letters")


async def _show(pool: Pool, letter_id: int) -> int:
    found = await load_dead_letter(pool, letter_id)
    if found is None:
        return _fail(f"no dead letter {letter_id}")
    letter, payload = found
    facts = [f"{name}: {getattr(letter, name)}" for name in StoredDeadLetter.__dataclass_fields__]
    return _say("\n".join([*facts, "", payload.decode("utf-8", "backslashreplace")]))


async def _replay(pool: Pool, settings: StoreSettings, options: argparse.Namespace) -> int:
    ids = [options.id]
    if options.all:
        ids = [letter.id for letter in await list_dead_letters(pool, DeadLetterQuery(limit=MAX_LISTED))]
    redis = connect(settings.redis_url, client_name="dead-letters")
    try:
        publisher = Publisher(redis, capacity=_CAPACITY)
        done = [await replay(pool, publisher, letter_id) for letter_id in ids]
    finally:
        await redis.aclose()
    for one in done:
        _say(f"{one.id} {one.outcome.value}: {one.detail}")
    return 1 if any(one.outcome in (Replay.UNKNOWN, Replay.IMPOSSIBLE) for one in done) else 0


def _line(letter: StoredDeadLetter) -> str:
    state = "resolved" if letter.resolved_at else f"{letter.tries} tries"
    error = " ".join(letter.error.split())[:100]
    return f"{letter.id:>6}  {letter.last_at:%Y-%m-%dT%H:%M:%SZ}  {letter.source:<7}{letter.stage:<7} {state:<9} " + (
        f"{letter.upstream_id or '-':<10} {error}"
    )


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _fail(text: str) -> int:
    sys.stderr.write(f"dead-letters: {text}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
