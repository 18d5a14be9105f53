"""Invalid query parameters as members of `errors`: the parameter's name, and an explanation in both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from legis.languages import Text
from legis.service.problems import validation_errors

from api_gateway.search.filtering.nearest_word import nearest
from api_gateway.search.filtering.values import EMPTY, InvalidParameter, no_value

_MAX_SHOWN = 60
MAX_ERRORS = 10
"""Most errors reported for one request: an address has room for two thousand unknown names, and comparing each takes
time.
"""

_TEXTS = {
    "missing": Text("is required", "é obrigatório"),
    "nothing": Text("needs state or frequency", "exige state ou frequency"),
    "empty": EMPTY,
    "repeated": Text("is given more than once; it takes one value", "aparece mais de uma vez; aceita um só valor"),
    "bool_parsing": Text("must be true or false", "deve ser true ou false"),
    "int_parsing": Text("must be a whole number", "deve ser um número inteiro"),
    "int_parsing_size": Text("is a number that is too large", "é um número grande demais"),
    "int_from_float": Text("must be a whole number", "deve ser um número inteiro"),
    "int_type": Text("must be a whole number", "deve ser um número inteiro"),
    "greater_than_equal": Text("must be at least {ge}", "deve ser no mínimo {ge}"),
    "less_than_equal": Text("must be at most {le}", "deve ser no máximo {le}"),
    "string_type": Text("must be a text", "deve ser um texto"),
    "string_too_long": Text("is longer than {max_length} characters", "tem mais de {max_length} caracteres"),
    "string_pattern_mismatch": Text(
        "does not have the expected form: {pattern}", "não tem a forma esperada: {pattern}"
    ),
    "too_long": Text(
        "has {actual_length} values; at most {max_length} are taken",
        "tem {actual_length} valores; são aceitos no máximo {max_length}",
    ),
    "dict_type": Text("must be an object", "deve ser um objeto"),
    "model_attributes_type": Text("must be an object", "deve ser um objeto"),
    "model_type": Text("must be an object", "deve ser um objeto"),
}
"""Messages for pydantic's error types and our own, by error type."""

_OF_WORDS = frozenset({"literal_error", "enum"})
"""Error types of values that are none of a few words."""

_QUOTED = re.compile(r"'([^']*)'")


def input_errors(error: RequestValidationError, known: Sequence[str]) -> list[dict[str, Any]]:
    """The first invalid parameters of a request, each once; `known` are the parameters that the route accepts."""
    found: dict[str, dict[str, Any]] = {}
    for one, raw in zip(validation_errors(error), error.errors(), strict=True):
        name = one["parameter"][:_MAX_SHOWN]
        if name in found or len(found) == MAX_ERRORS:
            continue
        text = _unknown(name, known) if raw["type"] == "extra_forbidden" else _wrong_value(one["detail"], raw)
        found[name] = {"parameter": name, "detail": text}
    return list(found.values())


def _unknown(name: str, known: Sequence[str]) -> Text:
    en, pt = "is not a parameter here", "não é um parâmetro deste endereço"
    near = nearest(name, known)
    if near:
        return Text(f"{en}; did you mean {near}?", f"{pt}; você quis dizer {near}?")
    if not known:
        return Text(f"{en}; this address takes none", f"{pt}; ele não aceita nenhum")
    listed = ", ".join(known)
    return Text(f"{en}. Allowed: {listed}", f"{pt}. Parâmetros: {listed}")


def _wrong_value(message: str, error: Mapping[str, Any]) -> Text:
    if error["type"] in _OF_WORDS and isinstance(error.get("input"), str):
        return no_value(error["input"][:_MAX_SHOWN], _QUOTED.findall(error["ctx"]["expected"]))
    text, context = _TEXTS.get(error["type"]), error.get("ctx", {})
    if isinstance(raised := context.get("error"), InvalidParameter) and isinstance(raised.text, Text):
        return raised.text
    return Text(message, message) if text is None else Text(text.en.format(**context), text.pt.format(**context))
