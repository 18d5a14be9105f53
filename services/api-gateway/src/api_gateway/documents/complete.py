"""Adds default values to a model dump without defaults, much faster than a second dump of the model.

A bill is needed in two forms: without defaults it is stored and compared, with them it is served. Most time of a dump
goes into traversing the model, so the second form is made from the first.
"""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python


class Completer:
    """Adds the defaults of a model and of the models inside it. `without` names fields that the dumps never contain."""

    def __init__(self, model: type[BaseModel], without: frozenset[str] = frozenset()) -> None:
        fields = {name: field for name, field in model.model_fields.items() if name not in without}
        self._defaults = {name: _default(field) for name, field in fields.items()}
        parts = [(name, part, many) for name, field in fields.items() for part, many in _parts(field.annotation)]
        self._single = tuple((name, Completer(part)) for name, part, many in parts if not many)
        self._lists = tuple((name, Completer(part)) for name, part, many in parts if many)

    def __call__(self, sparse: Mapping[str, Any]) -> dict[str, Any]:
        """The result of a dump with `mode="json"`, from one that also had `exclude_defaults`. Fields are in the model's
        order.

        Default values are shared between results: read them, never change them.
        """
        whole = {**self._defaults, **sparse}
        for name, complete in self._single:
            if (value := whole[name]) is not None:
                whole[name] = complete(value)
        for name, complete in self._lists:
            if items := whole[name]:
                whole[name] = [complete(item) for item in items]
        return whole


def _default(field: FieldInfo) -> Any:
    """The default value as a dump contains it; None as a placeholder for a required field."""
    return None if field.is_required() else to_jsonable_python(field.get_default(call_default_factory=True))


def _parts(annotation: Any) -> list[tuple[type[BaseModel], bool]]:
    """The models that a field contains, each with whether the field has many of them."""
    many = get_origin(annotation) is tuple
    kinds = get_args(annotation) or (annotation,)
    return [(kind, many) for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
