"""Public shapes of the parts of a bill: bodies, sponsors, documents, relations, proceedings.

Each has the fields of the domain model of the same name, with the words that API users read; a test compares the two.
"""

import datetime

from legis.domain.vocabulary import (
    ActionKind,
    Chamber,
    DocumentKind,
    QualityFlagCode,
    RelationKind,
    SponsorKind,
    SponsorshipRole,
)
from pydantic import AwareDatetime

from api_gateway.documents.common_fields import LegislatorId, Party, PartyText, PersonName, State
from api_gateway.documents.shapes import Out, described


class Organization(Out):
    """A committee, board, house or other body (órgão)."""

    id: str | None = described(
        "Our id of the organization, as /organizations/{id} takes it; null where the source gives no code. An "
        "administrative office has an id, but no record",
        "camara-org-2003",
    )
    code: str | None = described("Key of the body at its source", "2003")
    acronym: str | None = described("Usual short name (sigla)", "CCJC")
    name: str | None = described("Full name", "Comissão de Constituição e Justiça e de Cidadania")
    chamber: Chamber | None = described("House (Casa) of the body", "CAMARA")


class Subject(Out):
    """A subject (tema, assunto) as the source classifies the bill."""

    code: str | None = described("Key of the subject at its source", "46")
    name: str = described("Official name", "Educação")


class OtherIdentifier(Out):
    """Another number of the same bill: in the other house, or a former one."""

    identifier: str = described("Type, number and year as people write them", "PL 7769/2017")
    type_code: str = described("Official type code", "PL")
    number: int | None = described("Official number", 7769)
    year: int | None = described("Year of the official number", 2017)
    chamber: Chamber | None = described("House that gave this number", "CAMARA")
    upstream_id: str | None = described("Key of the record of this number at its source", "2139058")
    note: str | None = described("What the source says of this number, verbatim", "Número na Casa de origem")


class Sponsorship(Out):
    """One signatory of the bill (autor, signatário)."""

    name: PersonName
    role: SponsorshipRole = described("Role: author, co-author, or initiator (iniciativa) of others' bill", "AUTHOR")
    kind: SponsorKind = described("Whether a legislator or a body signed", "LEGISLATOR")
    order: int | None = described("Place in the order of signature, from 1", 1)
    legislator_id: LegislatorId
    organization_code: str | None = described("Key of the body that signed, at its source", "78")
    party: Party
    party_text: PartyText
    state: State
    type_text: str | None = described("Kind of signatory in the source's words", "Deputado(a)")
    primary: bool | None = described("Whether the source calls this a proposer (proponente) rather than a supporter")


class Rapporteur(Out):
    """A legislator who reports on the bill to a body (relator, relatora)."""

    name: str | None = described("Name, as the source writes it", "Orlando Silva")
    legislator_id: LegislatorId
    party: Party
    party_text: PartyText
    state: State
    organization: Organization | None = described("Body that the rapporteur reports to")
    designated_on: datetime.date | None = described("Day of designation, Brasília's calendar", "2021-03-24")
    ended_on: datetime.date | None = described("Day on which the task ended; null while it lasts", "2022-04-06")
    end_reason_text: str | None = described("Why it ended, verbatim", "Deliberação da matéria")


class Document(Out):
    """A link to a text at its house."""

    kind: DocumentKind = described("Kind: inteiro teor, parecer, emenda, text of an action, or another", "FULL_TEXT")
    url: str = described(
        "Address of the text", "https://www.camara.leg.br/proposicoesWeb/prop_mostrarintegra?codteor=1909983"
    )
    title: str | None = described("Title, as the source writes it", "Avulso inicial da matéria")
    kind_text: str | None = described("Kind in the source's words", "Avulso inicial da matéria")
    media_type: str | None = described("Media type, only where the source tells it", "application/pdf")
    published_on: datetime.date | None = described("Day of publication, Brasília's calendar", "2020-07-03")
    upstream_id: str | None = described("Key of the document at its source", "8127630")


class RelatedBill(Out):
    """Another bill of the same source that this one is joined to or follows (apensada, proposição relacionada)."""

    kind: RelationKind = described("How the other bill relates to this one", "JOINED_TO")
    upstream_id: str | None = described("Key of the other bill at its source", "2124151")
    identifier: str | None = described("The other bill's type, number and year", "PL 3063/2020")
    url: str | None = described(
        "Address of the other bill at its source", "https://dadosabertos.camara.leg.br/api/v2/proposicoes/2256735"
    )
    title: str | None = described("The other bill's summary (ementa)", "Altera o Marco Civil da Internet.")


class Enactment(Out):
    """The legal norm that the bill became (norma gerada)."""

    type_code: str | None = described("Type of norm, as the source writes it", "LEI")
    number: str | None = described("Number of the norm, as the source writes it", "14.811")
    year: int | None = described("Year of the norm", 2024)
    signed_on: datetime.date | None = described("Day of signature", "2024-01-12")
    title: str | None = described("Name of the norm, as the source writes it", "Lei nº 14.811 de 12/01/2024")


class Decision(Out):
    """The final deliberation of the bill in this house (deliberação)."""

    decided_on: datetime.date | None = described("Day of the deliberation, Brasília's calendar", "2020-06-30")
    code: str | None = described("The source's code of the outcome", "APRV")
    text: str | None = described("Outcome in the source's words", "Aprovada pelo Plenário")
    destination_text: str | None = described(
        "Where the bill goes next, in the source's words", "À Câmara dos Deputados"
    )


class Action(Out):
    """One entry of the proceedings (tramitação, andamento)."""

    date: datetime.date | None = described("Day of the action, Brasília's calendar", "2026-03-02")
    at: AwareDatetime | None = described(
        "Instant of the action; null where only the day is known", "2026-03-02T13:45:00Z"
    )
    order: int | None = described("The source's sequence number; gaps are normal", 214)
    kind: ActionKind = described("What was done, in our words", "RAPPORTEUR_DESIGNATED")
    kind_code: str | None = described("The source's code of the kind", "320")
    kind_text: str | None = described("Kind in the source's words", "Designação de Relator(a)")
    description: str | None = described(
        "Official text (despacho, texto da tramitação), verbatim", "Designado Relator, Dep. Orlando Silva."
    )
    organization: Organization | None = described("Body that acted")
    status_code: str | None = described("The source's code of the situation after it", "915")
    status_text: str | None = described("Situation after it, in the source's words", "Aguardando Parecer do Relator")
    url: str | None = described(
        "Address of the text of the action", "https://www.camara.leg.br/proposicoesWeb/prop_mostrarintegra?codteor=1"
    )
    documents: list[Document] = described("Texts that were issued with it")
    upstream_id: str | None = described("Key of the entry at its source", "2011234")


class QualityFlag(Out):
    """A warning about one field of the record; the value itself is shown all the same."""

    code: QualityFlagCode = described("What is wrong", "DATE_IN_FUTURE")
    field: str = described("Field that the warning is about", "latest_action")
    detail: str | None = described("The evidence, for people", "2062-03-02")
