"""Fields that several public shapes have in common, each declared once: type, description, example."""

from datetime import date
from typing import Annotated

from legis.domain.vocabulary import BillStatus, BillType, Chamber, Source, StatusBasis, StatusReason
from pydantic import AwareDatetime, Field

BillKey = Annotated[
    str, Field(description="Stable id of the bill: source and upstream id", examples=["camara-2256735"])
]
ReadWhole = Annotated[
    bool,
    Field(
        description="Whether the details of the bill were read from its house. If not, only a row of a list or file was"
        " read: what is missing here is not known yet, and an empty list does not mean that there is nothing",
        examples=[True],
    ),
]
SourceName = Annotated[Source, Field(description="House whose API the record is from", examples=["camara"])]
House = Annotated[
    Chamber | None,
    Field(
        description="House (Casa) that the record belongs to; CONGRESSO: both houses sitting together",
        examples=["CAMARA"],
    ),
]
Type = Annotated[
    BillType,
    Field(description="Official type code (sigla do tipo), or OTHER for one without a word of ours", examples=["PL"]),
]
TypeCode = Annotated[str, Field(description="Type code exactly as the source writes it", examples=["PL"])]
Number = Annotated[int | None, Field(description="Official number (número)", examples=[2630])]
Year = Annotated[int | None, Field(description="Year (ano) of the official number", examples=[2020])]
Identifier = Annotated[
    str,
    Field(
        description="Type, number and year as people write them; may change during a bill's life",
        examples=["PL 2630/2020"],
    ),
]
Nickname = Annotated[
    str | None, Field(description="Popular name (apelido), where the source has one", examples=["Lei das Fake News"])
]
Title = Annotated[
    str | None,
    Field(
        description="Official summary of the bill (ementa), verbatim, in Portuguese",
        examples=["Institui a Lei Brasileira de Liberdade, Responsabilidade e Transparência na Internet."],
    ),
]
Status = Annotated[
    BillStatus,
    Field(
        description="Where the bill stands, in our words; what it rests on is in `status_basis`",
        examples=["IN_COMMITTEE"],
    ),
]
StatusText = Annotated[
    str | None,
    Field(
        description="Situation (situação) in the source's words, verbatim", examples=["Aguardando Parecer do Relator"]
    ),
]
Basis = Annotated[
    StatusBasis,
    Field(
        description="Evidence that `status` rests on: the source's own situation, the code or the official text of the"
        " last decisive action, the norm that the bill became, a main bill that it goes with, or none",
        examples=["SITUATION"],
    ),
]
Reason = Annotated[
    StatusReason | None,
    Field(
        description="Outcome of a bill that is ARCHIVED (arquivada), where its last action tells it",
        examples=["END_OF_LEGISLATURE"],
    ),
]
InProgress = Annotated[
    bool | None, Field(description="Whether the bill is still moving (em tramitação); null: the source does not say")
]
IntroducedOn = Annotated[
    date | None, Field(description="Day of introduction (apresentação), Brasília's calendar", examples=["2020-07-03"])
]
LastActionAt = Annotated[
    AwareDatetime | None,
    Field(
        description="Instant of `latest_action`; where only its day is known, the beginning of that day in Brasília",
        examples=["2026-03-02T13:45:00Z"],
    ),
]
UrnLex = Annotated[
    str | None,
    Field(
        description="LexML URN, the national identifier of the text",
        examples=["urn:lex:br:camara.deputados:projeto.lei;pl:2020-07-03;2630"],
    ),
]
BillPage = Annotated[
    str | None,
    Field(
        description="Address of the bill's page at its house",
        examples=["https://www.camara.leg.br/propostas-legislativas/2256735"],
    ),
]
Version = Annotated[int, Field(description="Number of the record's version, from 1, without gaps", examples=[7])]
ChangeSeq = Annotated[
    int, Field(description="`seq` of the newest entry of the change log about this bill", examples=[48213])
]
ChangedAt = Annotated[
    AwareDatetime,
    Field(
        description="When what the bill says last changed here; reading it again unchanged does not move it",
        examples=["2026-03-02T14:00:05Z"],
    ),
]
RemovedAt = Annotated[
    AwareDatetime | None,
    Field(
        description="When its source was found to have the bill no more; null while it has",
        examples=["2026-04-01T06:00:00Z"],
    ),
]
PersonName = Annotated[
    str, Field(description="Name of the person or body, as the source writes it", examples=["Alessandro Vieira"])
]
LegislatorId = Annotated[
    str | None,
    Field(
        description="Stable id of the legislator (parlamentar); null for bodies and where the source gives none",
        examples=["camara-deputy-204534"],
    ),
]
Party = Annotated[
    str | None,
    Field(description="Party (partido) at that day: one acronym, whatever its name was then", examples=["PSB"]),
]
PartyText = Annotated[
    str | None, Field(description="Party as the source writes it, only where that differs", examples=["PMDB"])
]
State = Annotated[str | None, Field(description="Federal unit (UF) of the legislator, two letters", examples=["SE"])]
