"""Ways to break the product on purpose, each of which an invariant must notice. Nothing of this is in the product.

A patch is called in the process of a service before its module runs, with the module's name, and changes what that
module is made of. Imports stand inside: a mutant of the worker must not load the engine of a source.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chaos.mutants.index_mutants import (
    any_epoch,
    entry_not_compared,
    epoch_not_compared,
    never_reloads,
    old_documents_stay,
    only_after,
    position_first,
    removed_ignored,
    render_ignored,
    sums_not_checked,
    swaps_half_built,
)
from chaos.mutants.ingest_mutants import (
    cursor_at_publish,
    no_limiter,
    no_overlap,
    no_rewalk,
    no_trace,
    stale_accepted,
    unbounded_stream,
)
from chaos.mutants.list_doubt_mutants import (
    believes_at_once,
    believes_records_at_once,
    compares_counts,
    forgets_doubts,
    ignores_canary,
)
from chaos.mutants.reader_mutants import (
    delta_lacks_changes,
    feed_skips_one,
    stream_skips_one,
    webhook_moves_first,
)
from chaos.mutants.refusal_mutants import block_is_outage, block_never_ends, missing_year_is_read, refusal_ends_walk
from chaos.mutants.web_mutants import needs_redis, skips_changes, takes_any_log
from chaos.mutants.worker_mutants import (
    acks_before_commit,
    counts_nothing,
    dies_of_redis,
    drops_letters,
    group_at_dollar,
    ignores_nogroup,
    keeps_old_status,
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
CAMARA = "tests/contract/camara_source"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A patch, the invariants that should notice it, and the trouble in which they do.

    `caught_by` is empty where random trouble has no say: the protocol heals what the mutant does before an invariant
    may complain, for the reason in `healed`. `directed` are tests that must fail with it; they are asked when random
    trouble lets it live. `years`: so many years of backfill; 0 for the usual. `bills`: so many in each chamber.
    """

    patch: Patch
    caught_by: tuple[str, ...]
    only: tuple[str, ...] = ()
    directed: tuple[str, ...] = ()
    healed: str = ""
    years: int = 0
    bills: int = 120


_LOSING = ("lose_in_flight",)
_WORKERS_DIE = ("kill:worker-1", "kill:worker-2")

