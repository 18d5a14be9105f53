"""The request budget adds up, and every plan stands in it."""

from typing import Any

import pytest
from ingest_senado import budget
from ingest_senado.__main__ import main
from ingest_senado.settings import SenadoSettings
from legis.events import Walk
from legis.ingest.source import WalkPlan

PEOPLE_FIRST = [Walk.PEOPLE_BACKFILL, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL]


def plan_of(rows: tuple[WalkPlan, ...], walk: Walk) -> WalkPlan:
    return next(row for row in rows if row.walk is walk)


def settings(**values: Any) -> SenadoSettings:
    return SenadoSettings.model_validate(values)


def test_every_walk_has_a_plan_in_order_of_urgency() -> None:
    rows = budget.plans(settings(), 2026)
    urgent_first = [Walk.INCREMENTAL, Walk.VOTES, Walk.OVERLAP, Walk.RECONCILE, Walk.YEARS, Walk.BACKFILL]
    records = [Walk.AGENDA, Walk.VOTINGS, Walk.PEOPLE, *PEOPLE_FIRST]
    assert [row.walk for row in rows] == urgent_first + records


def test_without_backfill_there_is_no_plan_for_it() -> None:
    without = [row.walk for row in budget.plans(settings(backfill=False), 2026)]
    assert not {Walk.BACKFILL, Walk.YEARS, *PEOPLE_FIRST} & set(without)


def test_lists_alone_cost_two_requests_a_year() -> None:
    rows = budget.plans(settings(backfill_from_year=2017, senado_detail_on_backfill=False), 2026)
    assert plan_of(rows, Walk.BACKFILL).requests == 20


def test_hours_follow_the_polite_rate() -> None:
    slow, fast = (
        plan_of(budget.plans(settings(senado_requests_per_second=rate), 2026), Walk.BACKFILL) for rate in (1, 5)
    )
    assert slow.requests == fast.requests
    assert slow.hours_at_polite_limit == pytest.approx(5 * fast.hours_at_polite_limit)
    assert 10 < fast.hours_at_polite_limit < 48


def test_the_steady_load_leaves_room() -> None:
    rows = [row for row in budget.plans(settings(), 2026) if row.every]
    steady = sum(row.requests / row.every.total_seconds() for row in rows)
    assert steady < 0.1 * settings().senado_requests_per_second


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--budget"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["walk", "every", "requests", "hours", "purpose"]
    walks = ["INCREMENTAL", "VOTES", "OVERLAP", "RECONCILE", "YEARS", "BACKFILL"]
    assert [line.split()[0] for line in lines[1:7]] == walks
    assert "requests a second" in lines[-1]
