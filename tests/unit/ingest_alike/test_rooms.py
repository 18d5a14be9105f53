"""Every source package has the same rooms, and the same file names where the job is the same."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = [
    *(path for service in ROOT.glob("services/ingest-*") for path in (service / "src").glob("ingest_*")),
    ROOT / "tests" / "new_source" / "assembly" / "src" / "ingest_ensaio",
]
ROOMS = {"client", "wire", "vocabulary", "normalizer", "source"}
OWN_ROOMS = {"ingest_senado": {"legacy"}}
EVERYWHERE = {
    "__main__", "settings", "budget", "client/api", "client/upstream_policy", "wire/bill_records",
    "vocabulary/statuses", "normalizer/bill", "source/adapter", "source/schedule", "source/bills",
}  # fmt: skip
IN_BOTH_HOUSES = {
    "client/answers", "wire/voting_records", "wire/wire_model", "vocabulary/actions", "vocabulary/people",
    "vocabulary/purposes", "vocabulary/votes", "normalizer/addresses", "normalizer/bill_status",
    "normalizer/identity", "normalizer/marks", "normalizer/proceedings", "normalizer/relations",
    "normalizer/sponsors", "normalizer/votings", "source/changes", "source/details", "source/listing", "source/years",
    "wire/people_records", "wire/organization_records", "wire/vote_event_records", "wire/event_records",
    "vocabulary/benches", "normalizer/legislators", "normalizer/organizations", "normalizer/vote_events",
    "normalizer/events", "source/people_walk", "source/votings_walk", "source/agenda_walk",
}  # fmt: skip


def modules(package: Path) -> set[str]:
    """Modules by their path in the package, without suffix."""
    found = (path.relative_to(package).with_suffix("").as_posix() for path in package.rglob("*.py"))
    return {name for name in found if not name.endswith("__init__")}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_rooms_and_names_are_the_same(package: Path) -> None:
    found = modules(package)
    rooms = {name.partition("/")[0] for name in found if "/" in name}
    assert rooms == ROOMS | OWN_ROOMS.get(package.name, set())
    assert found >= EVERYWHERE
    if package.name in ("ingest_camara", "ingest_senado"):
        assert found >= IN_BOTH_HOUSES


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_file_name_stands_once_in_a_package(package: Path) -> None:
    names = Counter(name.rpartition("/")[2] for name in modules(package))
    assert [name for name, number in names.items() if number > 1] == []
