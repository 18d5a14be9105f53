"""Replies of the public API, for its OpenAPI description; they are joined from bytes and tested against these."""

import datetime
from typing import Any, Literal

from legis.domain.proceedings.path_stages import PathStage
from pydantic import AwareDatetime

from api_gateway.documents.bill_parts import Action
from api_gateway.documents.common_fields import ReadWhole
from api_gateway.documents.models import BillDetail, BillSummary, Change, FieldChange
from api_gateway.documents.shapes import Shape, described
from api_gateway.web.responses.envelopes import FacetValue, Many, Meta, One
from api_gateway.web.responses.source_schemas import Breaker

_ABOUT = "About the data, not of them"
_WALK = "Reason for which the source is read: what moved, the last days again, every year once, …"
_INSTANT = "2026-03-02T14:00:00Z"


class Resolved(Shape):
    """What the name was taken for."""

    kind: Literal["LABEL", "LAW", "URN", "ID", "UPSTREAM_ID", "URL"] = described("Kind of name", "LABEL")
    q: str = described("The name as it was asked for", "PL 2630/2020")


class ResolvedBills(Shape):
    """Every bill that has the name, and its counterparts in the other house."""

    data: list[BillSummary] = described("The bills, best first; empty where none has the name")
    resolved: Resolved = described("What the name was taken for")
    meta: Meta = described(_ABOUT)


class ChangePage(Shape):
    """Where to go on in the log."""

    limit: int = described("Most entries that a page may have", 20)
    next_after: int = described("`after` of the next request; moves on even where nothing matched", 48233)
    next: str = described("Address of the next page", "/api/v1/changes?after=48233&epoch=8e3b3c4e")
    has_more: bool = described("Whether more entries are known to be there already")
    epoch: str = described(
        "Which log this is; another one after a restore. Give it back with `after`",
        "8e3b3c4e-61a5-4b7e-9a1c-0c5c9d1a2b3c",
    )
    head: int = described("`seq` of the log's last entry", 51007)


class ChangeList(Shape):
    """A stretch of the change log, in order."""

    data: list[Change] = described("The entries, by rising `seq`; by falling `seq` with `sort=-seq`")
    page: ChangePage = described("Where to go on in the log")
    meta: Meta = described(_ABOUT)


class Span(Shape):
    """How many days bills took from their presentation to something, where their source gives both days."""

    bills: int = described("Bills that tell", 5120)
    first_quarter: int = described("A quarter of them took at most so many days", 210)
    median: int = described("Half of them took at most so many days", 812)
    third_quarter: int = described("Three quarters of them took at most so many days", 2104)


class StageSpan(Span):
    """The time from presentation (apresentação) to one stage. Only bills that reached it count: those that still wait,
    often for longer, are left out.
    """

    stage: PathStage = described(
        "The first action of this kind: REFERRED (envio à comissão), RAPPORTEUR_DESIGNATED (designação de relator), "
        "OPINION (parecer), VOTED (votação, in a committee or in plenary), SENT_TO_OTHER_CHAMBER (remessa à outra "
        "casa), SENT_FOR_SANCTION (remessa à sanção); or DECISION (deliberação final da casa) and LAW (assinatura "
        "da lei)",
        PathStage.OPINION,
    )


class Statistics(Shape):
    """Counts over all bills that are not removed."""

    total: int = described("Bills", 812345)
    computed_at: AwareDatetime = described("When they were counted", _INSTANT)
    type: list[FacetValue] = described("By type")
    status: list[FacetValue] = described("By status")
    year: list[FacetValue] = described("By year of the official number")
    chamber: list[FacetValue] = described("By house")
    month: list[FacetValue] = described("By month of introduction, as 2026-11")
    party: list[FacetValue] = described("By party of an author; a bill counts once for each party of its authors")
    state: list[FacetValue] = described("By state of an author, likewise")
    subject: list[FacetValue] = described("By subject, the 100 commonest; a bill may have several")
    law_month: list[FacetValue] = described(
        "Laws by month of signature, as 2026-11: records whose source gives the day, which the Câmara does not"
    )
    days_to_decision: Span | None = described("To the house's final decision on it; null where no record tells")
    days_to_law: Span | None = described("To its signature as law; null where no record tells")
    stages: list[StageSpan] = described(
        "Days from presentation to each stage that a record tells, in the order of the path; both figures above are "
        "among them"
    )


