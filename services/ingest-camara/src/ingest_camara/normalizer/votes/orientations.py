"""Orientations of benches in a voting, from the API and from the yearly file."""

from collections.abc import Iterable
from datetime import date

from legis.domain.records.vote_event_record import Orientation

from ingest_camara.normalizer.votes.record_claims import RecordClaims
from ingest_camara.vocabulary.benches import bench, orientation_option
from ingest_camara.wire.vote_event_records import OrientationRow
from ingest_camara.wire.voting_columns import BenchRow

_FIELD = "orientations"


def listed_orientations(
    claims: RecordClaims, rows: Iterable[OrientationRow], day: date | None
) -> tuple[Orientation, ...]:
    """The rows of the API's list, by label."""
    return _sorted(
        _orientation(claims, row.siglaPartidoBloco, row.orientacaoVoto, day, is_bloc=_is_bloc(row)) for row in rows
    )


def filed_orientations(claims: RecordClaims, rows: Iterable[BenchRow], day: date | None) -> tuple[Orientation, ...]:
    """The rows of the yearly file, by label; the file does not tell parties from blocs."""
    return _sorted(_orientation(claims, row.label, row.option, day, is_bloc=None) for row in rows)


def _orientation(
    claims: RecordClaims, label: str | None, option: str | None, day: date | None, *, is_bloc: bool | None
) -> Orientation:
    name = claims.text(_FIELD, label) or ""
    kind, parties = bench(name, is_bloc, day)
    text = claims.text(_FIELD, option)
    return Orientation(label=name, kind=kind, party_ids=parties, option=orientation_option(text), option_text=text)


def _is_bloc(row: OrientationRow) -> bool | None:
    code = (row.codTipoLideranca or "").strip().upper()
    return {"B": True, "P": False}.get(code)


def _sorted(found: Iterable[Orientation]) -> tuple[Orientation, ...]:
    return tuple(sorted(found, key=lambda one: (one.label, one.option)))
