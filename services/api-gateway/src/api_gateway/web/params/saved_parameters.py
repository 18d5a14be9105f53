"""Checks the search of a new subscription: the same parameters, and the same errors, as `/changes`."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from legis.languages import Text
from pydantic import ValidationError

from api_gateway.search.filtering.nearest_word import nearest
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import filter_of
from api_gateway.web.params.change_params import wanted_entries
from api_gateway.web.params.parameters import EntryParameters

_NAMES = {field.alias or name for name, field in EntryParameters.model_fields.items()}
_MAX_SHOWN = 40


def checked_search(given: Mapping[str, Any], shared: Resources) -> dict[str, Any]:
    """The search as it is stored: only what was given. Raises RequestValidationError or InvalidParameter."""
    if unknown := sorted(given.keys() - _NAMES):
        raise InvalidParameter(f"search.{unknown[0][:_MAX_SHOWN]}", _unknown(unknown[0]))
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


def _unknown(name: str) -> Text:
    near = nearest(name, sorted(_NAMES))
    if near:
        return Text(
            f"is no filter of /changes; did you mean {near}?", f"não é filtro de /changes; você quis dizer {near}?"
        )
    return Text("is no filter of /changes", "não é filtro de /changes")
