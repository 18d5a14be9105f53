"""Base classes of the public shapes, and the helper that describes one of their fields."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined


class Out(BaseModel):
    """Base of shapes whose fields are all known here: a rendered document that has others is a defect."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(BaseModel):
    """Base of shapes that may hold more fields than are declared here."""

    model_config = ConfigDict(frozen=True, extra="allow")


def described(description: str, example: Any = None, *, default: Any = PydanticUndefined, **limits: Any) -> Any:
    """A field with its description and, where one says more than the type does, an example."""
    examples = None if example is None else [example]
    return Field(default, description=description, examples=examples, **limits)
