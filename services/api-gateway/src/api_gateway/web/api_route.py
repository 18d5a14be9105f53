"""The route class of the public API: FastAPI's declaration of a route, read with one validation of its parameters.

FastAPI resolves each of 35 query parameters by itself, seven times the time of the validation. Here the query string is
validated at once by the same model that FastAPI describes in the OpenAPI document, and complaints have the same form.
"""

from collections.abc import Callable, Coroutine, Hashable
from functools import lru_cache
from inspect import signature
from typing import Any, Generic, TypeVar, get_origin
from urllib.parse import parse_qsl

from fastapi import params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api_gateway.web.pipeline.request_context import context_of

MOST_REMEMBERED = 4096
"""Results of one kind; each is a hundred objects, so only those that are asked again are remembered: else a stream of
requests that are all different would give the garbage collector much to look at."""

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

Argument = Callable[[Request], Any]
"""What a parameter of an endpoint gets of a request. Raises RequestValidationError."""


class Remembered(Generic[Key, Made]):
    """A pure function whose results are remembered for what is asked a second time, the last used ones."""

    def __init__(self, make: Callable[[Key], Made], most: int = MOST_REMEMBERED) -> None:
        self._make = make
        self._most = most
        self._known = lru_cache(maxsize=most)(make)
        self._seen: set[Key] = set()
        self._seen_before: set[Key] = set()

    def __call__(self, key: Key) -> Made:
        return self._known(key) if self._asked_before(key) else self._make(key)

    def _asked_before(self, key: Key) -> bool:
        """Notes the key; whether it is among the last `most` different ones, or up to twice as many."""
        if key in self._seen:
            return True
        if len(self._seen) >= self._most:
            self._seen, self._seen_before = set(), self._seen
        self._seen.add(key)
        return key in self._seen_before


def resources_of(request: Request) -> Any:
    """What the routes share."""
    return request.app.state.resources


class ApiRoute(APIRoute):
    """A route whose endpoint takes the request, resources, parts of the path and one model of its query string."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook: from a request to the endpoint's reply, which is a Response."""
        endpoint = self.endpoint
        arguments = {one.name: _argument(one.name, one.annotation) for one in signature(endpoint).parameters.values()}

        async def handle(request: Request) -> Response:
            found = {name: argument(request) for name, argument in arguments.items()}
            response: Response = await endpoint(**found)
            return response

        return handle


def _argument(name: str, annotation: Any) -> Argument:
    if annotation is Request:
        return lambda request: request
    kind = getattr(annotation, "__metadata__", (None,))[0]
    if isinstance(kind, params.Depends) and kind.dependency is not None:
        return kind.dependency
    if isinstance(kind, params.Path):
        return _path_part(name, TypeAdapter(annotation))
    if isinstance(kind, params.Query):
        return _query_model(annotation.__origin__)
    raise TypeError(f"an endpoint cannot take {name}: {annotation}")


def _path_part(name: str, adapter: TypeAdapter[Any]) -> Argument:
    def read(request: Request) -> Any:
        try:
            return adapter.validate_python(request.path_params[name])
        except ValidationError as error:
            raise _invalid(error, "path", name) from error

    return read


def _query_model(model: type[BaseModel]) -> Argument:
    fields = model.model_fields
    lists = {name for name, field in fields.items() if get_origin(field.annotation) is tuple}

    def read(query: bytes) -> BaseModel:
        given: dict[str, Any] = {}
        repeated: set[str] = set()
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in lists:
                given.setdefault(name, []).append(value)
            elif name in given and name in fields:
                repeated.add(name)
            else:
                given.setdefault(name, value)
        try:
            found = model.model_validate(given)
        except ValidationError as error:
            raise _invalid(error, "query") from error
        if repeated:
            raise RequestValidationError([_repeated(name) for name in sorted(repeated)])
        return found

    known = Remembered(read)
    return lambda request: known(context_of(request.scope).query_string)


def _repeated(name: str) -> dict[str, Any]:
    return {"type": "repeated", "loc": ("query", name), "msg": "is given more than once; it takes one value"}


def _invalid(error: ValidationError, *where: str) -> RequestValidationError:
    found = error.errors(include_url=False)
    return RequestValidationError([{**one, "loc": (*where, *one["loc"])} for one in found])
