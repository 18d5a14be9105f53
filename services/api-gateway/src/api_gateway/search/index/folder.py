"""The index folder: which build is published, how far it has come, and opening it."""

import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from legis.languages import Text
from tantivy import Index, Query, Searcher

from api_gateway.search.index_schema import POSITION, SCHEMA_VERSION

CURRENT = "current"
"""The file that contains the name of the published build."""

NONE = "none"
"""Content of that file while the index is known to be wrong and no new build exists yet."""


_NO_POSITION = Text("The search index does not say how far it has come", "O índice de busca não diz até onde chegou")


class IndexNotReady(Exception):
    """There is no index to search yet, or none of the database's current epoch; the text says which."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Position:
    """How far an index has come: it contains every change up to `seq` of `epoch`.

    `bill_id`, `version` and `changed_at` are those of the log entry `seq`, None for an empty log. `render_seq` has the
    same meaning as in the database.
    """

    epoch: str
    seq: int = 0
    render_seq: int = 0
    bill_id: str | None = None
    version: int | None = None
    changed_at: datetime | None = None

    def dump(self) -> bytes:
        """The position as JSON."""
        return orjson.dumps(asdict(self))

    @classmethod
    def parse(cls, raw: bytes) -> "Position":
        """The position from JSON."""
        values: dict[str, Any] = orjson.loads(raw)
        at = values["changed_at"]
        return cls(**{**values, "changed_at": None if at is None else datetime.fromisoformat(at)})


def schema_folder(folder: Path | str) -> Path:
    """The folder of this code's schema version; each version has its own."""
    return Path(folder) / f"schema-{SCHEMA_VERSION}"


def current_build(home: Path) -> str | None:
    """The published build; None before the first one, and while none may be used."""
    found = served(home)
    return None if found == NONE else found


def served(home: Path) -> str | None:
    """The content of the file `current`: a build, or `NONE` if readers must not use the index they have open.

    None if there is no file, for example after the folder was deleted: readers then keep the index they have open.
    """
    try:
        return (home / CURRENT).read_text().strip() or None
    except FileNotFoundError:
        return None


def set_current_build(home: Path, build: str) -> None:
    """Publishes a build to readers, atomically."""
    new = home / f"{CURRENT}.new"
    with new.open("w") as file:
        file.write(build + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / CURRENT)


def open_build(home: Path, build: str) -> Index:
    """A build opened for searching. Raises ValueError if it is not a complete index."""
    index = Index.open(str(home / build))
    index.config_reader(reload_policy="manual")
    return index


def position_of(index: Index, searcher: Searcher) -> Position:
    """The position stored in a state of an index. Raises IndexNotReady if there is none."""
    hits = searcher.search(Query.term_query(index.schema, "kind", POSITION), limit=1, count=False).hits
    if not hits:
        raise IndexNotReady(_NO_POSITION)
    return Position.parse(bytes(searcher.doc(hits[0][1])["position"][0]))
