"""A filter on bills as SQL: only the conditions that are there, every value a parameter."""

from collections.abc import Callable, Sequence
from typing import Any

from legis.domain.identifiers import BillLabel, print_label

from api_gateway.documents.derive import label_key
from api_gateway.store.bill_filter import BillFilter, Choice, SearchText
from api_gateway.store.terms import name_wanted, term
from api_gateway.store.tsquery import NOTHING, all_of, any_of, quoted


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
    return conjoined([*lasting(asked, arguments), *wanted(asked, arguments), *words(asked, arguments)])


def conjoined(parts: Sequence[str]) -> str:
    """All of the conditions; `TRUE` for none."""
    return " AND ".join(parts) or "TRUE"


def wanted(asked: BillFilter, arguments: Arguments) -> list[str]:
    """What the filters ask for, by columns: all that `store.match` says by terms."""
    parts = []
    for column, choice in _SCALARS:
        parts += _one_of(f"b.{column}", choice(asked), arguments)
    parts += _type_wanted(asked.type_code, arguments)
    for column, choice in _ARRAYS:
        if values := choice(asked).any_of:
            parts.append(f"b.{column} && {arguments.bind(list(values))}::text[]")
    if asked.author.any_of:
        parts.append(_has(by_name(asked.author.any_of), arguments))
    if asked.in_progress is not None:
        parts.append(f"b.in_progress = {arguments.bind(asked.in_progress)}")
    if asked.urns:
        parts.append(_has(any_of(term("urn", urn) for urn in asked.urns), arguments))
    return parts


def lasting(asked: BillFilter, arguments: Arguments) -> list[str]:
    """What holds however bills are found: removed ones left out, unwanted values, ends of ranges, single keys."""
    parts = [] if asked.names_bills else ["b.removed_at IS NULL"]
    for column, choice in _SCALARS:
        if unwanted := choice(asked).none_of:
            values = f"{arguments.bind(list(unwanted))}::{_sql_type(unwanted)}"
            parts.append(f"(b.{column} IS NULL OR b.{column} <> ALL({values}))")
    parts += _type_unwanted(asked.type_code, arguments)
    for column, choice in _ARRAYS:
        if unwanted := choice(asked).none_of:
            parts.append(f"NOT (b.{column} && {arguments.bind(list(unwanted))}::text[])")
    if asked.author.none_of:
        parts.append(f"NOT ({_has(by_name(asked.author.none_of), arguments)})")
    parts += [f"b.{end.key.value} {end.operator} {arguments.bind(end.value)}" for end in asked.ends]
    if asked.ids:
        parts.append(f"b.id = ANY({arguments.bind(list(asked.ids))}::text[])")
    return parts


def words(asked: BillFilter, arguments: Arguments, table: str = "b") -> list[str]:
    """Bills that have the words, or that bear the number where the words are a bill's label."""
    if asked.text is None:
        return []
    return [f"{table}.search @@ ({text_query(asked.text, arguments, label=True)})"]


def text_query(text: SearchText, arguments: Arguments, *, label: bool = False) -> str:
    """The words as a tsquery; with `label`, a bill's label in them is another way to match.

    Any string is one, so no input is a syntax error.
    """
    query = f"websearch_to_tsquery('legis', {arguments.bind(text.folded)})"
    if text.beginnings:
        query += f" && to_tsquery('legis', {arguments.bind(' & '.join(f'{word}:*' for word in text.beginnings))})"
    if label and text.label is not None:
        query = f"({query}) || {arguments.bind(label_query(text.label))}::text::tsquery"
    return query


def label_query(label: BillLabel) -> str:
    """Bills that bear or bore the label; every bill of that number and year where no type was given."""
    if label.type_code:
        return quoted(term("label", written_label(label)))
    return f"{quoted(term('number', label.number))} & {quoted(term('year', label.year))}"


def written_label(label: BillLabel) -> str:
    """A label as the column `labels` has it."""
    return label_key(print_label(label.type_code, label.number_text, label.year))


def by_name(names: Sequence[str]) -> str:
    """Bills with a sponsor whose name has all words of one of the names."""
    found = [all_of(quoted(term("author", word)) for word in name_wanted(name)) or NOTHING for name in names]
    return " | ".join(f"( {query} )" for query in found)


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


def _has(query: str, arguments: Arguments) -> str:
    return f"b.search @@ {arguments.bind(query)}::text::tsquery"


def _sql_type(values: Sequence[Any]) -> str:
    return "int[]" if isinstance(values[0], int) else "text[]"


def _one_of(column: str, choice: Choice[Any], arguments: Arguments) -> list[str]:
    if len(choice.any_of) == 1:  # an equality lets an index on (column, date, id) give the order as well
        return [f"{column} = {arguments.bind(choice.any_of[0])}"]
    if choice.any_of:
        return [f"{column} = ANY({arguments.bind(list(choice.any_of))}::{_sql_type(choice.any_of)})"]
    return []


def _type_wanted(choice: Choice[str], arguments: Arguments) -> list[str]:
    """Type codes; `OTHER` stands for every code that is no word of ours, so it is asked of the other column."""
    if "OTHER" not in choice.any_of:
        return _one_of("b.type_code", choice, arguments)
    return [f"(b.type_code = ANY({arguments.bind(list(choice.any_of))}::text[]) OR b.type = 'OTHER')"]


def _type_unwanted(choice: Choice[str], arguments: Arguments) -> list[str]:
    if not choice.none_of:
        return []
    other = " AND b.type <> 'OTHER'" if "OTHER" in choice.none_of else ""
    return [f"(b.type_code <> ALL({arguments.bind(list(choice.none_of))}::text[]){other})"]
