"""Incidents: a dated Markdown file for each in `docs/incidents/`, whose README says how one is written."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources.abc import Traversable

from legis.languages import Language
from legis.telemetry.logs import get_logger

from api_gateway.site.texts.markdown_text import Rendered, rendered, shipped

FOLDER = "docs/incidents"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z0-9-]+\.md", re.ASCII)
_FIELD = re.compile(r"(title|title_en|started_at|ended_at|affects): *(.+)")
_ENGLISH = re.compile(r"^<!-- en -->$", re.MULTILINE)
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. `ended_at` is None while it goes on; `affects` are ids of sources, or `legis`."""

    name: str
    day: date
    titles: dict[Language, str]
    texts: dict[Language, Rendered]
    started_at: datetime
    ended_at: datetime | None
    affects: tuple[str, ...]

    @property
    def seconds(self) -> float | None:
        """How long it lasted; None while it goes on."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()


class IncidentMalformed(ValueError):
    """A file is not written as the README says."""


@cache
def incidents() -> tuple[Incident, ...]:
    """All incidents, the newest first. A file that cannot be read is left out and logged; a test reads those that are
    shipped.
    """
    folder = shipped(FOLDER)
    found = [one for file in (folder.iterdir() if folder.is_dir() else ()) if (one := _read(file)) is not None]
    return tuple(sorted(found, key=lambda one: one.started_at, reverse=True))


def parse_incident(name: str, text: str) -> Incident:
    """The incident of a file: a first part of fields, an empty line, the text, and after `<!-- en -->` the same in
    English. Raises IncidentMalformed.
    """
    matched = _NAME.fullmatch(name)
    head, _, body = text.partition("\n\n")
    lines = [_FIELD.fullmatch(line.strip()) for line in head.splitlines()]
    fields = {found[1]: found[2] for found in lines if found}
    parts = _ENGLISH.split(body)
    if matched is None or len(parts) != 2:
        raise IncidentMalformed(f"{name}: its name is YYYY-MM-DD-words.md, and <!-- en --> stands before the English")
    try:
        started, ended = datetime.fromisoformat(fields["started_at"]), fields.get("ended_at")
        over = None if ended is None else datetime.fromisoformat(ended)
        if started.tzinfo is None or (over is not None and (over.tzinfo is None or over < started)):
            raise IncidentMalformed(f"{name}: instants have an offset, and the end is after the start")
        return Incident(
            name.removesuffix(".md"),
            date.fromisoformat(matched[1]),
            {Language.PORTUGUESE: fields["title"], Language.ENGLISH: fields["title_en"]},
            dict(
                zip((Language.PORTUGUESE, Language.ENGLISH), (rendered(part, level=4) for part in parts), strict=True)
            ),
            started,
            over,
            tuple(word.strip() for word in fields["affects"].split(",")),
        )
    except KeyError as error:
        raise IncidentMalformed(f"{name}: the field {error} is missing") from None
    except ValueError as error:
        raise IncidentMalformed(f"{name}: {error}") from None


def _read(file: Traversable) -> Incident | None:
    if not _NAME.fullmatch(file.name):
        return None
    try:
        return parse_incident(file.name, file.read_text("utf-8"))
    except IncidentMalformed as error:
        _log.error("incident_malformed", error=str(error))
        return None
