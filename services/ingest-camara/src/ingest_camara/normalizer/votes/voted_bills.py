"""The bills of a voting: the one its id begins with, those it affected, and the motion that was voted on."""

from collections.abc import Iterable
from typing import NamedTuple

from legis.domain.records.vote_event_record import BillRole, VotedBill
from legis.domain.vocabulary import Source

from ingest_camara.normalizer.addresses import proposal_id
from ingest_camara.normalizer.claims import one_line
from ingest_camara.wire.vote_event_records import VotedProposal
from ingest_camara.wire.voting_columns import VotedBillRow
from ingest_camara.wire.voting_records import Voting

MOTIONS = frozenset({"REQ", "REC", "RCP", "RPD", "RPR", "RQN", "OBJ", "DTQ"})
"""Types of a proposição that is itself the motion: requests, appeals, nominations, separate votes."""


class Named(NamedTuple):
    """A proposição of a voting, as far as an answer names it."""

    id: str
    type_code: str
    identifier: str | None


def affected(proposals: Iterable[VotedProposal]) -> list[Named]:
    """The `proposicoesAfetadas` of a detail."""
    return [Named(one.id, one_line(one.siglaTipo) or "", identifier_of(one)) for one in proposals]


def filed(rows: Iterable[VotedBillRow]) -> list[Named]:
    """The rows of `votacoesProposicoes`."""
    return [Named(one_line(row.bill) or "", one_line(row.type_code) or "", one_line(row.title)) for row in rows]


def object_of(voting: Voting) -> list[Named]:
    """The `proposicaoObjeto` of a row or detail: the motion."""
    found = proposal_id(voting.uriProposicaoObjeto)
    label = one_line(voting.proposicaoObjeto)
    return [Named(found, (label or "").partition(" ")[0], label)] if found else []


def voted_bills(voting_id: str, named: Iterable[Named], motions: Iterable[Named] = ()) -> tuple[VotedBill, ...]:
    """The bills of a voting by our id, each once: a motion (by its place or its type) is the OBJECT."""
    found: dict[str, VotedBill] = {}
    of_motions = list(motions)
    for one in (*of_motions, *named):
        is_motion = one in of_motions or one.type_code.upper() in MOTIONS
        role = BillRole.OBJECT if is_motion else BillRole.AFFECTED
        bill_id = f"{Source.CAMARA.value}-{one.id}"
        found.setdefault(bill_id, VotedBill(id=bill_id, role=role, identifier=one.identifier))
    prefix, _, _ = voting_id.partition("-")
    if prefix.isascii() and prefix.isdigit() and prefix.strip("0"):
        bill_id = f"{Source.CAMARA.value}-{int(prefix)}"
        found.setdefault(bill_id, VotedBill(id=bill_id))
    return tuple(found[key] for key in sorted(found))


def identifier_of(one: VotedProposal) -> str | None:
    """`PL 2021/2015`; None without a type."""
    kind, number, year = (one_line(text) for text in (one.siglaTipo, one.numero, one.ano))
    if not kind:
        return None
    return f"{kind} {number}/{year}" if number and year else kind
