"""Fields that every record has, and how a record's id is made.

A record claims only the fields that were set when it was created (`model_fields_set`), as a `Bill` does: readers of
upstream omit what they did not see, and set `None` or `()` only where upstream itself said that there is nothing.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from legis.domain.frozen import Frozen
from legis.domain.vocabulary import Chamber, QualityFlagCode, Source
from legis.domain.word_enum import Word

RecordId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*-[A-Za-z0-9._-]{1,100}$")]
"""`camara-deputy-204534`, `senado-senator-5936`, `camara-vote-2473375-59`, `party-pt`."""


class RecordKind(Word):
    """Kind of a record that is not a bill."""

    LEGISLATOR = "LEGISLATOR"
    ORGANIZATION = "ORGANIZATION"
    VOTE_EVENT = "VOTE_EVENT"
    EVENT = "EVENT"


class RecordFlag(Frozen):
    """A warning about one field of a record, with its evidence. The value itself is kept."""

    code: QualityFlagCode
    field: str
    detail: str | None = None


class Link(Frozen):
    """An address with what it leads to, in the source's words."""

    url: str
    note: str | None = None


class ExternalId(Frozen):
    """The key of a record in another register: `scheme` names the register (`senado-codigo-na-camara`)."""

    scheme: str
    identifier: str


class DatedName(Frozen):
    """A name with its first and last day; None: not known, or still in use."""

    name: str
    acronym: str | None = None
    start_date: date | None = None
    end_date: date | None = None


class Record(Frozen):
    """Base of all records. `upstream_id` is the source's own key, `id` ours; `source` is None for what no house
    publishes and Legis itself keeps: the parties.

    `extras` are fields of the source that are not mapped yet; they are kept and counted, and not served.
    """

    id: RecordId
    source: Source | None
    upstream_id: str
    house: Chamber | None = None
    url: str | None = None
    flags: tuple[Any, ...] = ()
    extras: dict[str, Any] = Field(default_factory=dict)


def record_id(source: Source, word: str, upstream_id: object) -> str:
    """The id of a record: `record_id(Source.CAMARA, "vote", "2473375-59")` is `camara-vote-2473375-59`."""
    return f"{source.value}-{word}-{upstream_id}"
