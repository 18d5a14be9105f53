"""The index folder: which build of it is served, how far that has come, and opening it for search."""

import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from tantivy import Index, Query, Searcher

from api_gateway.search.index_schema import POSITION, SCHEMA_VERSION

CURRENT = "current"
"""The file that names the build which is served."""

NONE = "none"
"""Stands there where the index was found to be wrong, until there is a new one."""


class IndexNotReady(Exception):
    """There is no index to search yet, or none of the database's present epoch; the message says which."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far an index has come: every change up to `seq` of `epoch` is in it.

    `bill_id`, `version` and `changed_at` are those of the log entry `seq`, None for an empty log; `render_seq` is as in
    the database.
    """

    epoch: str
    seq: int = 0
    render_seq: int = 0
    bill_id: str | None = None
    version: int | None = None
    changed_at: datetime | None = None

    def dump(self) -> bytes:
        """As JSON."""
        return orjson.dumps(asdict(self))

    @classmethod
    def parse(cls, raw: bytes) -> "Position":
        """From JSON."""
        values: dict[str, Any] = orjson.loads(raw)
        at = values["changed_at"]
        return cls(**{**values, "changed_at": None if at is None else datetime.fromisoformat(at)})


def schema_folder(folder: Path | str) -> Path:
    """The folder of this code's schema: code with another one has its own beside it."""
    return Path(folder) / f"schema-{SCHEMA_VERSION}"


def current_build(home: Path) -> str | None:
    """The build that is served; None before the first one is whole, and while none may be served."""
    found = served(home)
    return None if found == NONE else found


def served(home: Path) -> str | None:
    """What readers are told: a build, or `NONE` where what they have open must not be used; None where nothing is said,
    as after somebody has deleted the folder: then they go on with what they have.
    """
    try:
        return (home / CURRENT).read_text().strip() or None
    except FileNotFoundError:
        return None


def set_current_build(home: Path, build: str) -> None:
    """Has readers turn to a build, in one step."""
    new = home / f"{CURRENT}.new"
    with new.open("w") as file:
        file.write(build + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / CURRENT)


def open_build(home: Path, build: str) -> Index:
    """A build, to be searched. Raises ValueError for what is no whole index."""
    index = Index.open(str(home / build))
    index.config_reader(reload_policy="manual")
    return index


def position_of(index: Index, searcher: Searcher) -> Position:
    """How far a state of an index has come. Raises IndexNotReady where it does not say."""
    hits = searcher.search(Query.term_query(index.schema, "kind", POSITION), limit=1, count=False).hits
    if not hits:
        raise IndexNotReady("the index does not say how far it has come")
    return Position.parse(bytes(searcher.doc(hits[0][1])["position"][0]))