class Health(Shape):
    """How the service is."""

    status: Literal["ok", "degraded", "unavailable"] = described("The whole service", "ok")
    checks: dict[str, Any] = described("Each part by name, with its own status", {"database": {"status": "ok"}})


class Metrics(Shape):
    """A snapshot for people and `jq`."""

    circuit_breakers: dict[str, Breaker] = described("By source")
    requests: dict[str, float | None] = described("Figures of the last minute: rates in 1/s, times in ms", {"rate": 12})
    queue: dict[str, int | None] = described("Events that wait to be stored", {"backlog": 0, "pending": 0})
    index: dict[str, int | None] = described(
        "Newest entries of the change log: `head` in the log, `seq` in the search index; it lacks `behind` of them",
        {"head": 8123, "seq": 8123, "behind": 0},
    )
    health: str = described("`status` of /api/health", "ok")
    pool: dict[str, int] = described("Connections to the database", {"size": 4, "idle": 3})
    sources: dict[str, Any] = described("By source: state, last success, counts", {"camara": {"state": "FRESH"}})
    generated_at: datetime.datetime = described("When the snapshot was taken", _INSTANT)


class ProblemError(Shape):
    """One parameter at fault."""

    parameter: str = described("Name of the parameter", "chamber")
    detail: str = described(
        "What is wrong with it", "'camera' is none of CAMARA, SENADO, CONGRESSO; did you mean CAMARA?"
    )


class Problem(Shape):
    """An error as RFC 9457 describes it."""

    type: str = described("Address that names the kind of problem, or `about:blank`", "about:blank")
    title: str = described("The kind of problem in a few words", "Invalid parameter")
    status: int = described("Status code of the reply", 400)
    detail: str = described("What is wrong with this request", "chamber: did you mean CAMARA?")
    instance: str | None = described("Path that was asked for", "/api/v1/bills", default=None)
    errors: list[ProblemError] = described("Parameters at fault; empty where it is not one", default=[])
    trace_id: str | None = described(
        "W3C trace id of the request where it is traced, to quote in a report",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        default=None,
    )


class GoneProblem(Problem):
    """Problem document of a 410: the entry asked for is not in this change log, and where the log stands."""

    epoch: str = described("Identity of the log as it is now", "0b2f6a1e-6d53-4a55-8a8f-2f9f1c3a7b10")
    head: int = described("`seq` of its last entry", 48_213)
    oldest: int | None = described("`seq` of the oldest entry, where older ones are in an archive", 5001, default=None)
    archive: str | None = described(
        "Address of the archive, where there is one", "https://example.org/legis/changes/", default=None
    )


class Index(Shape):
    """Where everything is."""

    name: str = described("Name of the API", "Legis API, version 1")
    links: dict[str, str] = described("Addresses by name, relative to the server", {"bills": "/api/v1/bills"})


class BillReply(One[BillDetail]):
    """One bill, complete."""


class ActionList(Many[Action]):
    """Proceedings, oldest first."""

    read_whole: ReadWhole


class WordDifference(Shape):
    """Words of a changed text that both values have, or only one of them."""

    op: Literal["equal", "delete", "insert"] = described("Whether the words stayed, went or came", "delete")
    text: str = described("The words; `…` stands for unchanged ones that are left out", "a merenda")


class VersionChange(FieldChange):
    """One field before and after, with the difference of texts."""

    diff: list[WordDifference] | None = described(
        "Where both values are texts of several words: how they differ, word by word; else left out", default=None
    )


class Version(Change):
    """One version of the record: the entry of the change log that made it."""

    changes: list[VersionChange] = described(  # type: ignore[assignment]  # frozen: nobody appends to it
        "The fields that changed; may be empty, as where the bill was met for the first time"
    )


class VersionList(Many[Version]):
    """Versions of the record, oldest first."""


class StatsReply(One[Statistics]):
    """Counts for charts."""
