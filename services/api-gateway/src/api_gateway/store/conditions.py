"""A filter on bills as SQL: only the conditions that are there, every value a parameter."""

from collections.abc import Callable, Sequence
from typing import Any

from legis.domain.identifiers import BillLabel, print_label
from legis.domain.search_text import fold

from api_gateway.documents.derive import label_key
from api_gateway.store.bill_filter import BillFilter, Choice, SearchText


class Arguments:
    """The values of one statement, in the order of their placeholders."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def bind(self, value: Any) -> str:
        """The placeholder for a value."""
        self.values.append(value)
        return f"${len(self.values)}"


def where(asked: BillFilter, arguments: Arguments) -> str:
    """The condition, on a table named `b`; `TRUE` where nothing is asked."""
    parts = [] if asked.names_bills else ["b.removed_at IS NULL"]
    if asked.text is not None:
        parts.append(text_condition(asked.text, arguments))
    for column, choice in _SCALARS:
        parts += _scalar(f"b.{column}", choice(asked), arguments)
    parts += _types(asked.type_code, arguments)
    for column, choice in _ARRAYS:
        parts += _array(f"b.{column}", choice(asked), arguments)
    parts += _authors(asked.author, arguments)
    parts += _bounds(asked, arguments)
    if asked.ids:
        parts.append(f"b.id = ANY({arguments.bind(list(asked.ids))}::text[])")
    if asked.urns:
        parts.append(f"b.urns && {arguments.bind(list(asked.urns))}::text[]")
    return " AND ".join(parts) or "TRUE"


def text_query(text: SearchText, arguments: Arguments) -> str:
    """The words as a tsquery; any string is one, so no input is a syntax error."""
    return f"websearch_to_tsquery('legis', {arguments.bind(text.folded)})"


def text_condition(text: SearchText, arguments: Arguments) -> str:
    """Bills that have the words, or that bear the number where the words are a bill's label."""
    words = f"b.search @@ {text_query(text, arguments)}"
    if text.label is None:
        return words
    return f"({words} OR {label_condition(text, arguments)})"


def label_condition(text: SearchText, arguments: Arguments) -> str:
    """Bills that bear or bore the label; every bill of that number and year where no type was given."""
    label = text.label
    if label is None:
        return "FALSE"
    if label.type_code:
        return f"b.labels @> ARRAY[{arguments.bind(written_label(label))}::text]"
    return f"(b.number = {arguments.bind(label.number)}::int AND b.year = {arguments.bind(label.year)}::int)"


def written_label(label: BillLabel) -> str:
    """A label as the column `labels` has it."""
    return label_key(print_label(label.type_code, label.number_text, label.year))


_SCALARS: Sequence[tuple[str, Callable[[BillFilter], Choice[Any]]]] = (
    ("chamber", lambda asked: asked.chamber),
    ("number", lambda asked: asked.number),
    ("year", lambda asked: asked.year),
    ("status", lambda asked: asked.status),
    ("organization", lambda asked: asked.organization),
)

_ARRAYS: Sequence[tuple[str, Callable[[BillFilter], Choice[str]]]] = (
    ("parties", lambda asked: asked.party),
    ("states", lambda asked: asked.state),
    ("subjects", lambda asked: asked.subject),
)


def _sql_type(values: Sequence[Any]) -> str:
    return "int[]" if isinstance(values[0], int) else "text[]"


def _scalar(column: str, choice: Choice[Any], arguments: Arguments) -> list[str]:
    parts = []
    if len(choice.any_of) == 1:  # an equality lets an index on (column, date, id) give the order as well
        parts.append(f"{column} = {arguments.bind(choice.any_of[0])}")
    elif choice.any_of:
        parts.append(f"{column} = ANY({arguments.bind(list(choice.any_of))}::{_sql_type(choice.any_of)})")
    if choice.none_of:
        unwanted = f"{arguments.bind(list(choice.none_of))}::{_sql_type(choice.none_of)}"
        parts.append(f"({column} IS NULL OR {column} <> ALL({unwanted}))")
    return parts


def _types(choice: Choice[str], arguments: Arguments) -> list[str]:
    """Type codes; `OTHER` stands for every code that is no word of ours, so it is asked of the other column."""
    if "OTHER" not in (*choice.any_of, *choice.none_of):
        return _scalar("b.type_code", choice, arguments)
    parts = []
    if choice.any_of:
        codes = arguments.bind(list(choice.any_of))
        other = " OR b.type = 'OTHER'" if "OTHER" in choice.any_of else ""
        parts.append(f"(b.type_code = ANY({codes}::text[]){other})")
    if choice.none_of:
        codes = arguments.bind(list(choice.none_of))
        other = " AND b.type <> 'OTHER'" if "OTHER" in choice.none_of else ""
        parts.append(f"(b.type_code <> ALL({codes}::text[]){other})")
    return parts


def _array(column: str, choice: Choice[str], arguments: Arguments) -> list[str]:
    parts = []
    if choice.any_of:
        parts.append(f"{column} && {arguments.bind(list(choice.any_of))}::text[]")
    if choice.none_of:
        parts.append(f"NOT ({column} && {arguments.bind(list(choice.none_of))}::text[])")
    return parts


def _authors(choice: Choice[str], arguments: Arguments) -> list[str]:
    def match(name: str) -> str:
        return f"b.author_search @@ plainto_tsquery('simple', {arguments.bind(fold(name))})"

    parts = []
    if choice.any_of:
        parts.append("(" + " OR ".join(match(name) for name in choice.any_of) + ")")
    parts += [f"NOT ({match(name)})" for name in choice.none_of]
    return parts


def _bounds(asked: BillFilter, arguments: Arguments) -> list[str]:
    bounds = (
        ("b.in_progress =", asked.in_progress),
        ("b.introduced_on >=", asked.introduced_from),
        ("b.introduced_on <=", asked.introduced_to),
        ("b.last_action_at >=", asked.last_action_from),
        ("b.last_action_at <", asked.last_action_before),
        ("b.changed_at >=", asked.changed_since),
    )
    return [f"{left} {arguments.bind(value)}" for left, value in bounds if value is not None]
