"""An index that the indexer's own writer made, commit by commit, and the bills that are in it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from api_gateway.indexer.bill_rows import indexed_bill
from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.search.index.folder import Position, open_build, position_of
from api_gateway.search.index.index_state import IndexState, OrderParts, order_parts
from api_gateway.search.index_documents import IndexedBill
from api_gateway.search.ranges import last_slots

from search.checking import Checker
from search.corpus import row
from search.model import Model
from search.questions import Pool

COMMITS = 6
LEAST_SEGMENTS = 4
_MEGABYTES = 15
_BUILD = "build-1"


class NotAsMeant(Exception):
    """The index lacks what the questions are about: segments, or deletions."""


@dataclass(slots=True)
class World:
    """Bills by id, as rows and as the index takes them, what was replaced, and the writer of the index."""

    dice: random.Random
    bills: int
    folder: Path
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    current: dict[str, IndexedBill] = field(default_factory=dict)
    dead: list[IndexedBill] = field(default_factory=list)
    pool: Pool = field(default_factory=Pool)
    seq: int = 0
    parts: dict[str, OrderParts] = field(default_factory=dict)

    def commits(self) -> Iterator[Checker]:
        """Writes the bills in several commits, each of which replaces some; engine and model after each."""
        (self.folder / _BUILD).mkdir()
        writer = BuildWriter.create(self.folder / _BUILD)
        share = self.bills // COMMITS
        self._write(writer.add, self._new(self.bills - share * (COMMITS - 1)))
        writer.commit(Position("epoch", self.seq))
        writer.finish()
        writer = BuildWriter.open(self.folder / _BUILD, _MEGABYTES)
        yield self._checker()
        for _ in range(COMMITS - 1):
            self._write(writer.put, self._new(share) + self._changed(self.bills // 30))
            writer.commit(Position("epoch", self.seq))
            yield self._checker()
        self._assert_as_meant()

    def _write(self, put: Any, rows: list[dict[str, Any]]) -> None:
        put(rows)
        for one in rows:
            if one["id"] in self.current:
                self.dead.append(self.current[one["id"]])
            self.rows[one["id"]] = one
            self.current[one["id"]] = bill = indexed_bill(one)
            self.pool.add(bill)

    def _new(self, count: int) -> list[dict[str, Any]]:
        known = len(self.rows)
        return [self._row(number) for number in range(known + 1, known + count + 1)]

    def _changed(self, count: int) -> list[dict[str, Any]]:
        """New states of known bills, some removed, some back again."""
        found = []
        for one in self.dice.sample(list(self.rows.values()), count):
            new = self._row(one["ordinal"])
            summary = orjson.loads(new["summary"]) | {"id": one["id"]}
            found.append(new | {key: one[key] for key in ("id", "source")} | {"summary": orjson.dumps(summary)})
        return found

    def _row(self, number: int) -> dict[str, Any]:
        self.seq += self.dice.randint(1, 200)
        return row(self.dice, number, self.seq)

    def _checker(self) -> Checker:
        index = open_build(self.folder, _BUILD)
        searcher = index.searcher()
        if not self.parts or self.dice.random() < 0.5:  # as in a web process, the parts may be of an older state
            self.parts = order_parts(searcher)
        state = IndexState(index, searcher, position_of(index, searcher), last_slots(searcher), self.parts)
        return Checker(state, Model(self.current.values(), dead=self.dead, expand=lambda word: beginnings(state, word)))

    def _assert_as_meant(self) -> None:
        segments = orjson.loads((self.folder / _BUILD / "meta.json").read_bytes())["segments"]
        deleted = sum((one["deletes"] or {}).get("num_deleted_docs", 0) for one in segments)
        if len(segments) < LEAST_SEGMENTS or not deleted:
            raise NotAsMeant(f"{len(segments)} segments with {deleted} deleted documents")


def beginnings(state: IndexState, beginning: str) -> list[str]:
    """The words that the index takes a beginning for."""
    return [word for word, _ in state.searcher.terms_with_prefix("surface", beginning, limit=50)]
