"""A filter on bills as SQL: only the conditions that are there, every value a parameter."""

from collections.abc import Callable, Container, Sequence
from typing import Any

from legis.domain.identifiers import BillLabel, print_label

from api_gateway.documents.derive import label_key
from api_gateway.store.bill_filter import BillFilter, Choice, End, SearchText, SortKey
from api_gateway.store.frequencies import as_instant
from api_gateway.store.terms import name_wanted, term
from api_gateway.store.tsquery import NOTHING, all_of, any_of, quoted
from api_gateway.store.undated import NEVER


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
    return conjoined([*there(asked), *carried(asked, arguments), *beside(asked, arguments)])


def conjoined(parts: Sequence[str]) -> str:
    """All of the conditions; `TRUE` for none."""
    return " AND ".join(parts) or "TRUE"


def there(asked: BillFilter) -> list[str]:
    """That a bill was not removed; single bills asked for by key are shown then too."""
    return [] if asked.names_bills else ["b.removed_at IS NULL"]


def carried(asked: BillFilter, arguments: Arguments, told: Container[str] = ()) -> list[str]:
    """What the index of every order tells by itself, without a look at the row: `store.tables.CARRIED`. Filters whose
    names are in `told` are left out.
    """
    parts: list[str] = []
    for column, choice in _CARRIED:
        if column not in told:
            parts += _one_of(f"b.{column}", choice(asked).any_of, arguments)
    if not _is_other(asked.type_code) and "type_code" not in told:
        parts += _one_of("b.type_code", asked.type_code.any_of, arguments)
    if asked.in_progress is not None and "in_progress" not in told:
        parts.append(f"b.in_progress = {arguments.bind(asked.in_progress)}")
    return [*parts, *ends(asked, arguments)]


def beside(asked: BillFilter, arguments: Arguments) -> list[str]:
    """What has to be looked at in the row, or in its search vector."""
    return [*in_row(asked, arguments), *in_vector(asked, arguments)]


def in_row(asked: BillFilter, arguments: Arguments, told: Container[str] = ()) -> list[str]:
    """What columns tell that no index of an order carries; filters whose names are in `told` are left out."""
    parts = [] if "number" in told else _one_of("b.number", asked.number.any_of, arguments)
    if _is_other(asked.type_code) and "type_code" not in told:
        parts.append(f"(b.type_code = ANY({arguments.bind(list(asked.type_code.any_of))}::text[]) OR b.type = 'OTHER')")
    for name, column, choice in _ARRAYS:
        if (values := choice(asked).any_of) and name not in told:
            parts.append(f"b.{column} && {arguments.bind(list(values))}::text[]")
    return [*parts, *_unwanted(asked, arguments), *named(asked, arguments)]


def in_vector(asked: BillFilter, arguments: Arguments, table: str = "b") -> list[str]:
    """What only the search vector tells: sponsors, URNs, words."""
    parts = []
    if asked.author.any_of:
        parts.append(_has(by_name(asked.author.any_of), arguments, table))
    parts += _without(asked, arguments, table)
    if asked.urns:
        parts.append(_has(any_of(term("urn", urn) for urn in asked.urns), arguments, table))
    return [*parts, *words(asked, arguments, table)]


def lasting(asked: BillFilter, arguments: Arguments) -> list[str]:
    """What holds however bills are found: removed ones left out, unwanted values, ends of ranges, single keys."""
    return [
        *there(asked),
        *_unwanted(asked, arguments),
        *ends(asked, arguments),
        *named(asked, arguments),
        *_without(asked, arguments),
    ]


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


_CARRIED: Sequence[tuple[str, Callable[[BillFilter], Choice[Any]]]] = (
    ("chamber", lambda asked: asked.chamber),
    ("year", lambda asked: asked.year),
    ("status", lambda asked: asked.status),
    ("organization", lambda asked: asked.organization),
)

_ARRAYS: Sequence[tuple[str, str, Callable[[BillFilter], Choice[str]]]] = (
    ("party", "parties", lambda asked: asked.party),
    ("state", "states", lambda asked: asked.state),
    ("subject", "subjects", lambda asked: asked.subject),
)


def _has(query: str, arguments: Arguments, table: str) -> str:
    return f"{table}.search @@ {arguments.bind(query)}::text::tsquery"


def _sql_type(values: Sequence[Any]) -> str:
    return "int[]" if isinstance(values[0], int) else "text[]"


def ended(end: End | None, arguments: Arguments) -> list[str]:
    """The condition that cuts a range there."""
    return [] if end is None else [f"b.{end.key.value} {end.operator} {arguments.bind(end.value)}"]


def ends(asked: BillFilter, arguments: Arguments, keys: Container[SortKey] = frozenset(SortKey)) -> list[str]:
    """The ends of ranges, of all dates or of some; a bill without the date is in none, whatever stands for it."""
    wanted = [end for end in asked.ends if end.key in keys]
    told = [condition for end in wanted for condition in ended(end, arguments)]
    dated = {end.key for end in wanted if end.operator == ">=" and as_instant(end.value) > NEVER}
    for key in sorted({end.key for end in wanted} - dated):
        never = NEVER.date() if key is SortKey.INTRODUCED_ON else NEVER
        told.append(f"b.{key.value} > {arguments.bind(never)}")
    return told


def named(asked: BillFilter, arguments: Arguments) -> list[str]:
    """Bills asked for by id."""
    return [f"b.id = ANY({arguments.bind(list(asked.ids))}::text[])"] if asked.ids else []


def _unwanted(asked: BillFilter, arguments: Arguments) -> list[str]:
    parts = []
    for column, choice in (*_CARRIED, ("number", lambda asked: asked.number)):
        if unwanted := choice(asked).none_of:
            values = f"{arguments.bind(list(unwanted))}::{_sql_type(unwanted)}"
            parts.append(f"(b.{column} IS NULL OR b.{column} <> ALL({values}))")
    if codes := asked.type_code.none_of:
        other = " AND b.type <> 'OTHER'" if "OTHER" in codes else ""
        parts.append(f"(b.type_code <> ALL({arguments.bind(list(codes))}::text[]){other})")
    for _, column, choice in _ARRAYS:
        if unwanted := choice(asked).none_of:
            parts.append(f"NOT (b.{column} && {arguments.bind(list(unwanted))}::text[])")
    return parts


def _without(asked: BillFilter, arguments: Arguments, table: str = "b") -> list[str]:
    if not asked.author.none_of:
        return []
    return [f"NOT ({_has(by_name(asked.author.none_of), arguments, table)})"]


def _one_of(column: str, values: Sequence[Any], arguments: Arguments) -> list[str]:
    if len(values) == 1:  # an equality lets an index on (column, date, id) give the order as well
        return [f"{column} = {arguments.bind(values[0])}"]
    if values:
        return [f"{column} = ANY({arguments.bind(list(values))}::{_sql_type(values)})"]
    return []


def _is_other(choice: Choice[str]) -> bool:
    """Whether `OTHER` is wanted: it stands for every code that is no word of ours, so it is asked of another column."""
    return "OTHER" in choice.any_of
