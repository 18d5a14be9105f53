"""`/subscriptions`: the client's own saved searches, told by webhook. Every route needs a key with the scope."""

from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
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
from api_gateway.subscriptions.subscription import PUBLIC_ID, Channel, Frequency, Subscription, SubscriptionState
from api_gateway.subscriptions.webhook_url import UrlRefused, webhook_url
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.cursor import decode_offset, encode_offset, next_link, question_hash
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.params.saved_parameters import checked_search
from api_gateway.web.params.subscription_params import (
    DeliveryParameters,
    ReplayRequest,
    SubscriptionChange,
    SubscriptionListParameters,
    SubscriptionRequest,
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

router = APIRouter(prefix="/api/v1/subscriptions", tags=["subscriptions"], route_class=ApiRoute)
PublicId = Annotated[
    str, Path(description="Id of a subscription", examples=["sub_0123456789abcdefghij"], pattern=f"^{PUBLIC_ID}$")
]
_NO_MAIL = "This service has no mail server; its operator has to set SMTP_URL, MAIL_FROM and PUBLIC_BASE_URL."
_NO_MASTER_KEY = "This service has no key to sign webhooks with; its operator has to set one."


@router.post(
    "",
    status_code=201,
    response_model=SubscriptionReply,
    responses=problems(409),
    operation_id="createSubscription",
    summary="Subscribe to a search",
)
async def create(request: Request, shared: Shared, asked: Annotated[SubscriptionRequest, Body()]) -> Response:
    """Changes that match the search are sent from now on. A webhook is first sent a signed test message
    (`webhook.ping`) and is PENDING until it takes one. The reply has `secret`, which is not shown again."""
    master = _master(shared)
    if asked.channel is Channel.EMAIL and not shared.settings.sends_mail:
        return problem(503, "Not ready", _NO_MAIL, headers={"Retry-After": "3600"}, instance=request.url.path)
    parameters = checked_search(asked.search, shared)
    wanted = writer.NewSubscription(
        channel=asked.channel,
        target=_target(asked, shared),
        parameters=parameters,
        frequency=Frequency.IMMEDIATE if asked.channel is Channel.WEBHOOK else asked.frequency,
        language=asked.language,
        state=SubscriptionState.PENDING,
        name=asked.name,
    )
    try:
        made = await writer.create_subscription(shared.writing_pool, _owner(request), wanted)
    except writer.TooManySubscriptions as error:
        return problem(409, "Too many subscriptions", str(error), instance=request.url.path)
    secret = None if not made.keys else secret_text(signing_key(master, made.public_id, made.keys[-1]))
    return _reply(shared, subscription_document(made, secret), 201, {"Location": f"{router.prefix}/{made.public_id}"})


@router.get(
    "",
    response_model=SubscriptionList,
    responses=problems(),
    operation_id="listSubscriptions",
    summary="The client's own subscriptions",
)
async def list_own(request: Request, shared: Shared, asked: Annotated[SubscriptionListParameters, Query()]) -> Response:
    """Oldest first."""
    question = question_hash(request.url.path, asked)
    after = 0 if asked.cursor is None else decode_offset(asked.cursor, question)
    found = await list_subscriptions(shared.database, _owner(request), after=after, limit=asked.limit + 1)
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
    return _reply(shared, subscription_document(await _stored(request, shared, subscription_id)))


@router.patch(
    "/{subscription_id}",
    response_model=SubscriptionReply,
    responses=problems(404, 409),
    operation_id="changeSubscription",
    summary="Pause or resume",
)
async def change(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[SubscriptionChange, Body()]
) -> Response:
    """A paused subscription goes on from where it stood, or from now. One that was disabled is resumed alike."""
    await _stored(request, shared, subscription_id)
    from_seq = None
    if asked.state is SubscriptionState.ACTIVE and asked.resume_from == "now":
        from_seq = (await load_position(shared.database)).head
    found = await writer.set_state(
        shared.writing_pool, _owner(request), subscription_id, asked.state, from_seq=from_seq
    )
    if found is None:
        return _unconfirmed(request)
    return _reply(shared, subscription_document(found))


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
    responses=problems(404, 409),
    operation_id="replaySubscription",
    summary="Deliver again",
)
async def replay(
    request: Request, shared: Shared, subscription_id: PublicId, asked: Annotated[ReplayRequest, Body()]
) -> Response:
    """Everything that matched after a `seq` of the change log, at most 30 days back, with the same `webhook-id`s."""
    one = await _stored(request, shared, subscription_id)
    start = max(asked.after_seq, one.since_seq)
    found = await writer.set_state(
        shared.writing_pool, _owner(request), subscription_id, SubscriptionState.ACTIVE, from_seq=start
    )
    return _unconfirmed(request) if found is None else _reply(shared, subscription_document(found))


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
    return _reply(shared, subscription_document(one, secret_text(signing_key(_master(shared), one.public_id, number))))


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
    key_id = context_of(request.scope).identity.key_id
    assert key_id is not None  # the route's policy needs a scope that only keys have
    return Owner(key_id)


def _master(shared: Resources) -> bytes:
    """The key that signing keys are derived from. Raises StoreUnavailable where the operator has set none."""
    master = shared.settings.signing_master_key.get_secret_value()
    if len(master) < 32:
        raise StoreUnavailable(_NO_MASTER_KEY, retry_after=3600)
    return master.encode()


def _target(asked: SubscriptionRequest, shared: Resources) -> str:
    """The address in its only spelling. Raises InvalidParameter."""
    if asked.channel is Channel.EMAIL:
        return _mail_address(asked.target)
    given = asked.target
    own = shared.settings.public_base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    try:
        return webhook_url(given, frozenset({own} - {""})).text
    except UrlRefused as error:
        raise InvalidParameter("target", error.text) from None


def _mail_address(given: str) -> str:
    try:
        found = validate_email(given, check_deliverability=False).ascii_email
    except EmailNotValidError:
        found = None
    if found is None:
        wrong = Text("must be an e-mail address in ASCII", "deve ser um endereço de e-mail em ASCII")
        raise InvalidParameter("target", wrong)
    return found


async def _stored(request: Request, shared: Resources, public_id: str) -> Subscription:
    found = await load_subscription(shared.database, _owner(request), public_id)
    if found is None:
        raise _none(public_id)
    return found


def _none(public_id: str) -> NotFound:
    return NotFound(Text(f"You have no subscription {public_id}.", f"Você não tem a assinatura {public_id}."))


def _unconfirmed(request: Request) -> Response:
    detail = "The webhook has not taken its test message yet; send one with `/test`."
    return problem(409, "Not confirmed", detail, instance=request.url.path)


def _reply(
    shared: Resources, document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
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
