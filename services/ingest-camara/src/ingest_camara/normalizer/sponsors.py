"""The sponsors of a bill: signatories in the order they signed, and the house it began in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from legis.domain.bill import Bill, Rapporteur, Sponsorship
from legis.domain.parties.party_names import PartyName, party_of
from legis.domain.vocabulary import Chamber, ChamberRole, SponsorKind, SponsorshipRole

from ingest_camara.normalizer.addresses import body_id, deputy_id
from ingest_camara.normalizer.claims import Claims, whole
from ingest_camara.vocabulary.bill_types import BICAMERAL
from ingest_camara.vocabulary.people import sponsor_kind
from ingest_camara.wire.shapes import AuthorShape

_UNSIGNED = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """A deputy in office, with the values that the Câmara's directory has today."""

    name: str
    party: str | None
    state: str | None


Directory = Mapping[str, Member]
"""Deputies in office by their id."""


def sponsor(claims: Claims, authors: Iterable[AuthorShape]) -> None:
    """Claims the signatories, and the Senado as the originating house where the Senado itself is an author."""
    rows = sorted(dict.fromkeys(_row(claims, author) for author in authors))
    sponsors: list[Sponsorship] = []
    for row in rows:
        role = SponsorshipRole.COAUTHOR if sponsors else SponsorshipRole.AUTHOR
        party = claims.party("sponsorships", row.party, claims.values.get("introduced_on"))
        sponsors.append(_sponsorship(row, role, party))
    claims.values["sponsorships"] = tuple(sponsors)
    if claims.values.get("type") in BICAMERAL and any(_is_senado(item) for item in sponsors):
        claims.values["originating_chamber"] = Chamber.SENADO
        claims.values["chamber_role"] = ChamberRole.REVIEWING


class _Row(NamedTuple):
    order: int
    name: str
    legislator: str
    body: str
    code: str
    type_text: str
    primary: str
    party: str
    state: str


def _row(claims: Claims, author: AuthorShape) -> _Row:
    def text(value: str | None) -> str:
        return claims.text("sponsorships", value) or ""

    return _Row(
        order=whole(author.ordemAssinatura) or _UNSIGNED,
        name=text(author.nome),
        legislator=deputy_id(author.uri) or "",
        body=body_id(author.uri) or "",
        code=text(author.codTipo),
        type_text=text(author.tipo),
        primary=text(author.proponente),
        party=text(author.siglaPartido),
        state=text(author.siglaUf),
    )


def _sponsorship(row: _Row, role: SponsorshipRole, party: PartyName) -> Sponsorship:
    return Sponsorship(
        name=row.name,
        role=role,
        kind=sponsor_kind(row.code or None, row.type_text, is_deputy=bool(row.legislator), is_body=bool(row.body)),
        order=row.order if row.order != _UNSIGNED else None,
        legislator_id=row.legislator or None,
        organization_code=row.body or None,
        party=party.party,
        party_text=party.text,
        state=row.state or None,
        type_text=row.type_text or None,
        primary=row.primary == "1" if row.primary else None,
    )


def _is_senado(item: Sponsorship) -> bool:
    return item.kind is SponsorKind.ORGANIZATION and item.name.startswith("Senado Federal")


def legislature_began(day: date) -> date:
    """The first day of the legislature that contains `day`: the first of February of every fourth year since 1991."""
    year = day.year if (day.month, day.day) >= (2, 1) else day.year - 1
    return date(year - (year - 1991) % 4, 2, 1)


def introduce(bill: Bill, directory: Directory, today: date) -> Bill:
    """The bill with names, parties and states from the directory of deputies in office.

    The directory has the parties of today, so signatories from before this legislature get no party from it: the yearly
    files have the party of that day. Values that the response itself gives stay as they are. Fingerprints are computed
    before this, so that a deputy who changes party does not make a thousand bills look changed.
    """
    update: dict[str, Sequence[Sponsorship] | Sequence[Rapporteur]] = {}
    recent = bill.introduced_on is not None and bill.introduced_on >= legislature_began(today)
    if any(item.legislator_id in directory for item in bill.sponsorships):
        update["sponsorships"] = tuple(_known_sponsor(item, directory, recent) for item in bill.sponsorships)
    if any(item.legislator_id in directory for item in bill.rapporteurs):
        update["rapporteurs"] = tuple(_known_rapporteur(item, directory) for item in bill.rapporteurs)
    return bill.model_copy(update=update) if update else bill


def _known_sponsor(item: Sponsorship, directory: Directory, recent: bool) -> Sponsorship:
    member = directory.get(item.legislator_id or "")
    if member is None or item.party or item.party_text or item.state:
        return item
    return item.model_copy(update=_of(member) if recent else {"state": member.state})


def _known_rapporteur(item: Rapporteur, directory: Directory) -> Rapporteur:
    member = directory.get(item.legislator_id or "")
    if member is None:
        return item
    return item.model_copy(update={"name": member.name, **_of(member)})


def _of(member: Member) -> dict[str, str | None]:
    party = party_of(member.party)
    return {"party": party.party, "party_text": party.text, "state": member.state}
