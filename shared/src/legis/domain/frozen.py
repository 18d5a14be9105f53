"""The base class of all domain values."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base class of all domain values: immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
