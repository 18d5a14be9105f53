"""Reads the body of a request, JSON or an HTML form, into a model, with the same errors as for parameters."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

MAX_BODY_BYTES = 16_384
"""Most bytes of a body: a search with a hundred ids has 3 kB."""

MAX_FIELDS = 300

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, model: type[Model]) -> Model:
    """The body as the model; that of a form where the model has `from_form`. Raises RequestValidationError, which
    names the field, or `body` for the whole.
    """
    from_form = getattr(model, "from_form", None)
    if from_form is not None and is_form(request):
        given = from_form(await read_form(request))
    elif _kind(request) == "application/json":
        given = await _json(request)
    else:
        raise _wrong("must be JSON: Content-Type: application/json")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        told: list[Any] = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(told) from error


def is_form(request: Request) -> bool:
    """Whether the body is what an HTML form sends."""
    return _kind(request) == "application/x-www-form-urlencoded"


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Names and values of a form, without fields that were left empty. Raises RequestValidationError."""
    try:
        return parse_qsl((await _bytes(request)).decode("ascii"), max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise _wrong(f"is no form: {error}") from None


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _json(request: Request) -> Any:
    try:
        return orjson.loads(await _bytes(request))
    except orjson.JSONDecodeError as error:
        raise _wrong(f"is not JSON: {error}") from None


async def _bytes(request: Request) -> bytes:
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > MAX_BODY_BYTES:
            raise _wrong(f"has more than {MAX_BODY_BYTES} bytes")
    return found


def _wrong(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "body", "loc": ("body",), "msg": message}])
