"""Bodies of requests about subscriptions."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api_gateway.search.filtering.values import clean
from api_gateway.subscriptions.subscription import Channel, Frequency, SubscriptionState
from api_gateway.web.params.parameters import MAX_SEQ, Cursor, EntryParameters, Limit, Parameters

_SEARCH = (
    "The saved search, in the parameters of `/changes`: filters of bills, `kind`, `field`. Values as there, lists as "
    "lists. Without `kind` and `field`: movement"
)


_LISTS = {name for name, field in EntryParameters.model_fields.items() if get_origin(field.annotation) is tuple}


class _Body(BaseModel):
    """Base of bodies: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubscriptionRequest(_Body):
    """A subscription to be made."""

    channel: Channel = Field(description="How to be told", examples=["WEBHOOK"])
    target: str = Field(
        max_length=2048,
        description="https address of a webhook, or an e-mail address",
        examples=["https://hooks.org.br/l"],
    )
    search: dict[str, Any] = Field(default_factory=dict, description=_SEARCH, examples=[{"q": "saúde", "type": ["PL"]}])
    frequency: Frequency = Field(
        Frequency.IMMEDIATE, description="When; a webhook is always told at once", examples=["IMMEDIATE"]
    )
    language: Literal["pt-BR", "en"] = Field("pt-BR", description="Language of e-mails", examples=["pt-BR"])
    name: str | None = Field(None, max_length=200, description="For the owner", examples=["Saúde no plenário"])

    @field_validator("name")
    @classmethod
    def _storable(cls, name: str | None) -> str | None:
        return clean("name", name, 200) if name and name.strip() else None

    @classmethod
    def from_form(cls, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The fields of an HTML form as a body: those that are not of the subscription are the search. By e-mail."""
        found: dict[str, Any] = {"channel": Channel.EMAIL.value}
        search: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            if name in cls.model_fields and name != "search":
                found[name] = value
            else:
                search[name].append(value)
        found["search"] = {
            name: values if name in _LISTS or len(values) > 1 else values[0] for name, values in search.items()
        }
        return found


class SubscriptionChange(_Body):
    """A change of state, of frequency, or of both."""

    state: Literal[SubscriptionState.ACTIVE, SubscriptionState.PAUSED] | None = Field(
        None, description="`PAUSED`, or `ACTIVE`", examples=["PAUSED"]
    )
    frequency: Frequency | None = Field(None, description="Of e-mails: when", examples=["WEEKLY"])
    resume_from: Literal["paused", "now"] = Field(
        "paused",
        description="For `ACTIVE`: from where it stood (at most 30 days back), or only what comes from now on",
        examples=["paused"],
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.state is None and self.frequency is None:
            raise PydanticCustomError("nothing", "needs state or frequency")
        return self


class ReplayRequest(_Body):
    """A replay."""

    after_seq: int = Field(
        ge=0, le=MAX_SEQ, description="Everything that matched after this `seq` is delivered again", examples=[0]
    )


class SubscriptionListParameters(Parameters):
    """The client's own subscriptions, oldest first."""

    limit: Limit = 20
    cursor: Cursor = None


class DeliveryParameters(Parameters):
    """Attempts to deliver, newest first."""

    limit: Limit = 20
    cursor: Cursor = None
