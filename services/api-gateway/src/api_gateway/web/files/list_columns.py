"""The columns of each list's files, and the name of each file."""

from collections.abc import Sequence
from dataclasses import dataclass

from api_gateway.web.files.columns import Column, listed, plain


@dataclass(frozen=True, slots=True)
class FileKind:
    """Files of one list: `name` without its ending, columns of CSV and XLSX, and list items that are read at once."""

    name: str
    columns: Sequence[Column]
    items_of_a_page: int = 500


BILL_COLUMNS: tuple[Column, ...] = (
    plain("id"),
    plain("identifier"),
    plain("type"),
    plain("number"),
    plain("year"),
    plain("chamber"),
    plain("title"),
    plain("status"),
    plain("status_text"),
    plain("in_progress"),
    plain("introduced_on"),
    plain("last_action_at"),
    plain("latest_action", "latest_action", "description"),
    plain("organization", "organization", "acronym"),
    listed("authors", "authors"),
    plain("authors_count"),
    listed("parties", "parties"),
    listed("states", "states"),
    listed("subjects", "subjects"),
    plain("urn_lex"),
    plain("url"),
)

VOTE_EVENT_COLUMNS: tuple[Column, ...] = (
    plain("id"),
    plain("house"),
    plain("organization", "organization", "acronym"),
    plain("date"),
    plain("at"),
    plain("description"),
    plain("purpose"),
    plain("result"),
    plain("result_text"),
    plain("nominal"),
    plain("secret"),
    plain("yes", "counts", "yes"),
    plain("no", "counts", "no"),
    plain("abstain", "counts", "abstain"),
    plain("other", "counts", "other"),
    listed("bill_ids", "bills", "id"),
    listed("bills", "bills", "identifier"),
    plain("event_id"),
    plain("duplicate_of"),
    plain("url"),
)


def _of_voting(*names: str) -> tuple[Column, ...]:
    """Columns of the voting inside a vote."""
    return tuple(plain(name, "vote_event", *name.split(".")) for name in names)


_VOTING = (
    plain("vote_event_id", "vote_event", "id"),
    *_of_voting("house"),
    plain("organization", "vote_event", "organization", "acronym"),
    *_of_voting("date", "at", "description", "purpose", "result", "nominal"),
)

VOTE_EVENTS = FileKind("vote-events", VOTE_EVENT_COLUMNS)
LEGISLATORS = FileKind(
    "legislators",
    (
        plain("id"),
        plain("house"),
        plain("name"),
        plain("civil_name"),
        plain("party"),
        plain("state"),
        plain("in_office"),
        plain("condition"),
        listed("legislatures", "legislatures"),
        plain("image"),
        plain("url"),
    ),
)
ORGANIZATIONS = FileKind(
    "organizations",
    (
        plain("id"),
        plain("house"),
        plain("classification"),
        plain("classification_text"),
        plain("acronym"),
        plain("name"),
        plain("active"),
        plain("parent_id"),
        plain("url"),
    ),
)
EVENTS = FileKind(
    "events",
    (
        plain("id"),
        plain("house"),
        plain("classification"),
        plain("name"),
        listed("organizations", "organizations", "acronym"),
        listed("organization_ids", "organization_ids"),
        plain("start"),
        plain("end"),
        plain("location"),
        plain("status"),
        plain("status_text"),
        plain("moved_to"),
        plain("url"),
    ),
)
LEGISLATOR_VOTES = FileKind("votes", (plain("option"), plain("party"), plain("state"), *_VOTING))
BILL_VOTES = FileKind(
    "votes",
    (
        plain("legislator_id"),
        plain("name"),
        plain("party"),
        plain("state"),
        plain("option"),
        plain("option_text"),
        *_VOTING,
    ),
    items_of_a_page=20,  # votings, each with up to 594 votes
)
ACTIONS = FileKind(
    "actions",
    (
        plain("date"),
        plain("at"),
        plain("order"),
        plain("kind"),
        plain("kind_text"),
        plain("description"),
        plain("organization", "organization", "acronym"),
        plain("status_code"),
        plain("status_text"),
        plain("url"),
    ),
)
CHANGES = FileKind(
    "changes",
    (
        plain("seq"),
        plain("changed_at"),
        plain("kind"),
        plain("subject_type", "subject", "type"),
        plain("subject_id", "subject", "id"),
        plain("identifier"),
        plain("source"),
        plain("version"),
        listed("fields", "changes", "field"),
        plain("trace_id"),
    ),
)
