"""Makes a `LegislatorRecord` of a row of the file of deputies, of a row of a list, or of a detail: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from legis.domain.brasilia_time import local_day
from legis.domain.organization import Organization
from legis.domain.records.legislator import BirthPlace, LegislatorRecord
from legis.domain.records.membership import Membership, MembershipKind
from legis.domain.records.record import Link
from legis.domain.storable_text import clean
from legis.domain.vocabulary import Chamber

from ingest_camara.normalizer.addresses import deputy_id
from ingest_camara.normalizer.extras import keep_unknown
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.normalizer.people.register_claims import RegisterClaims, by_start
from ingest_camara.vocabulary.exercise import Exercise, condition_of, exercise_of
from ingest_camara.wire.people_files import FileDeputy
from ingest_camara.wire.people_records import DeputyDetail, DeputyRow, DeputyStatus

HOUSE = Organization(acronym="CD", name="Câmara dos Deputados", chamber=Chamber.CAMARA)
_PAGE = "https://www.camara.leg.br/deputados/"

Parties = Mapping[str, str]
"""Party keys by the address of the party, as upstream has them now."""


def legislator_claims(upstream_id: str, fetched_at: datetime | None) -> RegisterClaims:
    """Claims about a deputy, with the page for people."""
    claims = RegisterClaims("deputy", upstream_id, fetched_at)
    claims.values |= {"house": Chamber.CAMARA, "url": _PAGE + upstream_id}
    return claims


def from_file(row: FileDeputy, unknown: Mapping[str, Any], fetched_at: datetime, *, former: bool) -> LegislatorRecord:
    """The deputy of a row of `deputados.csv`. Raises ValueError for a row without an id.

    Only of a former deputy the file's name is claimed, and no other answer claims it: lists and histories spell some
    names in another way. Of others the details and the list of those in office have a newer one.
    """
    upstream_id = deputy_id(row.uri)
    if upstream_id is None:
        raise ValueError(f"no id of a deputy in {row.uri[:100]!r}")
    claims = legislator_claims(upstream_id, fetched_at)
    claims.claim(name=claims.text("name", row.nome) if former else None)
    _civil(claims, row.nomeCivil, row.siglaSexo, row.dataNascimento, row.dataFalecimento)
    _birth_place(claims, row.municipioNascimento, row.ufNascimento)
    claims.claim(links=_links(row.urlWebsite, *row.urlRedeSocial.split()))
    claims.keep(idLegislaturaInicial=row.idLegislaturaInicial, idLegislaturaFinal=row.idLegislaturaFinal, **unknown)
    return claims.record(LegislatorRecord)


def from_detail(detail: DeputyDetail, fetched_at: datetime, parties: Parties) -> LegislatorRecord:
    """The deputy of a detail, which tells the present name, party, state and exercise."""
    claims = legislator_claims(detail.id, fetched_at)
    _civil(claims, detail.nomeCivil, detail.sexo, detail.dataNascimento, detail.dataFalecimento)
    _birth_place(claims, detail.municipioNascimento, detail.ufNascimento)
    claims.values["links"] = _links(detail.urlWebsite, *(detail.redeSocial or ()))
    keep_unknown(claims, detail)
    claims.keep(escolaridade=detail.escolaridade)
    if (status := detail.ultimoStatus) is not None:
        keep_unknown(claims, status, "ultimoStatus")
        claims.claim(name=claims.text("name", status.nome))
        claim_status(claims, status, fetched_at, parties, local_day(fetched_at))
    return claims.record(LegislatorRecord)


def claim_status(
    claims: RegisterClaims, status: DeputyStatus, fetched_at: datetime, parties: Parties, day: date
) -> None:
    """Claims what the newest entry of a deputy's history says, but for the name. `day` is the one on which the label of
    the party is meant.
    """
    exercise = exercise_of(status.situacao)
    _now(claims, status, fetched_at, parties, day)
    if exercise is not None and exercise is not Exercise.UNKNOWN:
        claims.values["in_office"] = exercise is Exercise.IN_OFFICE
    text = claims.text("condition", status.condicaoEleitoral)
    claims.claim(condition=condition_of(text), condition_text=text)
    claims.keep(situacao=status.situacao, descricaoStatus=status.descricaoStatus, nomeEleitoral=status.nomeEleitoral)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a deputy besides the rows of a list. `newest`: it is the list of the deputy's last legislature.
    `named`: the file or the detail gives the name of somebody who is not in office, so the rows, which may have several
    spellings, do not claim one. `history_read`: terms and parties are stored with their days, which no row has, so they
    are not claimed.
    """

    newest: bool = False
    named: bool = False
    history_read: bool = False


