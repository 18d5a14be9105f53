"""Resources of an export: each with the key by which a delta replaces its rows, and its flat columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api_gateway.exports.flat_columns import FlatColumn, day, instant, integer, integers, text, texts, truth


class ResourceName(StrEnum):
    """A resource, as file names have it, in the order in which they are written."""

    BILLS = "bills"
    ACTIONS = "actions"
    VOTE_EVENTS = "vote_events"
    VOTES = "votes"
    LEGISLATORS = "legislators"
    ORGANIZATIONS = "organizations"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of an export. Rows with one value of `key` belong together: a delta replaces all of them."""

    name: ResourceName
    title: str
    key: str
    columns: tuple[FlatColumn, ...]


_VERSION = (
    integer("version", "Version of the record, from 1"),
    integer("change_seq", "Entry of the change log that made this version"),
    instant("created_at", "When the record was first met here"),
    instant("changed_at", "When this version was stored"),
    instant("removed_at", "When its source had it no more; null while it has"),
)
_BILLS = (
    text("id", "Id of the bill"),
    text("source", "House whose API the record is from"),
    text("chamber", "House (Casa) of the bill"),
    text("type", "Type of bill, in our words"),
    text("type_code", "Official type code (sigla)"),
    integer("number", "Official number"),
    integer("year", "Year of the official number"),
    text("identifier", "Type, number and year as people write them"),
    text("title", "Summary (ementa)"),
    text("abstract", "Longer summary, where the source has one"),
    text("status", "Status, in our words"),
    text("status_text", "Situation in the source's words"),
    truth("in_progress", "Whether the bill is still being considered"),
    day("introduced_on", "Day of introduction"),
    instant("last_action_at", "Instant of the newest entry of its proceedings"),
    text("latest_action", "Text of that entry", "latest_action", "description"),
    text("organization", "Acronym of the body that has the bill now", "organization", "acronym"),
    text("organization_id", "Id of that body", "organization", "id"),
    text("originating_chamber", "House where the bill began"),
    texts("authors", "Names of the sponsors", "sponsorships", "name"),
    texts("author_ids", "Ids of the sponsors that are legislators", "sponsorships", "legislator_id"),
    texts("parties", "Parties of the sponsors, each once", "sponsorships", "party"),
    texts("states", "Federal units of the sponsors, each once", "sponsorships", "state"),
    texts("subjects", "Official names of the subjects (temas)", "subjects", "name"),
    texts("keywords", "Keywords (indexação)"),
    text("urn_lex", "LexML URN"),
    texts("counterpart_ids", "Ids of the other house's records of the bill", "counterparts", "id"),
    text("url", "Address of the bill at its source"),
    *_VERSION,
)
_ACTIONS = (
    text("bill_id", "Id of the bill"),
    integer("position", "Place in the bill's proceedings, from 1, oldest first"),
    day("date", "Day of the action, Brasília's calendar"),
    instant("at", "Instant, where the source tells it"),
    integer("order", "The source's sequence number; gaps are normal"),
    text("kind", "What was done, in our words"),
    text("kind_text", "Kind in the source's words"),
    text("description", "Official text"),
    text("organization", "Acronym of the body that acted", "organization", "acronym"),
    text("organization_id", "Id of that body", "organization", "id"),
    text("status_text", "Situation after it, in the source's words"),
    texts("document_urls", "Texts that were issued with it", "documents", "url"),
)
_VOTE_EVENTS = (
    text("id", "Id of the voting"),
    text("house", "House of the body that voted"),
    text("organization", "Acronym of that body", "organization", "acronym"),
    text("organization_id", "Id of that body", "organization", "id"),
    day("date", "Day of the voting, Brasília's calendar"),
    instant("at", "Instant, where the source tells it"),
    text("description", "What was voted on, verbatim"),
    text("purpose", "What was decided, in our words"),
    text("result", "Result, in our words"),
    text("result_text", "Result in the source's words"),
    truth("nominal", "Whether each member's vote was recorded"),
    truth("secret", "Whether it was secret"),
    truth("plenary", "Whether a plenary voted"),
    integer("yes", "Votes for it", "counts", "yes"),
    integer("no", "Votes against it", "counts", "no"),
    integer("abstain", "Abstentions", "counts", "abstain"),
    integer("other", "Other votes", "counts", "other"),
    texts("bill_ids", "Ids of the bills that it was about", "bills", "id"),
    text("event_id", "Id of the session or meeting"),
    text("duplicate_of", "Id of the voting that it repeats"),
    text("url", "Address of the voting at its source"),
    *_VERSION,
)
_VOTES = (
    text("vote_event_id", "Id of the voting"),
    text("house", "House of the body that voted"),
    day("date", "Day of the voting, Brasília's calendar"),
    text("legislator_id", "Id of the member, where it is known"),
    text("name", "Name of the member, as the source writes it"),
    text("party", "Party on that day"),
    text("state", "Federal unit on that day"),
    text("option", "Choice, in our words"),
    text("option_text", "Choice in the source's words"),
)
_LEGISLATORS = (
    text("id", "Id of the legislator"),
    text("source", "House whose API the record is from"),
    text("house", "House of the legislator"),
    text("name", "Parliamentary name"),
    text("civil_name", "Civil name"),
    text("gender", "Gender as the source writes it"),
    day("birth_date", "Day of birth"),
    text("party", "Party now, or last"),
    text("state", "Federal unit"),
    truth("in_office", "Whether the legislator sits now"),
    text("condition", "Whether the seat is held in one's own right"),
    integers("legislatures", "Legislatures with a term"),
    text("url", "Page of the legislator at the house"),
    *_VERSION,
)
_ORGANIZATIONS = (
    text("id", "Id of the organization"),
    text("source", "House whose API the record is from"),
    text("house", "House of the organization"),
    text("classification", "Kind of organization, in our words"),
    text("classification_text", "Kind in the source's words"),
    text("acronym", "Usual short name (sigla)"),
    text("name", "Full name"),
    truth("active", "Whether it exists now"),
    text("parent_id", "Id of the organization that it belongs to"),
    texts("party_ids", "Ids of the parties of a bloc or federation"),
    day("founding_date", "First day"),
    day("dissolution_date", "Last day"),
    text("url", "Its page at the house"),
    *_VERSION,
)
_EVENTS = (
    text("id", "Id of the session or meeting"),
    text("source", "House whose API the record is from"),
    text("house", "House of the event"),
    text("classification", "Kind of event, in our words"),
    text("name", "Name of the event"),
    text("description", "What the source says of it, verbatim"),
    texts("organization_ids", "Ids of the bodies that meet"),
    instant("start", "Start"),
    instant("end", "End, once it is over"),
    text("location", "Place, in the source's words"),
    text("status", "State of the event, in our words"),
    text("moved_to", "Id of the event that replaces it"),
    texts("bill_ids", "Ids of the bills on the agenda", "agenda", "bill_ids"),
    text("url", "Address of the event at its source"),
    *_VERSION,
)

RESOURCES: Mapping[ResourceName, Resource] = {
    resource.name: resource
    for resource in (
        Resource(ResourceName.BILLS, "Bills of both houses", "id", _BILLS),
        Resource(ResourceName.ACTIONS, "Proceedings of the bills, step by step", "bill_id", _ACTIONS),
        Resource(ResourceName.VOTE_EVENTS, "Votings of plenaries and committees", "id", _VOTE_EVENTS),
        Resource(ResourceName.VOTES, "Members' votes in nominal votings", "vote_event_id", _VOTES),
        Resource(ResourceName.LEGISLATORS, "Deputies and senators", "id", _LEGISLATORS),
        Resource(ResourceName.ORGANIZATIONS, "Committees, plenaries, boards, parties and blocs", "id", _ORGANIZATIONS),
        Resource(ResourceName.EVENTS, "Sessions and meetings, past and planned", "id", _EVENTS),
    )
}
