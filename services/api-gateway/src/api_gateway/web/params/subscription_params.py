"""Bodies of requests about subscriptions."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api_gateway.subscriptions.subscription import Channel, Frequency, SubscriptionState
from api_gateway.web.params.parameters import Cursor, Limit, Parameters

_SEARCH = (
    "The saved search, in the parameters of `/changes`: filters of bills, `kind`, `field`. Values as there, lists as "
    "lists. Without `kind` and `field`: movement"
)


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


class SubscriptionChange(_Body):
    """A change of state."""

    state: Literal[SubscriptionState.ACTIVE, SubscriptionState.PAUSED] = Field(
        description="`PAUSED`, or `ACTIVE`", examples=["PAUSED"]
    )
    resume_from: Literal["paused", "now"] = Field(
        "paused",
        description="For `ACTIVE`: from where it stood (at most 30 days back), or only what comes from now on",
        examples=["paused"],
    )


class ReplayRequest(_Body):
    """A replay."""

    after_seq: int = Field(
        ge=0, description="Everything that matched after this `seq` is delivered again", examples=[0]
    )


class SubscriptionListParameters(Parameters):
    """The client's own subscriptions, oldest first."""

    limit: Limit = 20
    cursor: Cursor = None


class DeliveryParameters(Parameters):
    """Attempts to deliver, newest first."""

    limit: Limit = 20
    cursor: Cursor = None
