"""Writes one build of the index: adds documents, and commits them together with the position."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from legis.telemetry import logs
from legis.telemetry.metrics import (
    INDEX_BYTES,
    INDEX_COMMIT_SECONDS,
    INDEX_DOCUMENTS,
    INDEX_FAILURES,
    INDEX_SEGMENTS,
    INDEX_SEQ,
)
from tantivy import Document, Index

from api_gateway.indexer.bill_rows import indexed_bill
from api_gateway.indexer.checksums import Checksums
from api_gateway.indexer.reasons import RECORD
from api_gateway.search.index.folder import Position, open_build, position_of
from api_gateway.search.index_documents import IndexedBill, bill_document, position_document
from api_gateway.search.index_schema import POSITION, build_schema

_log = logs.get_logger(__name__)

MEGABYTE = 1 << 20
_BUILD_THREADS = 2
_BUILD_MEGABYTES = 256
"""Memory in which segments of a first build are collected. Larger segments need fewer merges; twice as much memory is
no faster, and would be too much for a process with a limit of 768 MB.
"""


class BuildWriter:
    """One build, open for writing. Not safe for use by several tasks at once.

    Every method may raise ValueError or OSError, if the disk or Tantivy fails; the build must then be opened again, and
    has the state of its last commit.
    """

    def __init__(self, path: Path, index: Index, position: Position | None, megabytes: int, threads: int) -> None:
        self.path = path
        self.position = position
        self.sums = Checksums(path)
        self._index = index
        self._writer = index.writer(heap_size=megabytes * MEGABYTE, num_threads=threads)

    @classmethod
    def create(cls, path: Path) -> "BuildWriter":
        """A new, empty build."""
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, Index(build_schema(), str(path)), None, _BUILD_MEGABYTES, _BUILD_THREADS)

    @classmethod
    def open(cls, path: Path, megabytes: int) -> "BuildWriter":
        """An existing build. Raises ValueError or IndexNotReady if it is not a complete index."""
        index = open_build(path.parent, path.name)
        writer = cls(path, index, position_of(index, index.searcher()), megabytes, 1)
        writer._observe()
        return writer

    def add(self, rows: Iterable[Any]) -> None:
        """Adds bills that the build does not have, from rows of `store.changes.index_feed`."""
        for document in map(_document, rows):
            if document is not None:
                self._writer.add_document(document)

    def add_bills(self, bills: Iterable[IndexedBill]) -> None:
        """Adds bills that the build does not have."""
        for bill in bills:
            self._writer.add_document(bill_document(bill))

    def put(self, rows: Iterable[Any]) -> None:
        """Adds or replaces bills."""
        for row in rows:
            self._writer.delete_documents_by_term("id", row["id"])
            if (document := _document(row)) is not None:
                self._writer.add_document(document)

    def commit(self, position: Position) -> None:
        """Commits everything added so far, together with the position that it has reached."""
        began = time.perf_counter()
        self._writer.delete_documents_by_term("kind", POSITION)
        self._writer.add_document(position_document(position.dump()))
        self._writer.commit()
        self.position = position
        INDEX_COMMIT_SECONDS.observe(time.perf_counter() - began)

    def record_checksums(self) -> None:
        """Reads new files and records their checksums."""
        self.sums.note()
        self._observe()

    def finish(self) -> None:
        """Waits for merges and closes the build; it must be opened again to be written."""
        self._writer.wait_merging_threads()
        self.sums.note()

    def abandon(self) -> None:
        """Stops the writing threads, so that the build can be deleted. Uncommitted documents are lost."""
        try:
            self._writer.wait_merging_threads()
        except (ValueError, OSError) as error:  # a full disk, probably the reason for abandoning the build
            _log.info("index_build_abandoned", error=repr(error))

    def _observe(self) -> None:
        self._index.reload()
        searcher = self._index.searcher()
        INDEX_DOCUMENTS.set(max(0, searcher.num_docs - 1))
        INDEX_SEGMENTS.set(searcher.num_segments)
        INDEX_BYTES.set(self.sums.size)
        if self.position is not None:
            INDEX_SEQ.set(self.position.seq)


def _document(row: Any) -> Document | None:
    """The document of a row. None if it cannot be made: one bad row must not keep all other bills out of the index."""
    try:
        return bill_document(indexed_bill(row))
    except (KeyError, TypeError, ValueError) as error:
        INDEX_FAILURES.labels(RECORD).inc()
        _log.error("index_leaves_bill_out", bill_id=row["id"], error=repr(error))
        return None
