"""`/subscriptions/options`: which ways to be told this service offers, and within what limits."""

from typing import Annotated

from fastapi import APIRouter, Query
from legis.languages import Language
from starlette.responses import Response

from api_gateway.settings import SubscriptionSettings
from api_gateway.subscriptions import subscription as rules
from api_gateway.subscriptions.subscription import Channel, Frequency
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import data_reply, dump
from api_gateway.web.responses.subscription_option_schemas import (
    ChannelOption,
    DigestOptions,
    SubscriptionLimits,
    SubscriptionOptions,
    SubscriptionOptionsReply,
)
from api_gateway.web.routes.subscribers.subscriptions import PATH

router = APIRouter(prefix=PATH, tags=["subscriptions"], route_class=ApiRoute)
_CACHE = "public, max-age=60, stale-if-error=86400"
"""Cache rule of the reply: what is offered changes when the operator starts the service with other settings."""

_MONDAY = 1


@router.get(
    "/options",
    response_model=SubscriptionOptionsReply,
    responses=problems(),
    operation_id="getSubscriptionOptions",
    summary="What can be subscribed to, and how",
)
async def show_options(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Whether webhooks and e-mails are offered here, which need an API key, when digests come, and the limits."""
    found = options_of(shared.settings)
    return data_reply({"data": dump(found.model_dump())}, shared.status_monitor.snapshot.undated, cache_control=_CACHE)


def options_of(settings: SubscriptionSettings) -> SubscriptionOptions:
    """The options of a service with these settings."""
    signs = settings.signs_messages
    return SubscriptionOptions(
        channels=[
            ChannelOption(channel=Channel.WEBHOOK, offered=signs, needs_key=True, frequencies=[Frequency.IMMEDIATE]),
            ChannelOption(
                channel=Channel.EMAIL, offered=signs and settings.sends_mail, needs_key=False, frequencies=[*Frequency]
            ),
        ],
        languages=[language.value for language in Language],
        digests=DigestOptions(at=f"{rules.DIGEST_AT:%H:%M}", weekday=_MONDAY, bills=rules.BILLS_OF_A_MAIL),
        limits=SubscriptionLimits(
            of_a_key=rules.SUBSCRIPTIONS_OF_A_KEY,
            webhooks_of_a_key=rules.WEBHOOKS_OF_A_KEY,
            of_an_address=rules.SUBSCRIPTIONS_OF_AN_ADDRESS,
            confirmations_a_day=rules.CONFIRMATIONS_A_DAY,
            unconfirmed_days=rules.UNCONFIRMED_DAYS,
            kept_days=rules.RETENTION_DAYS,
        ),
    )
