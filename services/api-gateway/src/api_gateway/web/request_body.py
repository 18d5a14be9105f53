"""Reads the body of a request, JSON or an HTML form, into a model, with the same errors as for parameters."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from legis.languages import Text
from pydantic import BaseModel, ValidationError

MAX_BODY_BYTES = 16_384
"""Most bytes of a body: a search with a hundred ids has 3 kB."""

MAX_FIELDS = 300
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

Model = TypeVar("Model", bound=BaseModel)


class BodyTooLarge(Exception):
    """The body has more than `MAX_BODY_BYTES`."""

    text = Text(f"The body has more than {MAX_BODY_BYTES} bytes.", f"O corpo tem mais de {MAX_BODY_BYTES} bytes.")


class WrongContentType(Exception):
    """The body is of a type that the address does not read. `form`: it reads HTML forms too."""

    def __init__(self, *, form: bool) -> None:
        super().__init__("wrong content type")
        read = " or ".join([JSON, FORM] if form else [JSON])
        self.text = Text(f"The body must be {read}.", f"O corpo deve ser {read.replace(' or ', ' ou ')}.")


async def read_body(request: Request, model: type[Model]) -> Model:
    """The body as the model; that of a form where the model has `from_form`. Raises RequestValidationError, which
    names the field, or `body` for the whole; BodyTooLarge, WrongContentType.
    """
    from_form = getattr(model, "from_form", None)
    if from_form is not None and is_form(request):
        given = from_form(await read_form(request))
    elif _kind(request) == JSON:
        given = await _json(request)
    else:
        raise WrongContentType(form=from_form is not None)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        told: list[Any] = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(told) from error


def is_form(request: Request) -> bool:
    """Whether the body is what an HTML form sends."""
    return _kind(request) == FORM


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Names and values of a form, without fields that were left empty. Raises RequestValidationError, BodyTooLarge."""
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
            raise BodyTooLarge
    return found


def _wrong(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "body", "loc": ("body",), "msg": message}])
