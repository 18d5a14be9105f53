"""The registry of sources: one row for each, which is all that the rest of Legis knows of a source by name.

Code that treats the houses differently asks for a row (`row_of`) and has an answer for a source without one, or
without a house of Congress: it is not linked, gets no URN, and is never taken for one of the two houses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from legis.domain.vocabulary import Chamber, Source


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source.

    `chamber`: the house whose records it holds. `bill_ids`: pattern of the upstream ids of bills by which the
    source can be asked for one. `single_records`: pattern of our ids of records (people, bodies, votings, events)
    by which it can be asked for one; empty where it can for none. `counterpart`: the source of the other house of
    Congress, None outside Congress. `urn_authority`: the house in a LexML URN, None where there is no such authority.
    `legislator_prefix`: before a legislator's code in our id of a person, where it is not
    `<source>-legislator-`: ask `legislator_id`. `domain`, `page_path`: where the house shows
    a bill to people, with the id as the first group.
    """

    source: Source
    chamber: Chamber
    title: str
    bill_ids: str = r"[0-9]{1,20}"
    single_records: str = ""
    counterpart: Source | None = None
    urn_authority: str | None = None
    legislator_prefix: str = ""
    domain: str = ""
    page_path: str = ""

    @property
    def askable(self) -> str:
        """The pattern of every id, theirs of bills and ours of records, by which the source can be asked for one."""
        return f"(?:{self.bill_ids}|{self.single_records})" if self.single_records else f"(?:{self.bill_ids})"


ROWS: Final = (
    SourceRow(
        Source.CAMARA,
        Chamber.CAMARA,
        "Câmara dos Deputados",
        single_records=r"camara-(?:deputy|org|event)-[0-9]{1,20}|camara-vote-[0-9]{1,20}-[0-9]{1,10}",
        counterpart=Source.SENADO,
        urn_authority="camara.deputados",
        legislator_prefix="camara-deputy-",
        domain="camara.leg.br",
        page_path=r"/(?:propostas-legislativas|api/v2/proposicoes|proposicoes)/(\d{1,20})",
    ),
    SourceRow(
        Source.SENADO,
        Chamber.SENADO,
        "Senado Federal",
        single_records=r"senado-(?:senator|org|org-bloc|meeting)-[0-9]{1,20}",
        counterpart=Source.CAMARA,
        urn_authority="senado.federal",
        legislator_prefix="senado-senator-",
        domain="senado.leg.br",
        page_path=r"/(?:materia|processo)s?(?:/[a-z]+)?/(\d{1,20})",
    ),
)
"""In the order in which sources are shown."""

BY_ID: Final[Mapping[str, SourceRow]] = {row.source.value: row for row in ROWS}

BILL_ID: Final = rf"(?:{'|'.join(BY_ID)})-[A-Za-z0-9._-]{{1,80}}"
"""The pattern of our id of a bill."""


def row_of(source: str) -> SourceRow | None:
    """The row of a source by its id; None for a name that is no source's."""
    return BY_ID.get(source)


def counterpart_of(source: str) -> Source | None:
    """The source of the other house of Congress; None for a source outside Congress or an unknown one."""
    row = row_of(source)
    return None if row is None else row.counterpart


def legislator_id(source: str, code: str) -> str:
    """Our id of a legislator by the code of its house; an id of ours stays as it is."""
    row = row_of(source)
    prefix = (row.legislator_prefix if row else "") or f"{source}-legislator-"
    return code if code.startswith(prefix) else prefix + code


def can_be_asked_for(source: str, upstream_id: str) -> bool:
    """Whether this source can be asked for one record by that id: its own of a bill, or ours of another record."""
    row = row_of(source)
    return row is not None and re.fullmatch(row.askable, upstream_id, re.ASCII) is not None
