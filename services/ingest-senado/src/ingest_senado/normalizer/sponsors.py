"""Sponsors and rapporteurs of a bill."""

from collections.abc import Iterable
from datetime import date

from legis.domain.bill import Organization, Rapporteur, Sponsorship
from legis.domain.parties.party_names import PartyName
from legis.domain.vocabulary import SponsorKind, SponsorshipRole

from ingest_senado.normalizer.notes import Notes
from ingest_senado.vocabulary.chambers import chamber
from ingest_senado.vocabulary.people import sponsor_kind
from ingest_senado.wire.bill_records import Author, Detail
from ingest_senado.wire.rapporteur_records import RapporteurRow


def sponsorships(detail: Detail, notes: Notes, signed_on: date | None) -> tuple[Sponsorship, ...]:
    """The signatories of the document, then those who had the initiative without signing it.

    The two differ: the document of a bill from the Câmara is the Câmara's, the initiative is that of a deputy.
    """
    signed = detail.documento.autoria if detail.documento else ()
    signers = {_key(author) for author in signed}
    others = [author for author in detail.autoriaIniciativa if _key(author) not in signers]
    roles = [(a, i, _role(a, i)) for i, a in enumerate(signed, 1)]
    roles += [(a, i, SponsorshipRole.INITIATOR) for i, a in enumerate(others, 1)]
    parties = [notes.party("sponsorships", author.siglaPartido, signed_on) for author, _, _ in roles]
    return tuple(_sponsorship(*role, party) for role, party in zip(roles, parties, strict=True))


def rapporteurs(rows: Iterable[RapporteurRow], notes: Notes) -> tuple[Rapporteur, ...]:
    """All duties to report, oldest first."""
    ordered = sorted(rows, key=lambda row: (row.dataDesignacao or "", row.id))
    return tuple(_rapporteur(row, notes) for row in ordered)


def _key(author: Author) -> tuple[str, int | None]:
    return author.autor, author.codigoParlamentar


def _role(author: Author, position: int) -> SponsorshipRole:
    first = (author.ordem or position) == 1
    return SponsorshipRole.AUTHOR if first else SponsorshipRole.COAUTHOR


def _sponsorship(author: Author, position: int, role: SponsorshipRole, party: PartyName) -> Sponsorship:
    kind = sponsor_kind(author.siglaTipo, author.codigoParlamentar)
    body = kind is SponsorKind.ORGANIZATION and author.idEnte is not None
    return Sponsorship(
        name=author.autor,
        role=role,
        kind=kind,
        order=author.ordem or position,
        legislator_id=None if author.codigoParlamentar is None else str(author.codigoParlamentar),
        organization_code=str(author.idEnte) if body else None,
        party=party.party,
        party_text=party.text,
        state=author.uf,
        type_text=author.descricaoTipo,
        primary=role is SponsorshipRole.AUTHOR,
    )


def _rapporteur(row: RapporteurRow, notes: Notes) -> Rapporteur:
    body = None
    if row.codigoColegiado is not None or row.siglaColegiado or row.nomeColegiado:
        body = Organization(
            code=None if row.codigoColegiado is None else str(row.codigoColegiado),
            acronym=row.siglaColegiado,
            name=row.nomeColegiado,
            chamber=chamber(row.siglaCasa),
        )
    designated_on = notes.day(row.dataDesignacao, "rapporteurs")
    party = notes.party("rapporteurs", row.siglaPartidoParlamentar, designated_on)
    return Rapporteur(
        name=row.nomeParlamentar,
        legislator_id=None if row.codigoParlamentar is None else str(row.codigoParlamentar),
        party=party.party,
        party_text=party.text,
        state=row.ufParlamentar,
        organization=body,
        designated_on=designated_on,
        ended_on=notes.day(row.dataDestituicao, "rapporteurs"),
        end_reason_text=row.descricaoTipoEncerramento,
    )
