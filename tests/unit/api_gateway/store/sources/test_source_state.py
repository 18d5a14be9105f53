"""How a source stands: each rule, their order, and the page that tells people the same."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from api_gateway.store.sources.source_state import RULES, Evidence, Shortfall, SourceState, assess
from api_gateway.store.sources.source_status import Checkpoint, StoreStatus
from legis.domain.vocabulary import Source
from legis.events import BackfillLeft, BreakerSnapshot, ServiceState, Walk, WalkProgress

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = Path(__file__).parents[5] / "docs" / "data-flow.md"


def status(*, minutes: float | None = 5, **more: Any) -> StoreStatus:
    """A store that saw the Câmara so many minutes ago, and has nothing to complain of."""
    read = () if minutes is None else (Checkpoint(Walk.INCREMENTAL, 9, NOW - timedelta(minutes=minutes)),)
    found = {Source.CAMARA: read, Source.SENADO: ()}
    return replace(StoreStatus(found, dict.fromkeys(Source, 0), 1, NOW), **more)


def service(**more: Any) -> ServiceState:
    """An ingest service that is well and has read everything once."""
    breaker = BreakerSnapshot(state="closed", failures=0, opened_at=None, reset_timeout=30, retry_after=None)
    well = ServiceState(
        service="ingest-camara", source=Source.CAMARA, updated_at=NOW, breaker=breaker, retry_budget=500,
        backfill_known=True,
    )  # fmt: skip
    return well.model_copy(update=more)


WELL = Evidence(Source.CAMARA, status(), service(), away=False, goal=7200, now=NOW)
FAILING = WalkProgress(walk=Walk.OVERLAP, window="w", done=0, total=None, position=1, failing="400 for its list")
AGENDA = WalkProgress(walk=Walk.AGENDA, window="w", done=0, total=None, position=None)
OPEN = BreakerSnapshot(state="open", failures=5, opened_at=NOW, reset_timeout=30, retry_after=10)

MET: dict[Shortfall, dict[str, Any]] = {
    Shortfall.BLOCKED: {"service": service(blocked_until=NOW + timedelta(hours=1), blocked_reason="it answered 403")},
    Shortfall.CIRCUIT_OPEN: {"service": service(breaker=OPEN)},
    Shortfall.NEVER_READ: {"status": status(minutes=None)},
    Shortfall.STORE_AWAY: {"away": True},
    Shortfall.BEHIND_GOAL: {"status": status(minutes=121)},
    Shortfall.INGEST_SILENT: {"service": None},
    Shortfall.WALK_BEHIND: {"service": service(progress=(FAILING,))},
    Shortfall.RECORDS_BEHIND: {"service": service(progress=(AGENDA,))},
    Shortfall.BACKFILL_RUNNING: {"service": service(backfill=BackfillLeft(years=12, seconds=5400))},
    Shortfall.YEARS_NOT_READ: {"status": status(years_not_read={Source.CAMARA: (2001, 1998)})},
    Shortfall.RECORDS_SET_ASIDE: {"status": status(dead_letters={Source.CAMARA: 2, Source.SENADO: 0})},
}


def test_without_any_shortfall_a_source_is_fresh() -> None:
    assert assess(WELL).state is SourceState.FRESH
    assert assess(WELL).reasons == ()


@pytest.mark.parametrize("code", Shortfall)
def test_each_shortfall_alone_is_told_and_is_not_fresh(code: Shortfall) -> None:
    found = assess(replace(WELL, **MET[code]))
    assert found.codes == (code.value,)
    assert found.state is next(rule.state for rule in RULES if rule.code is code)
    assert found.state is not SourceState.FRESH
    assert found.reasons[0].detail


def test_what_another_source_lacks_is_not_ours() -> None:
    others = status(
        dead_letters={Source.CAMARA: 0, Source.SENADO: 3}, years_not_read={Source.SENADO: (1999,), Source.CAMARA: ()}
    )
    assert assess(replace(WELL, status=others)).state is SourceState.FRESH


def test_the_gravest_gives_the_state_and_all_are_told() -> None:
    everything = replace(
        WELL,
        status=status(minutes=500, years_not_read={Source.CAMARA: (1998,)}, dead_letters=dict.fromkeys(Source, 1)),
        service=service(
            blocked_until=NOW, blocked_reason="403", breaker=OPEN, progress=(FAILING, AGENDA),
            backfill=BackfillLeft(years=1, seconds=None),
        ),
        away=True,
    )  # fmt: skip
    for place, rule in enumerate(RULES):
        if rule.code in (Shortfall.NEVER_READ, Shortfall.INGEST_SILENT):
            continue
        weaker = replace(everything, **{"service": service()} if place > 8 else {})
        assert assess(weaker).codes.count(rule.code.value) == 1
    assert assess(everything).state is SourceState.BLOCKED
    served_again = replace(everything, service=everything.service and everything.service.model_copy(
        update={"blocked_until": None, "breaker": WELL.service and WELL.service.breaker}
    ))  # fmt: skip
    assert assess(served_again).state is SourceState.STALE


def test_a_block_lasts_until_an_answer_ends_it() -> None:
    overdue = service(blocked_until=NOW - timedelta(minutes=5), blocked_reason="it answered 403")
    assert assess(replace(WELL, service=overdue)).state is SourceState.BLOCKED


def test_a_service_that_has_just_begun_is_not_believed_to_have_read_everything() -> None:
    assert assess(replace(WELL, service=service(backfill_known=False))).codes == ("INGEST_SILENT",)


def test_details_say_what_a_reader_needs() -> None:
    def detail(code: Shortfall) -> str:
        return assess(replace(WELL, **MET[code])).reasons[0].detail

    assert detail(Shortfall.BLOCKED) == "until 2026-11-20T13:00:00Z: it answered 403"
    assert detail(Shortfall.YEARS_NOT_READ) == "2001, 1998"
    assert detail(Shortfall.BACKFILL_RUNNING) == "years left: 12, about 90 min"
    assert detail(Shortfall.WALK_BEHIND) == "OVERLAP: 400 for its list"
    assert detail(Shortfall.RECORDS_BEHIND) == "EVENT (AGENDA): never"
    assert detail(Shortfall.RECORDS_SET_ASIDE) == "2"


def test_the_goal_itself_is_still_fresh() -> None:
    assert assess(replace(WELL, status=status(minutes=120))).state is SourceState.FRESH


def test_the_page_tells_the_same_rules_in_the_same_order() -> None:
    table = PAGE.read_text().partition("## How a source stands")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| `([A-Z]+)` \| .+ \|$", table, re.MULTILINE)
    assert rows == [(rule.code.value, rule.state.value) for rule in RULES]
    assert {rule.code for rule in RULES} == set(Shortfall), "every shortfall has its rule"
    assert re.search(r"^\| none of these \| `FRESH` \|", table, re.MULTILINE)


@pytest.mark.parametrize(
    ("walk", "age", "behind"),
    [
        (Walk.AGENDA, timedelta(hours=2), False),
        (Walk.VOTINGS, timedelta(hours=2, seconds=1), True),
        (Walk.PEOPLE, timedelta(days=2), False),
        (Walk.PEOPLE, timedelta(days=2, seconds=1), True),
    ],
)
def test_records_have_goals_of_their_own(walk: Walk, age: timedelta, behind: bool) -> None:
    known = status()
    known.checkpoints[Source.CAMARA] = (*known.checkpoints[Source.CAMARA], Checkpoint(walk, 1, NOW - age))
    assert assess(replace(WELL, status=known)).codes == ((Shortfall.RECORDS_BEHIND.value,) if behind else ())
