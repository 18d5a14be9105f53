"""Checks the search of a new subscription: the same parameters, and the same errors, as `/changes`."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api_gateway.web.container import Resources
from api_gateway.web.dependencies import filter_of
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.parameters import EntryParameters


def checked_search(given: Mapping[str, Any], shared: Resources) -> dict[str, Any]:
    """The search as it is stored: only what was given. Raises RequestValidationError or InvalidParameter."""
    try:
        asked = EntryParameters.model_validate(given)
    except ValidationError as error:
        told: list[Any] = [{**one, "loc": ("search", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(told) from error
    wanted_entries(asked, filter_of(asked, shared), movement=True)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asked.model_dump(exclude_unset=True).items()
        if value is not None and value != ()
    }
