"""`python -m api_gateway.api_keys create|list|show|rotate|revoke|expire`: API keys, for the operator."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime, timedelta

from legis.clock import utc_now
from legis.errors import RetryableError
from legis.settings import load_or_exit

from api_gateway.access.api_key import ApiKey
from api_gateway.access.key_text import PREFIX_PATTERN
from api_gateway.access.scopes import Scope
from api_gateway.settings import StoreSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.pool import open_pool
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

_STATEMENT_SECONDS = 30.0
_GRACE_HOURS = 24.0


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when it was done, 1 when it could not be, 2 for a wrong setting or option."""
    options = _parser().parse_args(arguments)
    settings = load_or_exit(StoreSettings)
    try:
        return asyncio.run(_run(options, settings))
    except (RetryableError, CannotRotate, OSError) as error:
        return _fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="api-keys", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("create", help="a new key; its text is printed once and kept nowhere")
    made.add_argument("--name", required=True, type=_name, help="who has it, or what for")
    made.add_argument(
        "--scope", action="append", type=Scope, choices=list(Scope), help="may be repeated; read unless given"
    )
    made.add_argument("--limit-per-minute", type=_positive, help="requests a minute; the default of keys unless given")
    made.add_argument("--expires", type=_instant, help="when it ends, RFC 3339; never unless given")
    commands.add_parser("list", help="keys, the newest first").add_argument(
        "--all", action="store_true", help="expired and revoked ones too"
    )
    for name, told in (("show", "all that is known of a key"), ("revoke", "end a key at once and for good")):
        commands.add_parser(name, help=told).add_argument("prefix", type=_prefix)
    again = commands.add_parser("rotate", help="a successor with the same rights; the old one ends after the grace")
    again.add_argument("prefix", type=_prefix)
    again.add_argument("--grace-hours", type=_hours, default=_GRACE_HOURS, help="24 unless given")
    ended = commands.add_parser("expire", help="give a key an end, or take it away")
    ended.add_argument("prefix", type=_prefix)
    ended.add_argument("--at", type=_instant, help="RFC 3339; without it the key has no end")
    return parser


async def _run(options: argparse.Namespace, settings: StoreSettings) -> int:
    pool = await open_pool(settings, name="api-keys", statement_timeout=_STATEMENT_SECONDS, size=1)
    try:
        match options.command:
            case "create":
                return await _create(pool, options)
            case "list":
                keys = await list_keys(pool, ended_too=options.all)
                return _say("\n".join(map(_line, keys)) or "no keys")
            case "show":
                return _told(options.prefix, await load_key(pool, options.prefix))
            case "rotate":
                return await _rotate(pool, options)
            case "revoke":
                return _told(options.prefix, await revoke_key(pool, options.prefix))
        return _told(options.prefix, await expire_key(pool, options.prefix, options.at))
    finally:
        await pool.close()


async def _create(pool: Pool, options: argparse.Namespace) -> int:
    scopes = frozenset(options.scope or [Scope.READ])
    key, text = await create_key(pool, KeyRequest(options.name, scopes, options.limit_per_minute, options.expires))
    return _say(f"{_facts(key)}\n\nkey, shown this once: {text.reveal()}")


async def _rotate(pool: Pool, options: argparse.Namespace) -> int:
    done = await rotate_key(pool, options.prefix, timedelta(hours=options.grace_hours))
    if done is None:
        return _fail(f"no key {options.prefix}")
    old, new, text = done
    _say(f"{_facts(new)}\n\nkey, shown this once: {text.reveal()}")
    return _say(f"{old.prefix} is accepted until {_shown(old.expires_at)}")


def _told(prefix: str, key: ApiKey | None) -> int:
    return _fail(f"no such key, or it is revoked already: {prefix}") if key is None else _say(_facts(key))


def _facts(key: ApiKey) -> str:
    facts = {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "state": key.state(utc_now()).value,
        "scopes": ", ".join(sorted(key.scopes)),
        "limit_per_minute": key.limit_per_minute or "default",
        "created_at": _shown(key.created_at),
        "expires_at": _shown(key.expires_at),
        "last_used_at": _shown(key.last_used_at),
        "revoked_at": _shown(key.revoked_at),
        "rotated_from": key.rotated_from or "-",
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items())


def _line(key: ApiKey) -> str:
    used = f"used {_shown(key.last_used_at)}" if key.last_used_at else "never used"
    return f"{key.prefix}  {key.state(utc_now()).value:<8} {','.join(sorted(key.scopes)):<25} {used:<26} {key.name}"


def _shown(instant: datetime | None) -> str:
    return "-" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _name(text: str) -> str:
    if not text.strip() or len(text) > 200 or not text.isprintable():
        raise argparse.ArgumentTypeError("1 to 200 printable characters")
    return text.strip()


def _prefix(text: str) -> str:
    if PREFIX_PATTERN.fullmatch(text) is None:
        raise argparse.ArgumentTypeError("a key's prefix: the 12 characters after legis_")
    return text


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 1_000_000_000:
        raise argparse.ArgumentTypeError("a whole number above 0")
    return int(text)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 <= hours <= 24 * 365:
        raise argparse.ArgumentTypeError("hours from 0 to 8760")
    return hours


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("an instant with its offset, such as 2027-01-31T00:00:00Z")
    return instant


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _fail(text: str) -> int:
    sys.stderr.write(f"api-keys: {text}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
