"""Ways to break the product on purpose, each of which an invariant must notice. Nothing of this is in the product.

A patch is called in the process of a service before its module runs, with the module's name, and changes what that
module is made of. Imports stand inside: a mutant of the worker must not load the engine of a source.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mutants_ingest import (
    cursor_at_publish,
    no_limiter,
    no_overlap,
    no_rewalk,
    no_trace,
    stale_accepted,
    unbounded_stream,
)
from mutants_web import needs_redis
from mutants_worker import (
    acks_before_commit,
    counts_nothing,
    drops_letters,
    group_at_dollar,
    ignores_nogroup,
    never_acks,
    no_claim,
    no_fingerprint,
    no_order_guard,
    seen_before_commit,
    seq_outside_lock,
)

Patch = Callable[[str], None]
STREAMS = "tests/integration/streams"
STORE = "tests/integration/store"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A patch, the invariants that should notice it, and the trouble in which they do.

    `directed` are tests that must fail with it; they are asked when the random seeds let it live. `forgiven` says
    why the protocol makes no harm of it: such a mutant may survive, and is then masked by design.
    """

    patch: Patch
    caught_by: tuple[str, ...]
    only: tuple[str, ...] = ()
    directed: tuple[str, ...] = ()
    forgiven: str = ""
    years: int = 0


_LOSING = ("lose_in_flight", "kill", "flushall")

MUTANTS: dict[str, Mutant] = {
    # nothing holds it up, so it needs many years to be still at it when the first of them are lost
    "cursor_at_publish": Mutant(cursor_at_publish, ("I6", "I1"), ("lose_in_flight",), years=60),
    "counts_nothing": Mutant(
        counts_nothing, ("I6", "I1"), _LOSING, (f"{STORE}/test_windows.py::test_an_item_delivered_twice_counts_once",)
    ),
    "ignores_nogroup": Mutant(
        ignores_nogroup, ("I1", "I7", "I13"), ("flushall", "drop_group", "kill"), (f"{STREAMS}/test_consumer.py",)
    ),
    "no_rewalk": Mutant(
        no_rewalk,
        ("I6",),
        ("upstream:moving_pages",),
        ("tests/contract/test_camara_source.py",),
    ),
    "no_order_guard": Mutant(
        no_order_guard,
        ("I3", "I2"),
        ("sigstop", "lose_in_flight"),
        (f"{STORE}/test_bill_writer.py::test_any_order_of_delivery_ends_the_same",),
    ),
    "acks_before_commit": Mutant(
        acks_before_commit,
        ("I13",),
        ("kill", "postgres_crash", "sigstop"),
        (),
        "the window's count stays short, its checkpoint does not move, and ingest reads it again",
    ),
    "group_at_dollar": Mutant(
        group_at_dollar,
        ("I13",),
        ("flushall", "drop_group"),
        (f"{STREAMS}/test_consumer.py::test_entries_before_the_group_are_read_and_finished_ones_are_gone",),
        "entries skipped are never counted, so their window is read again under another id",
    ),
    "seen_before_commit": Mutant(
        seen_before_commit,
        ("I1", "I2"),
        ("lose_in_flight", "postgres_crash", "kill"),
        (f"{STREAMS}/test_seen_after_commit.py",),
    ),
    "stale_accepted": Mutant(
        stale_accepted, ("I6", "I2"), ("upstream:stale",), ("tests/contract/test_senado_source.py",)
    ),
    "seq_outside_lock": Mutant(seq_outside_lock, ("I4",), ("postgres_crash", "kill")),
    "no_limiter": Mutant(no_limiter, ("I9",), ("upstream",)),
    "unbounded_stream": Mutant(
        unbounded_stream,
        ("I8",),
        ("lose_in_flight",),
        (f"{STREAMS}/test_publisher.py::test_a_full_stream_makes_everybody_wait_and_never_drops",),
    ),
    "drops_letters": Mutant(drops_letters, ("I5",), ("poison", "kill")),
    "no_trace": Mutant(no_trace, ("I12",), ("upstream",)),
    "no_fingerprint": Mutant(no_fingerprint, ("I11",), ("flushall", "kill")),
    "never_acks": Mutant(never_acks, ("I7",), ("upstream",)),
    "needs_redis": Mutant(needs_redis, ("I10",), ("kill", "sigstop")),
    "no_claim": Mutant(
        no_claim,
        ("I7", "I13"),
        ("kill",),
        (f"{STREAMS}/test_consumer.py::test_a_dead_consumers_entries_are_taken_over",),
    ),
}

VARIANTS: dict[str, Patch] = {"no_overlap": no_overlap}
