"""Puts back what a dump without defaults left out, for a fraction of what a second dump of the model costs.

A bill is dumped in two forms: without defaults it is stored and compared, with them it is served. Most of either dump
is the walk through the model, so the second form is made from the first.
"""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python


class Completer:
    """Knows the defaults of a model and of the models inside it. `without` names fields that its dumps never have."""

    def __init__(self, model: type[BaseModel], without: frozenset[str] = frozenset()) -> None:
        fields = {name: field for name, field in model.model_fields.items() if name not in without}
        self._defaults = {name: _default(field) for name, field in fields.items()}
        parts = [(name, part, many) for name, field in fields.items() for part, many in _parts(field.annotation)]
        self._single = tuple((name, Completer(part)) for name, part, many in parts if not many)
        self._lists = tuple((name, Completer(part)) for name, part, many in parts if many)

    def __call__(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What a dump with `mode="json"` gives, from the same with `exclude_defaults`; fields in the model's order.

        Values are shared between results: they are to be read, never changed.
        """
        whole = {**self._defaults, **said}
        for name, complete in self._single:
            if (value := whole[name]) is not None:
                whole[name] = complete(value)
        for name, complete in self._lists:
            if items := whole[name]:
                whole[name] = [complete(item) for item in items]
        return whole


def _default(field: FieldInfo) -> Any:
    """The default as a dump shows it; None holds the place of a field that is always said."""
    return None if field.is_required() else to_jsonable_python(field.get_default(call_default_factory=True))


def _parts(annotation: Any) -> list[tuple[type[BaseModel], bool]]:
    """The model that a field holds, if it holds one, and whether it holds many of them."""
    many = get_origin(annotation) is tuple
    kinds = get_args(annotation) or (annotation,)
    return [(kind, many) for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