def from_rows(
    rows: Sequence[DeputyRow], seated: DeputyRow | None, term: Legislature, fetched_at: datetime, parties: Parties,
    known: Known,
) -> LegislatorRecord:  # fmt: skip
    """The deputy of all rows of one legislature's list, and of the row of those in office now."""
    claims = legislator_claims((seated or rows[0]).id, fetched_at)
    if seated is not None:
        claims.claim(name=claims.text("name", seated.nome))
        _now(claims, seated, fetched_at, parties, local_day(fetched_at))
        claims.values["in_office"] = True
    elif known.newest:
        claims.claim(name=None if known.named else claims.text("name", rows[0].nome))
        _then(claims, rows, term, fetched_at)
    if rows and not known.history_read:
        claims.values["memberships"] = _undated(claims, rows, term, parties)
    for row in rows:
        keep_unknown(claims, row)
    return claims.record(LegislatorRecord)


def _now(claims: RegisterClaims, row: DeputyRow, fetched_at: datetime, parties: Parties, day: date) -> None:
    party = claims.party("party", row.siglaPartido, day)
    claims.claim(state=claims.text("state", row.siglaUf), image=claims.text("image", row.urlFoto))
    if row.siglaPartido:
        claims.values |= {"party": party.party, "party_text": party.text}
        claims.stale_party("party", party.party, row.uriPartido, parties)
    claims.values["state_at"] = fetched_at


def _then(claims: RegisterClaims, rows: Sequence[DeputyRow], term: Legislature, fetched_at: datetime) -> None:
    """Claims what the rows of the deputy's last legislature show; a party only where all rows have the same."""
    row, found = rows[0], {claims.party("party", row.siglaPartido, term.middle) for row in rows}
    claims.claim(state=claims.text("state", row.siglaUf), image=claims.text("image", row.urlFoto))
    if len(found) == 1 and (party := found.pop()).party:
        claims.values |= {"party": party.party, "party_text": party.text}
    if term.last < local_day(fetched_at):
        claims.values["in_office"] = False


def _undated(
    claims: RegisterClaims, rows: Sequence[DeputyRow], term: Legislature, parties: Parties
) -> dict[str, tuple[Membership, ...]]:
    """The term of a legislature and the parties in it, without days; by name of the list. Those names are not the ones
    of the history's lists: a row read again must not replace what is known with days.
    """
    number, found = term.number, {}
    for row in rows:
        field = f"memberships.listed-parties-{number}"
        party = claims.party(field, row.siglaPartido, term.middle)
        claims.stale_party(field, party.party, row.uriPartido, parties)
        found[party.party, party.text] = Membership(
            kind=MembershipKind.PARTY, legislature=number, party=party.party, party_text=party.text
        )
    seat = Membership(
        kind=MembershipKind.TERM, organization=HOUSE, legislature=number, state=claims.text("state", rows[0].siglaUf)
    )
    return {f"listed-terms-{number}": (seat,), f"listed-parties-{number}": by_start(list(found.values()))}


def _civil(claims: RegisterClaims, name: str | None, sex: str | None, born: str | None, died: str | None) -> None:
    claims.claim(
        civil_name=claims.text("civil_name", name),
        gender=claims.text("gender", sex),
        birth_date=claims.day("birth_date", born),
        death_date=claims.day("death_date", died),
    )


def _birth_place(claims: RegisterClaims, municipality: str | None, state: str | None) -> None:
    town, letters = claims.text("birth_place", municipality), claims.text("birth_place", state)
    if town or letters:
        claims.values["birth_place"] = BirthPlace(municipality=town, state=letters)


def _links(*urls: str | None) -> tuple[Link, ...]:
    cleaned = dict.fromkeys(clean(url)[0].strip() for url in urls if url)
    return tuple(Link(url=url) for url in cleaned if url)
