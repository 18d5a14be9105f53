"""The base of all wire models: upstream's own field names; missing and unknown fields are accepted."""

from typing import Annotated, Any, ClassVar, TypeVar

from legis.domain.vocabulary import Source
from legis.telemetry.metrics import UNKNOWN_FIELDS
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

T = TypeVar("T")

INT64 = 2**63 - 1


def is_empty(value: Any) -> bool:
    """Whether upstream gives no value: a missing value comes as null, `{}`, blank text, or the text `{}`."""
    return value is None or value == {} or (isinstance(value, str) and value.strip() in ("", "{}"))


def as_list(value: Any) -> list[Any]:
    """A repeatable node as a list. Upstream sends a single element without its list, and leaves an empty list out."""
    if isinstance(value, list | tuple):
        return [item for item in value if not is_empty(item)]
    return [] if is_empty(value) else [value]


def _text(value: Any) -> Any:
    # `AnoMateria` came as ["2009","2009"] in 2019; numbers come as strings and strings as numbers.
    if isinstance(value, list) and value and not isinstance(value[-1], list | dict):
        value = value[-1]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _whole(value: Any) -> Any:
    value = _text(value)
    return int(value) if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20 else value


Text = Annotated[str, BeforeValidator(_text)]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-INT64, le=INT64)]
Many = Annotated[tuple[T, ...], BeforeValidator(as_list)]


def names(text: str) -> frozenset[str]:
    """The field names in `text`, which are separated by white space."""
    return frozenset(text.split())


class WireModel(BaseModel):
    """A node of an upstream response. Undeclared fields go into the extras, and are counted where they are unknown."""

    model_config = ConfigDict(extra="allow", frozen=True)

    key: ClassVar[str] = "id"
    """Name of the field that holds the number of the record that a row is about."""

    id_prefix: ClassVar[str | None] = None
    """What our id of that record has before the number; empty where it is a process, known by its number alone. None: a
    row names no record of ours.
    """

    carried: ClassVar[frozenset[str]] = frozenset()
    """Known names without a field in the domain, which go into the extras."""

    implied: ClassVar[frozenset[str]] = frozenset()
    """Names that repeat other values of the record, or describe a person rather than the bill: left out."""

    @model_validator(mode="before")
    @classmethod
    def _without_empties(cls, value: Any) -> Any:
        return {k: v for k, v in value.items() if not is_empty(v)} if isinstance(value, dict) else value


def leftovers(node: WireModel) -> dict[str, Any]:
    """The values that no declared field of `node` or of its children holds, verbatim, in upstream's structure."""
    found: dict[str, Any] = {}
    for name in type(node).model_fields:
        value = getattr(node, name)
        if isinstance(value, WireModel):
            rest: Any = leftovers(value)
        elif isinstance(value, tuple):
            rest = [leftovers(item) for item in value if isinstance(item, WireModel)]
            rest = rest if any(rest) else None
        else:
            continue
        if rest:
            found[name] = rest
    extra = {k: v for k, v in (node.model_extra or {}).items() if k not in type(node).implied}
    return found | extra


def count_unknown(node: WireModel) -> int:
    """Counts, and returns the number of, the fields of `node` and its children that are neither declared nor known."""
    unknown = [name for name in node.model_extra or {} if name not in type(node).carried | type(node).implied]
    if unknown:
        UNKNOWN_FIELDS.labels(Source.SENADO, type(node).__name__).inc(len(unknown))
    children = [getattr(node, name) for name in type(node).model_fields]
    below = [v for c in children for v in (c if isinstance(c, tuple) else (c,)) if isinstance(v, WireModel)]
    return len(unknown) + sum(count_unknown(child) for child in below)
