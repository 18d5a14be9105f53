"""Rules for the statements of a migration: the previous release must work while the migration runs and after it."""

import re
from collections.abc import Iterator, Sequence
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

_CREATED = re.compile(r"^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([a-z_0-9.]+)", re.IGNORECASE)
_INDEX = re.compile(
    r"^CREATE (UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?[a-z_0-9]+ ON (?:ONLY )?([a-z_0-9.]+)", re.IGNORECASE
)
_TABLE = re.compile(
    r"^(?:ALTER TABLE|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?|LOCK(?: TABLE)?) (?:IF EXISTS )?(?:ONLY )?([a-z_0-9.]+)",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'(?:[^']|'')*'")

_NEVER = (
    (r"^DROP (?!INDEX CONCURRENTLY)", "drops what the release before may use"),
    (r"^ALTER (?!TABLE).* RENAME ", "renames what the release before may use"),
)
_NEVER_IN_OLD_TABLES = (
    (r"^(UPDATE|DELETE|TRUNCATE)\b", "rewrites rows: backfill in batches, outside of migrations"),
    (r"^LOCK\b", "locks a table for as long as the migration runs"),
    (
        r"\bDROP (?!NOT NULL|DEFAULT|CONSTRAINT|EXPRESSION|IDENTITY)\w+",
        "drops what the release before may use",
    ),
    (r"\bRENAME\b", "renames what the release before may use"),
    (r"\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b", "changes a type, which rewrites the table under a lock"),
    (r"\bSET NOT NULL\b", "refuses rows that the release before still writes"),
    (
        r"\bADD COLUMN (?:(?!\bDEFAULT\b|,).)*\bNOT NULL(?!(?:(?!,).)*\bDEFAULT\b)",
        "a new column must be nullable or have a default: the release before does not fill it",
    ),
    (
        r"\bADD COLUMN [^,]*\b(SERIAL|BIGSERIAL|STORED|RANDOM|GEN_RANDOM_UUID|CLOCK_TIMESTAMP|NEXTVAL)\b",
        "a column whose value differs by row rewrites the table under a lock",
    ),
    (
        r"\bADD (CONSTRAINT \w+ )?(CHECK|FOREIGN KEY)\b(?!.*\bNOT VALID\b)",
        "a constraint on rows that exist must be added NOT VALID, and validated in a later migration",
    ),
    (
        r"\bADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)\b",
        "builds an index under a lock, and refuses rows of the release before",
    ),
)
_DROPPED = re.compile(r"^DROP INDEX CONCURRENTLY IF EXISTS ([a-z_0-9]+)", re.IGNORECASE)
_BUILT = re.compile(r"^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?([a-z_0-9]+) ON", re.IGNORECASE)
_ONCE = (
    r"^CREATE (?!OR REPLACE |[A-Z ]*IF NOT EXISTS )",
    r"^ALTER .*\bADD (?!COLUMN IF NOT EXISTS |CONSTRAINT )",
    r"^ALTER (?!.*\bDROP CONSTRAINT IF EXISTS ).*\bADD CONSTRAINT ",
    r"^ALTER .*\bDROP (?!NOT NULL|DEFAULT|EXPRESSION|IDENTITY|\w+ IF EXISTS )",
    r"^ALTER .*\bRENAME\b",
    r"^DROP (?![A-Z ]*IF EXISTS )",
    r"^INSERT (?!.*\bON CONFLICT\b)",
)
"""What fails, or does something else, when it runs again."""


def statements_of(revision: ModuleType) -> list[str]:
    """The statements that a revision's `upgrade` would send, including COMMIT and BEGIN around blocks outside its
    transaction.
    """
    sent = _Sent()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": sent})
    with Operations.context(context):
        revision.upgrade()
    return sent.statements


def broken_rules(statements: Sequence[str]) -> list[str]:
    """A line for each statement that breaks a rule. Tables that the migration itself creates are not restricted."""
    plain = _plain(statements)
    new = {match.group(1).lower() for one in plain if (match := _CREATED.match(one))}
    transaction, found = True, []
    for one in plain:
        if one.upper() in ("COMMIT", "BEGIN"):
            transaction = one.upper() == "BEGIN"
        found += [f"{why}: {one[:120]}" for why in _faults(one, new, in_transaction=transaction)]
    return found


def not_repeatable(statements: Sequence[str]) -> list[str]:
    """A line for each statement that is committed before the end of the migration and cannot be repeated.

    A block outside the transaction commits what came before it, and the version is stored at the end: an interrupted
    migration runs again from its start. DO blocks are not looked into; they must find out themselves what is done.
    """
    plain = _plain(statements)
    end = max((place for place, one in enumerate(plain) if one.upper() == "BEGIN"), default=0)
    dropped: set[str] = set()
    found = []
    for one in plain[:end]:
        if drop := _DROPPED.match(one):
            dropped.add(drop.group(1).lower())
        if built := _BUILT.match(one):
            repeatable = built.group(1).lower() in dropped  # IF NOT EXISTS would keep what a broken build left
        else:
            repeatable = not any(re.search(pattern, one, re.IGNORECASE) for pattern in _ONCE)
        found += [] if repeatable else [f"cannot be repeated, and is committed before the version: {one[:120]}"]
    return found


def _plain(statements: Sequence[str]) -> list[str]:
    """The statements in one line each, without literals."""
    return [" ".join(_LITERAL.sub("''", statement).split()).rstrip("; ") for statement in statements]


def _faults(statement: str, new: set[str], *, in_transaction: bool) -> Iterator[str]:
    yield from _matching(_NEVER, statement)
    if in_transaction and re.search(r"\bCONCURRENTLY\b", statement, re.IGNORECASE):
        yield "CONCURRENTLY does not work in a transaction: use migrations.online"
    if index := _INDEX.match(statement):
        yield from _index_faults(index, new)
    elif (table := _TABLE.match(statement)) and table.group(1).lower() not in new:
        yield from _matching(_NEVER_IN_OLD_TABLES, statement)


def _index_faults(index: re.Match[str], new: set[str]) -> Iterator[str]:
    unique, concurrently, table = index.groups()
    if table.lower() in new:
        return
    if not concurrently:
        yield "an index on a table that exists must be built CONCURRENTLY: use migrations.online"
    if unique:
        yield "a unique index refuses rows that the release before still writes"


def _matching(rules: tuple[tuple[str, str], ...], statement: str) -> Iterator[str]:
    return (why for pattern, why in rules if re.search(pattern, statement, re.IGNORECASE))


class _Sent:
    """Collects the statements that Alembic writes, one per call."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def write(self, text: str) -> int:
        if text.strip():
            self.statements.append(text.strip())
        return len(text)

    def flush(self) -> None:
        """Required by Alembic; nothing is buffered."""
