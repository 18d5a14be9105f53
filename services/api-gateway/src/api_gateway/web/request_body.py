"""Reads the JSON body of a request into a model, with the same errors as for parameters."""

from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

MAX_BODY_BYTES = 16_384
"""Most bytes of a body: a search with a hundred ids has 3 kB."""

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, model: type[Model]) -> Model:
    """The body as the model. Raises RequestValidationError, which names the field, or `body` for the whole."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _wrong("must be JSON: Content-Type: application/json")
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > MAX_BODY_BYTES:
            raise _wrong(f"has more than {MAX_BODY_BYTES} bytes")
    try:
        return model.model_validate(orjson.loads(found))
    except orjson.JSONDecodeError as error:
        raise _wrong(f"is not JSON: {error}") from None
    except ValidationError as error:
        told: list[Any] = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(told) from error


def _wrong(message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "body", "loc": ("body",), "msg": message}])
