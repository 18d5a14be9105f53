"""Makes one bill of a list row, a row of a yearly file, or a detail with its sub-resources: pure functions.

The same facts give equal values from each of these sources, so that fingerprints over shared fields can be compared. A
field that the response does not show is not claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from legis.domain.bill import Bill
from legis.domain.vocabulary import QualityFlagCode

from ingest_camara.normalizer.bill_status import claim_status
from ingest_camara.normalizer.claims import Claims
from ingest_camara.normalizer.extras import keep_unknown, keep_unknown_rows, keep_unmapped
from ingest_camara.normalizer.identity import identify
from ingest_camara.normalizer.keywords import split_keywords
from ingest_camara.normalizer.proceedings import claim_actions
from ingest_camara.normalizer.relations import add_related, classify, relate
from ingest_camara.normalizer.sponsors import sponsor
from ingest_camara.normalizer.votings import claim_votes
from ingest_camara.wire.bill_records import Author, Detail, ListItem, Related, Status, Theme
from ingest_camara.wire.bulk import BulkAuthor, BulkRow, BulkTheme
from ingest_camara.wire.shapes import DetailShape, StatusShape
from ingest_camara.wire.voting_records import MemberVote, Voting

PARSER_VERSION = "camara/2"
"""Version of the parser; it changes when the same response would give another bill."""


@dataclass(frozen=True, slots=True)
class SubResources:
    """The sub-resources of a detail. None means not requested or not available: such a field is not claimed.

    `unanswered` names the fields whose lists were requested and not available. A voting without an entry in `votes`
    claims no members' votes.
    """

    authors: Sequence[Author] | None = None
    themes: Sequence[Theme] | None = None
    proceedings: Sequence[Status] | None = None
    related: Sequence[Related] | None = None
    votings: Sequence[Voting] | None = None
    votes: Mapping[str, Sequence[MemberVote]] = field(default_factory=dict)
    votes_left_out: int = 0
    unanswered: Sequence[str] = ()


def from_list_item(item: ListItem, *, fetched_at: datetime | None = None) -> Bill:
    """The bill with the seven or eight fields of a list row. Raises ValueError when one breaks the domain's limits."""
    claims = Claims(item.id, fetched_at)
    identify(claims, item)
    keep_unknown(claims, item)
    return claims.bill()


def from_bulk_row(
    row: BulkRow,
    authors: Sequence[BulkAuthor] | None = None,
    themes: Sequence[BulkTheme] | None = None,
    *,
    fetched_at: datetime | None = None,
) -> Bill:
    """The bill of a row of a yearly file, joined with the files of authors and themes.

    Raises ValueError when a value breaks the domain's limits. A bill without rows in those two files claims neither
    authors nor themes: a missing row proves nothing. Relations are claimed only where the row names one, since a row
    never names the bills that refer to this one.
    """
    claims = Claims(row.id, fetched_at)
    _record(claims, row)
    if not claims.values["related_bills"]:
        del claims.values["related_bills"]
    if authors:
        sponsor(claims, authors)
    if themes:
        classify(claims, ((theme.codTema, theme.tema) for theme in themes))
    return claims.bill()


def from_detail(detail: Detail, parts: SubResources | None = None, *, fetched_at: datetime | None = None) -> Bill:
    """The bill of a detail, with those of its sub-resources that were read.

    Raises ValueError when a value breaks the domain's limits.
    """
    claims = Claims(detail.id, fetched_at)
    _record(claims, detail, parts.proceedings if parts else None)
    if parts is not None:
        _parts(claims, parts)
    return claims.bill()


def _record(claims: Claims, item: DetailShape, proceedings: Sequence[StatusShape] | None = None) -> None:
    identify(claims, item)
    values = claims.values
    if item.has("descricaoTipo"):
        values["type_text"] = claims.text("type_text", item.descricaoTipo)
    if item.has("ementaDetalhada"):
        values["abstract"] = claims.text("abstract", item.ementaDetalhada)
    if item.has("keywords"):
        values["keywords"] = split_keywords(claims.text("keywords", item.keywords))
    relate(claims, item)
    if item.has("statusProposicao"):
        claim_status(claims, item.statusProposicao, proceedings)
    elif proceedings is not None:
        claim_actions(claims, proceedings)
    keep_unmapped(claims, item)
    keep_unknown(claims, item)
    if item.statusProposicao is not None:
        keep_unknown(claims, item.statusProposicao, "statusProposicao")


def _parts(claims: Claims, parts: SubResources) -> None:
    if parts.authors is not None:
        sponsor(claims, parts.authors)
        keep_unknown_rows(claims, "autores", parts.authors)
    if parts.themes is not None:
        classify(claims, ((theme.codTema, theme.tema) for theme in parts.themes))
        keep_unknown_rows(claims, "temas", parts.themes)
    if parts.proceedings is not None:
        keep_unknown_rows(claims, "tramitacoes", parts.proceedings)
    if parts.related is not None:
        add_related(claims, parts.related)
        keep_unknown_rows(claims, "relacionadas", parts.related)
    if parts.votings is not None:
        claim_votes(claims, parts.votings, parts.votes)
        keep_unknown_rows(claims, "votacoes", parts.votings)
        if parts.votes_left_out:
            left_out = f"members' votes of the {parts.votes_left_out} oldest votings are left out"
            claims.flag(QualityFlagCode.TRUNCATED, "vote_events", left_out)
    if "related_bills" in parts.unanswered:
        claims.values.pop("related_bills", None)  # the detail itself names only a part of the list
    for name in parts.unanswered:
        claims.flag(QualityFlagCode.LIST_IN_DOUBT, name)


_NAMES = ("chamber", "type", "type_code", "number", "number_text", "year", "identifier")


def only_names(bill: Bill) -> Bill:
    """The same bill with only its names claimed: a reading that stores marks without repeating all other fields."""
    names = {name: getattr(bill, name) for name in _NAMES if name in bill.model_fields_set}
    return Bill(source=bill.source, upstream_id=bill.upstream_id, **names)
