"""Public shapes of the parts that all records share: warnings, addresses, other keys, names.

Each has the fields of the domain model of the same name; a test compares the two.
"""

from legis.domain.vocabulary import QualityFlagCode

from api_gateway.documents.records.common_record_fields import FirstDay, LastDay
from api_gateway.documents.shapes import Out, described


class RecordFlag(Out):
    """A warning about one field of the record; the value itself is shown all the same."""

    code: QualityFlagCode = described("What is wrong", "LIST_IN_DOUBT")
    field: str = described("Field that the warning is about", "memberships.committees")
    detail: str | None = described("The evidence, for people", "3 entries are missing since 2026-03-02")


class Link(Out):
    """An address outside of this API."""

    url: str = described("Address", "https://www.camara.leg.br/deputados/204534")
    note: str | None = described("What is there, in the source's words", "website")


class ExternalId(Out):
    """The key of the record in another register."""

    scheme: str = described("Name of the register", "camara-id")
    identifier: str = described("Key in that register", "204534")


class DatedName(Out):
    """A name and when it was used."""

    name: str = described("The name, as the source writes it", "Partido do Movimento Democrático Brasileiro")
    acronym: str | None = described("The acronym (sigla) of that time", "PMDB")
    start_date: FirstDay
    end_date: LastDay
