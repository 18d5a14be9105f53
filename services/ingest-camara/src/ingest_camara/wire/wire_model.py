"""Converts the Câmara's scalars: every value becomes its text or None, whatever its JSON type."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

MOST_DIGITS = 20
"""Digits of an id by which the source can be asked for a record; a longer number is none."""


def _text(value: Any) -> Any:
    # The same field is an int in one endpoint and a string in another; an empty value is null in one and "" in another.
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return str(value)
    raise ValueError(f"expected a text or a number, got {type(value).__name__}")


def _key(value: Any) -> Any:
    text = _text(value)
    if isinstance(text, str) and text.isascii() and text.isdigit() and text.strip("0") and len(text) <= MOST_DIGITS:
        return str(int(text))
    raise ValueError("expected a positive whole number")


Text = Annotated[str | None, BeforeValidator(_text)]
"""A scalar as text, verbatim; null and the empty text are both None."""

Key = Annotated[str, BeforeValidator(_key)]
"""The id of a record: a positive whole number, as its decimal digits."""


class WireModel(BaseModel):
    """A record with upstream's own field names. Unknown keys are stored; missing ones are None, and `has` is False."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    def has(self, name: str) -> bool:
        """Whether the record contains this field at all, if only as null."""
        return name in self.model_fields_set

    @property
    def unknown(self) -> dict[str, Any]:
        """The fields of the record that this model does not declare."""
        return self.model_extra or {}
