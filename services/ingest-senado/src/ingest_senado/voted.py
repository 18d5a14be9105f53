"""Processes that were voted on: told from a list of votings, and what came of reading them."""

from collections.abc import Sequence

from legis.errors import RecordGone
from legis.ingest.set_aside import WindowFailures
from legis.ingest.source import Item
from legis.telemetry.logs import get_logger

from ingest_senado.wire.voting import VotingRow

log = get_logger(__name__)


def by_process(rows: Sequence[VotingRow]) -> dict[str, frozenset[int]]:
    """The ids of the votings, by the process that was voted on."""
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.idProcesso is not None:
            found.setdefault(str(row.idProcesso), set()).add(row.codigoSessaoVotacao)
    return {process_id: frozenset(votings) for process_id, votings in found.items()}


def voting_items(process_id: str, result: list[Item] | Exception, troubles: WindowFailures) -> list[Item]:
    """What the reading of one process that was voted on comes to."""
    if not isinstance(result, Exception):
        troubles.read(process_id)
        return result
    if isinstance(result, RecordGone):
        log.warning("process voted on but gone", upstream_id=process_id)
        return []
    letter = troubles.met(process_id, result)
    return [] if letter is None else [letter]
