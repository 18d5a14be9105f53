"""`/subscriptions`: the client's own saved searches, by its API key or by a token that was e-mailed to its address."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from legis.errors import StoreUnavailable
from legis.languages import Text
from legis.service.problems import problem
from starlette.responses import Response

from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.changes.change_reader import load_position
from api_gateway.store.subscriptions import subscription_writer as writer
from api_gateway.store.subscriptions.subscription_rows import (
    Owner,
    list_subscriptions,
    load_attempts,
    load_subscription,
)
from api_gateway.subscriptions.signature import secret_text, signing_key
from api_gateway.subscriptions.subscription import PUBLIC_ID, Channel, Subscription, SubscriptionState
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.cursor import decode_offset, encode_offset, next_link, question_hash
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.params.subscription_params import (
    DeliveryParameters,
    ReplayRequest,
    SubscriptionChange,
    SubscriptionListParameters,
)
from api_gateway.web.pipeline.request_context import context_of
from api_gateway.web.responses.json_responses import dump
from api_gateway.web.responses.subscription_schemas import (
    DeliveryList,
    SubscriptionList,
    SubscriptionReply,
    delivery_document,
    subscription_document,
)

PATH = "/api/v1/subscriptions"
router = APIRouter(prefix=PATH, tags=["subscriptions"], route_class=ApiRoute)
PublicId = Annotated[
    str, Path(description="Id of a subscription", examples=["sub_0123456789abcdefghij"], pattern=f"^{PUBLIC_ID}$")
]
_AT_ONCE = Text("is of e-mail only: a webhook is told at once", "é só de e-mail: um webhook é avisado na hora")
_NO_PING_TAKEN = "The webhook has not taken its test message yet; send one with `/test`."
_LINK_NOT_OPENED = "Nobody has confirmed this address yet; the link in the e-mail does."
_NO_MASTER_KEY = "This service has no key to sign webhooks with; its operator has to set one."


@router.get(
    "",
    response_model=SubscriptionList,
    responses=problems(),
    operation_id="listSubscriptions",
    summary="The client's own subscriptions",
)
async def list_own(request: Request, shared: Shared, asked: Annotated[SubscriptionListParameters, Query()]) -> Response:
    """Oldest first. With a token from an e-mail: all that are sent to its address, whoever made them."""
    question = question_hash(request.url.path, asked)
    after = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    found = await list_subscriptions(shared.database.newest(), _owner(request), after=after, limit=asked.limit + 1)
    shown = [subscription_document(one) for one in found[: asked.limit]]
    last = found[asked.limit - 1].id if len(found) > asked.limit else None
    return _page(request, shared, asked, shown, last)


@router.get(
    "/{subscription_id}",
    response_model=SubscriptionReply,
    responses=problems(404),
    operation_id="getSubscription",
    summary="One subscription",
)
async def get_one(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[NoParameters, Query()]
) -> Response:
    """Its search, state and position."""
    return reply_with(shared, subscription_document(await _stored(request, shared, subscription_id)))


@router.patch(
    "/{subscription_id}",
    response_model=SubscriptionReply,
    responses=problems(404, 409, 415),
    operation_id="changeSubscription",
    summary="Pause, resume, change the frequency",
)
async def change(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[SubscriptionChange, Body()]
) -> Response:
    """A paused subscription goes on from where it stood, or from now. One that was disabled is resumed alike. One that
    was never confirmed cannot be."""
    one, owner = await _stored(request, shared, subscription_id), _owner(request)
    if asked.frequency is not None and one.channel is not Channel.EMAIL:
        raise InvalidParameter("frequency", _AT_ONCE)
    if asked.state is not None and one.confirmed_at is None:
        return _unconfirmed(request, one)
    found: Subscription | None = one
    if asked.frequency is not None:
        found = await writer.set_frequency(shared.writing_pool, owner, subscription_id, asked.frequency)
    if asked.state is not None:
        from_seq = None
        if asked.state is SubscriptionState.ACTIVE and asked.resume_from == "now":
            from_seq = (await load_position(shared.database)).head
        found = await writer.set_state(
            shared.writing_pool, owner, subscription_id, asked.state, from_seq=from_seq
        )  # fmt: skip
    if found is None:
        raise _none(subscription_id)  # deleted meanwhile
    return reply_with(shared, subscription_document(found))


@router.delete(
    "/{subscription_id}",
    status_code=204,
    response_class=Response,
    responses=problems(404),
    operation_id="deleteSubscription",
    summary="End a subscription",
)
async def delete(request: Request, shared: Shared, subscription_id: PublicId) -> Response:
    """Nothing more is sent, and all that was kept about it is deleted."""
    if not await writer.delete_subscription(shared.writing_pool, _owner(request), subscription_id):
        raise _none(subscription_id)
    return Response(status_code=204)


@router.post(
    "/{subscription_id}/test",
    status_code=202,
    response_class=Response,
    responses=problems(404),
    operation_id="testSubscription",
    summary="Send a test message",
)
async def test_fire(request: Request, shared: Shared, subscription_id: PublicId) -> Response:
    """A signed `webhook.ping`; what the receiver made of it is in `/deliveries` a moment later."""
    if not await writer.request_ping(shared.writing_pool, _owner(request), subscription_id):
        raise _none(subscription_id)
    return Response(status_code=202)


@router.post(
    "/{subscription_id}/replay",
    response_model=SubscriptionReply,
    responses=problems(404, 409, 415),
    operation_id="replaySubscription",
    summary="Deliver again",
)
async def replay(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[ReplayRequest, Body()]
) -> Response:
    """Everything that matched after a `seq` of the change log, at most 30 days back, with the same `webhook-id`s. One
    that was not delivered yet skips nothing: deliveries go on from where they stand."""
    one = await _stored(request, shared, subscription_id)
    start = max(min(asked.after_seq, one.sent_seq), one.since_seq)
    found = await writer.set_state(
        shared.writing_pool, _owner(request), subscription_id, SubscriptionState.ACTIVE, from_seq=start
    )
    return _unconfirmed(request, one) if found is None else reply_with(shared, subscription_document(found))


@router.post(
    "/{subscription_id}/rotate-secret",
    response_model=SubscriptionReply,
    responses=problems(404),
    operation_id="rotateSubscriptionSecret",
    summary="Make a new signing key",
)
async def rotate(request: Request, shared: Shared, subscription_id: PublicId) -> Response:
    """The reply has the new `secret`. For 24 hours messages are signed with both keys."""
    one = await _stored(request, shared, subscription_id)
    if one.channel is not Channel.WEBHOOK:
        raise _none(subscription_id)
    number = await writer.rotate_key(shared.writing_pool, one.id)
    secret = secret_text(signing_key(master_key(shared), one.public_id, number))
    return reply_with(shared, subscription_document(one, secret))


@router.get(
    "/{subscription_id}/deliveries",
    response_model=DeliveryList,
    responses=problems(404),
    operation_id="listDeliveries",
    summary="What was sent, and what became of it",
)
async def deliveries(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[DeliveryParameters, Query()]
) -> Response:
    """Attempts of the last 30 days, newest first."""
    one = await _stored(request, shared, subscription_id)
    question = question_hash(request.url.path, asked)
    before = None if asked.cursor is None else decode_offset(asked.cursor, question)
    rows = await load_attempts(shared.database, one.id, before=before, limit=asked.limit + 1)
    last = rows[asked.limit - 1]["id"] if len(rows) > asked.limit else None
    return _page(request, shared, asked, [delivery_document(row) for row in rows[: asked.limit]], last)


def _owner(request: Request) -> Owner:
    identity = context_of(request.scope).identity
    # the route's policy needs a scope that only keys and tokens from e-mails have
    assert identity.key_id is not None or identity.address_id is not None
    return Owner(identity.key_id, identity.address_id)


def master_key(shared: Resources) -> bytes:
    """The key that signing keys are derived from. Raises StoreUnavailable where the operator has set none."""
    if not shared.settings.signs_messages:
        raise StoreUnavailable(_NO_MASTER_KEY, retry_after=3600)
    return shared.settings.signing_master_key.get_secret_value().encode()


async def _stored(request: Request, shared: Resources, public_id: str) -> Subscription:
    found = await load_subscription(shared.database.newest(), _owner(request), public_id)
    if found is None:
        raise _none(public_id)
    return found


def _none(public_id: str) -> NotFound:
    return NotFound(Text(f"You have no subscription {public_id}.", f"Você não tem a assinatura {public_id}."))


def _unconfirmed(request: Request, one: Subscription) -> Response:
    detail = _NO_PING_TAKEN if one.channel is Channel.WEBHOOK else _LINK_NOT_OPENED
    return problem(409, "Not confirmed", detail, instance=request.url.path)


def reply_with(
    shared: Resources, document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A reply with one thing in `data`."""
    body = b'{"data":%b,"meta":%b}' % (dump(document), shared.status_monitor.snapshot.meta)
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def _page(request: Request, shared: Resources, asked: Any, shown: list[dict[str, Any]], last: int | None) -> Response:
    path = request.url.path
    cursor = None if last is None else encode_offset(last, question_hash(path, asked))
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    page = {"limit": asked.limit, "next_cursor": cursor, "next": link, "count": None}
    meta = shared.status_monitor.snapshot.meta
    body = b'{"data":%b,"page":%b,"meta":%b}' % (dump(shown), dump(page), meta)
    return Response(body, media_type="application/json")
