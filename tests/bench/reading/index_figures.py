"""The index by itself: how long a full build takes, what it takes on disk, and the memory of those who have it open."""

import shutil

from bench.pace import Pace
from bench.reading.engine import exact
from bench.reading.questions import LIST, Questions
from bench.report import Figure, Report, at_most
from bench.system import corpus_index, cpu
from bench.system.arena import Arena

PART = "index"
BUILD_SECONDS = 180
"""For 1 200 000 bills; a smaller corpus gets its share, but time for a process to start."""

WHOLE = 1_200_000
_START_SECONDS = 10.0
_WARM_SECONDS = 3.0


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """The build, unless this run has just made one, and memory over the whole index."""
    built = arena.built or _again(arena)
    bound = max(_START_SECONDS, BUILD_SECONDS * arena.bills / WHOLE)
    rate = built.documents / built.seconds
    cost = built.processor_seconds / max(built.documents, 1) * 1e6
    each = built.mebibytes * 2**20 / max(built.documents, 1)
    report.add(
        PART,
        Figure("full build of the index", exact(built.seconds), "s", at_most(bound), f" {built.documents} documents"),
        Figure("full build, documents a second", exact(rate), "/s"),
        Figure("full build, the indexer's processor time a document", exact(cost), "µs"),
        Figure("index on disk", exact(built.mebibytes), "MiB", note=f" {each:.0f} bytes a document"),
        Figure("memory of the indexer, own, most while it builds", exact(built.memory_mib), "MiB"),
    )
    _memory(arena, questions, report, pace)


def _again(arena: Arena) -> corpus_index.Built:
    """Builds beside the index that is kept, which stays as it is."""
    folder = arena.home / "index-again"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        return corpus_index.build(lambda: arena.indexer(folder), arena.end, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """A web process that has searched all over the index, and an indexer that follows it."""
    targets = [
        *questions.lists,
        *questions.deep_lists,
        *(f"{LIST}?q={word}&sort=relevance" for word in ("saude", "lei")),
    ]
    targets += [f"{LIST}?facets=type,status,year,chamber,party", *questions.details[:200]]
    with corpus_index.working_copy(arena.index) as folder:
        web, port = arena.web(RESPONSE_CACHE_ENTRIES="0", INDEX_FOLDER=str(folder))
        indexer = arena.following(folder)
        arena.client.load(port, targets, min(_WARM_SECONDS, 10 * pace.seconds), connections=4)
        found = {"web": cpu.memory(web.pid or 0), "indexer": cpu.memory(indexer.pid or 0)}
        arena.end(indexer)
        arena.end(web)
    for name, one in found.items():
        report.add(
            PART,
            Figure(f"memory of {name} over the whole index, own", exact(one.own_mib), "MiB"),
            Figure(f"memory of {name} over the whole index, page cache", exact(one.mapped_mib), "MiB"),
        )
