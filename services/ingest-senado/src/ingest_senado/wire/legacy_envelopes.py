"""Opens the envelopes of the legacy services: one root, and lists under several nodes."""

from typing import Any, ClassVar

from legis.errors import UpstreamSchemaChanged
from pydantic import model_validator

from ingest_senado.wire.wire_model import WireModel, as_list, is_empty


def rows_under(value: Any, root: str, *path: str) -> list[Any]:
    """The repeated node at the end of `path` below the root, as a list; empty where the envelope has no rows.

    Raises UpstreamSchemaChanged where the root is missing, or where the node around the repeated one holds other nodes:
    a renamed list must not pass for an empty one.
    """
    if not isinstance(value, dict) or root not in value:
        raise UpstreamSchemaChanged(f"no {root} in the answer")
    node = value[root]
    for number, name in enumerate(path):
        if is_empty(node):
            return []
        last = number == len(path) - 1
        if not isinstance(node, dict) or (last and number and name not in node):
            raise UpstreamSchemaChanged(f"no {name} below {root}")
        node = node.get(name)
    return as_list(node)


def children(node: Any, *path: str) -> list[Any]:
    """The repeatable node at the end of `path`, as a list; empty where any node of the path is missing."""
    for name in path[:-1]:
        node = node.get(name) if isinstance(node, dict) else None
    return as_list(node.get(path[-1])) if isinstance(node, dict) else []


def spread(node: Any, *path: str) -> list[Any]:
    """The repeatable nodes at the end of `path` where any node of the path may itself be repeated."""
    nodes = as_list(node)
    for name in path:
        nodes = [child for one in nodes if isinstance(one, dict) for child in as_list(one.get(name))]
    return nodes


class Nested(WireModel):
    """A node whose repeatable children are one level too deep: `Autoria.Autor` is read as `Autoria`."""

    inside: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Field name, and the path below it to the repeated node."""

    @model_validator(mode="before")
    @classmethod
    def _lift(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        lifted = {
            name: spread(value[name], *path)
            for name, path in cls.inside.items()
            if not is_empty(value.get(name)) and _is_nested(value[name], path)
        }
        return {**value, **lifted}


def _is_nested(node: Any, path: tuple[str, ...]) -> bool:
    """Whether the node is not lifted yet: an object, or a list of objects with the first name of the path."""
    first = node[0] if isinstance(node, list) and node else node
    return isinstance(first, dict) and (isinstance(node, dict) or path[0] in first)
