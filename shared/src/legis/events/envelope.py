"""Fields common to all events on the stream: version, source, time and window."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from legis.domain.vocabulary import Source
from legis.domain.word_enum import Word


class Walk(Word):
    """Why a source is being read. Each walk of a source has a checkpoint of its own."""

    INCREMENTAL = "INCREMENTAL"
    OVERLAP = "OVERLAP"
    BACKFILL = "BACKFILL"
    RECONCILE = "RECONCILE"
    VOTES = "VOTES"
    YEARS = "YEARS"
    """Requests again the years whose list could not be read."""
    AGENDA = "AGENDA"
    """Sessions and meetings of the last days and the next weeks, with their agendas."""
    VOTINGS = "VOTINGS"
    """Votings of the last days."""
    PEOPLE = "PEOPLE"
    """Legislators in office, organizations and their members."""
    VOTINGS_BACKFILL = "VOTINGS_BACKFILL"
    """Votings of every year, newest first. Position: minus the year."""
    PEOPLE_BACKFILL = "PEOPLE_BACKFILL"
    """Legislators and memberships of every legislature, newest first. Position: minus the year in which it began."""
    AGENDA_BACKFILL = "AGENDA_BACKFILL"
    """Sessions and meetings of every year, newest first. Position: minus the year."""


YEARLY_WALKS = frozenset({Walk.BACKFILL, Walk.VOTINGS_BACKFILL, Walk.PEOPLE_BACKFILL, Walk.AGENDA_BACKFILL})
"""Walks whose position is minus a year, so that it rises while the years go back."""


class WindowRef(BaseModel):
    """The window an event belongs to, and the event's index in it: 0, 1, 2 …"""

    model_config = ConfigDict(frozen=True)

    window_id: str
    walk: Walk
    index: int = Field(ge=0)


class Envelope(BaseModel):
    """Fields that every event has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    source: Source
    published_at: AwareDatetime
