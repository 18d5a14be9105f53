"""The route class of the public API: routes are declared as in FastAPI, but all their query parameters are validated at
once.

FastAPI resolves each of 35 query parameters separately, which takes seven times as long as the validation. This class
validates the query string once, with the same model that FastAPI describes in the OpenAPI document; its validation
errors have the same form as FastAPI's.
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
from api_gateway.web.request_body import read_body

MOST_REMEMBERED = 4096
"""Number of cached results per function. Each result consists of about a hundred objects, so only results for repeated
keys are cached: otherwise a stream of requests that are all different would cost the garbage collector much time.
"""

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

Argument = Callable[[Request], Any]
"""Function that extracts one argument of an endpoint from the request. Raises RequestValidationError."""


class Remembered(Generic[Key, Made]):
    """Wraps a pure function and caches its result from the second call with the same key on, and drops the least
    recently used ones.
    """

    def __init__(self, make: Callable[[Key], Made], most: int = MOST_REMEMBERED) -> None:
        self._make = make
        self._most = most
        self._known = lru_cache(maxsize=most)(make)
        self._seen: set[int] = set()
        self._seen_before: set[int] = set()

    def __call__(self, key: Key) -> Made:
        return self._known(key) if self._asked_before(key) else self._make(key)

    def _asked_before(self, key: Key) -> bool:
        """Records the key by its hash, which is small. Returns whether it is among the last `most` different keys (up
        to twice as many may be remembered).
        """
        seen = hash(key)
        if seen in self._seen:
            return True
        if len(self._seen) >= self._most:
            self._seen, self._seen_before = set(), self._seen
        self._seen.add(seen)
        return seen in self._seen_before


def resources_of(request: Request) -> Any:
    """The resources that all routes share."""
    return request.app.state.resources


class ApiRoute(APIRoute):
    """A route whose endpoint takes the request, the resources, parts of the path, and one model of its query string."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Overrides FastAPI's hook: returns the function that turns a request into the endpoint's Response."""
        endpoint = self.endpoint
        arguments = {one.name: _argument(one.name, one.annotation) for one in signature(endpoint).parameters.values()}

        bodies = [name for name, argument in arguments.items() if isinstance(argument, _Body)]

        async def handle(request: Request) -> Response:
            found = {name: argument(request) for name, argument in arguments.items()}
            for name in bodies:
                found[name] = await found[name]
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
    if isinstance(kind, params.Body):
        return _Body(annotation.__origin__)
    if isinstance(kind, params.Query):
        return _query_model(annotation.__origin__)
    raise TypeError(f"an endpoint cannot take {name}: {annotation}")


class _Body:
    """Reads the body as a model; the result is awaited."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __call__(self, request: Request) -> Any:
        return read_body(request, self._model)


def _path_part(name: str, adapter: TypeAdapter[Any]) -> Argument:
    def read(request: Request) -> Any:
        try:
            return adapter.validate_python(request.path_params[name])
        except ValidationError as error:
            raise _invalid(error, "path", name) from error

    return read


def _query_model(model: type[BaseModel]) -> Argument:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
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
