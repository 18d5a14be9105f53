"""A backfill that an operator runs again reads every bill again, though all are remembered as stored."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from e2e.conftest import Legis, running

THIS_YEAR = datetime.now(UTC).year
PATIENT = {"BACKFILL_FROM_YEAR": str(THIS_YEAR - 2), "YEARS_RETRY_SECONDS": "86400", "LEGIS_SAMPLE_BILLS": "600"}


@pytest.fixture(scope="module")
def legis() -> Iterator[Legis]:
    """A system of its own, which looks at years that were not read once a day."""
    with running(PATIENT) as system:
        system.until(lambda: {one["state"] for one in sources(system)} == {"FRESH"}, 120, "both sources read once")
        yield system


def sources(legis: Legis) -> list[dict[str, Any]]:
    return list(legis.get("/api/v1/sources").json()["data"])


def source(legis: Legis, name: str) -> dict[str, Any]:
    (found,) = (one for one in sources(legis) if one["source"] == name)
    return found


def backfill(legis: Legis, *options: str) -> str:
    """What `make backfill` runs, beside the system."""
    done = subprocess.run(
        [sys.executable, "-m", "legis_launcher", "backfill", "--run-dir", str(legis.folder.path), *options],
        env={name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def unread_since(legis: Legis, name: str, year: int, moment: datetime) -> int:
    """Bills of the year, as the source has them, of which no reading was stored since that moment."""
    ((count,),) = legis.query(
        "SELECT count(*) FROM bill WHERE source = $1 AND year = $2 AND removed_at IS NULL AND last_seen_at < $3",
        name,
        year,
        moment,
    )
    return int(count)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["camara", "senado"])
def test_a_year_is_read_again_and_told_until_then(legis: Legis, name: str) -> None:
    began, year = datetime.now(UTC), THIS_YEAR - 1
    assert unread_since(legis, name, year, began) > 3
    assert f"{name}: {year} is read again" in backfill(legis, f"--source={name}", f"--year={year}")
    legis.until(lambda: unread_since(legis, name, year, began) == 0, 60, "each bill of the year read and stored")
    legis.until(lambda: source(legis, name)["years_not_read"] == [], 60, "the year told as read")
    assert unread_since(legis, name, THIS_YEAR - 2, began) > 3, "no other year"


@pytest.mark.timeout(900)
def test_everything_is_read_again(legis: Legis) -> None:
    began = datetime.now(UTC)
    assert "every year is read again" in backfill(legis, "--source=all")
    for name, year in product(("camara", "senado"), range(THIS_YEAR - 2, THIS_YEAR + 1)):
        legis.until(lambda n=name, y=year: unread_since(legis, n, y, began) == 0, 120, f"{year} of {name} read")
    legis.until(lambda: {one["state"] for one in sources(legis)} == {"FRESH"}, 120, "both sources read once more")