MUTANTS: dict[str, Mutant] = {
    # nothing holds it up, so it needs many years to be still at it when the first of them are lost
    "cursor_at_publish": Mutant(cursor_at_publish, ("I6", "I1"), _LOSING, years=30),
    "counts_nothing": Mutant(
        counts_nothing,
        ("I6", "I1"),
        _LOSING,
        (f"{STORE}/windows/test_windows.py::test_an_item_delivered_twice_counts_once",),
    ),
    "ignores_nogroup": Mutant(
        ignores_nogroup,
        ("I1", "I7", "I13"),
        ("flushall", "drop_group"),
        (f"{STREAMS}/test_consumer.py::test_the_group_comes_back_after_flushall",),
    ),
    "no_rewalk": Mutant(
        no_rewalk,
        (),
        directed=("tests/contract/test_camara_source.py::test_a_list_that_never_stands_still_is_given_up",),
        healed="every window of the day walks the whole list again",
    ),
    "no_order_guard": Mutant(
        no_order_guard,
        ("I3", "I2"),
        ("sigstop:worker-1", "sigstop:worker-2"),
        (f"{STORE}/bills/test_older_state.py::test_any_order_of_delivery_ends_the_same",),
    ),
    "acks_before_commit": Mutant(
        acks_before_commit,
        (),
        directed=(
            f"{STREAMS}/test_worker.py::test_a_store_that_is_away_is_waited_for",
            f"{STREAMS}/test_worker.py::test_stopping_while_the_store_is_away_gives_the_batch_back",
        ),
        healed="the window's count stays short, its checkpoint does not move, and ingest reads it again",
    ),
    "group_at_dollar": Mutant(
        group_at_dollar,
        (),
        directed=(f"{STREAMS}/test_consumer.py::test_entries_before_the_group_are_read_and_finished_ones_are_gone",),
        healed="entries skipped are never counted, so their window is read again under another id",
    ),
    "seen_before_commit": Mutant(
        seen_before_commit,
        ("I1", "I2"),
        ("postgres_crash", *_WORKERS_DIE),
        (f"{STREAMS}/test_seen_after_commit.py",),
    ),
    "stale_accepted": Mutant(
        stale_accepted,
        (),
        directed=(
            "tests/contract/senado_source/test_what_moved.py::test_a_detail_older_than_its_list_is_asked_for_again",
            "tests/contract/senado_source/test_what_moved.py::test_a_replica_that_stays_behind_fails_the_window",
        ),
        healed="the stamp that is remembered stays behind the list's, so the next window of the day reads it again",
    ),
    "seq_outside_lock": Mutant(seq_outside_lock, ("I4",), ("postgres_crash", *_WORKERS_DIE)),
    "no_limiter": Mutant(no_limiter, ("I9",), ("kill:ingest-camara", "kill:ingest-senado")),
    # the stream is filled by years that hold many bills
    "unbounded_stream": Mutant(
        unbounded_stream,
        ("I8",),
        ("sigstop:worker-1", "sigstop:worker-2"),
        (f"{STREAMS}/test_publisher.py::test_a_full_stream_makes_everybody_wait_and_never_drops",),
        years=2,
        bills=2000,
    ),
    "drops_letters": Mutant(drops_letters, ("I5",), ("poison",)),
    # what a killed process had not written yet is forgiven, so nobody is killed here
    "no_trace": Mutant(no_trace, ("I12",), ("upstream:latency",)),
    "no_fingerprint": Mutant(no_fingerprint, ("I11",), ("flushall",)),
    "never_acks": Mutant(never_acks, ("I7",), _WORKERS_DIE),
    "needs_redis": Mutant(needs_redis, ("I10",), ("kill:redis", "sigstop:redis")),
    "no_claim": Mutant(
        no_claim,
        ("I7",),
        _WORKERS_DIE,
        (f"{STREAMS}/test_consumer.py::test_a_dead_consumers_entries_are_taken_over",),
    ),
    "skips_changes": Mutant(skips_changes, ("I4",), _WORKERS_DIE),
    "takes_any_log": Mutant(
        takes_any_log,
        (),
        directed=("tests/integration/web/changes/test_log_position.py",),
        healed="the harness begins again by itself where it puts another database in place",
    ),
    "keeps_old_status": Mutant(keeps_old_status, ("I2",), _WORKERS_DIE),
    "dies_of_redis": Mutant(dies_of_redis, ("I14",), ("kill:redis", "sigstop:redis")),
    "position_first": Mutant(position_first, ("I17", "I16"), ("kill:indexer",)),
    # where nothing was written since the dump the log fits, and the epoch alone tells
    "epoch_not_compared": Mutant(epoch_not_compared, ("I16", "I18"), ("restore:same",)),
    # while nobody looks the log grows beyond the place at which it went back
    "entry_not_compared": Mutant(entry_not_compared, ("I16", "I17"), ("failover:blind",)),
    "sums_not_checked": Mutant(sums_not_checked, ("I16", "I17", "I18"), ("index:flip",)),
    "old_documents_stay": Mutant(old_documents_stay, ("I16", "I17"), ("kill:indexer",)),
    "removed_ignored": Mutant(removed_ignored, ("I16", "I17"), ("remove",)),
    "render_ignored": Mutant(render_ignored, ("I16",), ("rerender",)),
    "swaps_half_built": Mutant(swaps_half_built, ("I17",), ("index:kill_in_build",)),
    "never_reloads": Mutant(never_reloads, ("I16",), ("kill:indexer",)),
    "any_epoch": Mutant(any_epoch, ("I17",), ("restore:blind",)),
    "believes_at_once": Mutant(believes_at_once, ("I19",), ("hollow",)),
    "believes_records_at_once": Mutant(
        believes_records_at_once,
        ("I19", "I20"),
        ("hollow",),
        (f"{STORE}/records/test_record_doubts.py::test_votes_that_vanish_are_kept_until_a_settled_reading",),
    ),
    "forgets_doubts": Mutant(
        forgets_doubts,
        (),
        directed=(f"{STORE}/bills/test_list_doubts.py::test_a_true_removal_is_believed_after_the_second_reading",),
        healed="who moved today is in every window of the day, and is read again until its lists are there",
    ),
    "ignores_canary": Mutant(
        ignores_canary,
        (),
        directed=(f"{STORE}/bills/test_list_doubts.py::test_nothing_is_believed_while_a_list_is_out",),
        healed="a list fails for less than the settled time here, so no second reading confirms it",
    ),
    "compares_counts": Mutant(
        compares_counts,
        (),
        directed=(
            "tests/unit/api_gateway/store/bill_state/test_list_comparison.py::test_an_entry_in_the_place_of_another_is_a_loss",
        ),
        healed="the simulator empties and cuts lists, and never puts one entry into the place of another",
    ),
    # a walk that has ended leaves bills unread, or is never well again
    "refusal_ends_walk": Mutant(
        refusal_ends_walk,
        ("I13", "I1", "I2"),
        ("upstream:status",),
        (f"{CAMARA}/test_troubles.py::test_a_refused_record_is_set_aside_and_all_others_are_read",),
    ),
    "block_is_outage": Mutant(
        block_is_outage,
        (),
        directed=(
            "tests/contract/upstream_client/test_blocks.py::test_a_firewall_is_a_block_that_is_told_and_ends_by_the_probe",
            "tests/contract/upstream_client/test_blocks.py::test_a_single_403_silences_nobody",
        ),
        healed="a chamber refuses for seconds here, and what failed meanwhile is asked for again",
    ),
    "block_never_ends": Mutant(block_never_ends, ("I13", "I1", "I2"), ("upstream:status", "upstream:waf403")),
    # many years, so that the backfill is still at its files when some of them are missing
    "missing_year_is_read": Mutant(
        missing_year_is_read,
        ("I6", "I1"),
        ("upstream:status",),
        (f"{CAMARA}/test_troubles.py::test_a_year_whose_file_is_refused_or_missing_is_not_read",),
        years=30,
    ),
    "stream_skips_one": Mutant(stream_skips_one, ("I21",), _WORKERS_DIE),
    "feed_skips_one": Mutant(feed_skips_one, ("I21",), _WORKERS_DIE),
    "webhook_moves_first": Mutant(webhook_moves_first, ("I21",), _WORKERS_DIE),
    "delta_lacks_changes": Mutant(delta_lacks_changes, ("I21",), _WORKERS_DIE),
    "only_after": Mutant(only_after, ("I16",), ("kill:indexer",)),
}

VARIANTS: dict[str, Patch] = {"no_overlap": no_overlap}
