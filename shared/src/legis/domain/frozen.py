"""The base of all domain values."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of all domain values: immutable, and closed to names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
