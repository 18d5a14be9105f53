"""Reads the files of `deploy/compose` as compose does: layers merged in order, defaults filled in."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "compose"
BASE, OBSERVABILITY, OFFLINE = "compose.yaml", "compose.observability.yaml", "compose.offline.yaml"
TLS, BACKUP, REPLICAS = "compose.tls.yaml", "compose.backup.yaml", "compose.replicas.yaml"
DEPLOYMENTS = (
    (BASE,),
    (BASE, OBSERVABILITY),
    (BASE, OFFLINE),
    (BASE, OBSERVABILITY, OFFLINE),
    (BASE, TLS),
    (BASE, TLS, OBSERVABILITY),
    (BASE, BACKUP),
    (BASE, BACKUP, OBSERVABILITY),
    (BASE, TLS, BACKUP),
    (BASE, TLS, BACKUP, OBSERVABILITY),
    (BASE, REPLICAS),
    (BASE, BACKUP, REPLICAS),
    (BASE, TLS, BACKUP, REPLICAS, OBSERVABILITY),
)
"""Every combination that is meant to be run: TLS, backup and observability in any choice, each also with the standby
(three of them stand here), and offline with or without observability. What works offline is on sample data, which
nobody backs up or serves to the world.
"""

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


class Override(list[Any]):
    """A list that replaces the one of the layers below, where others are added to it."""


class _Loader(yaml.SafeLoader):
    """YAML with compose's `!override`."""


def _override(loader: yaml.SafeLoader, node: yaml.Node) -> Override:
    assert isinstance(node, yaml.SequenceNode)
    return Override(loader.construct_sequence(node, deep=True))


_Loader.add_constructor("!override", _override)


def merged(names: tuple[str, ...]) -> dict[str, Any]:
    """One deployment, as plain data."""
    result: dict[str, Any] = {}
    for name in names:
        text = _VARIABLE.sub(lambda found: found["default"] or "", (FOLDER / name).read_text().replace("$$", "$"))
        result = _merge(result, yaml.load(text, _Loader))
    return result


def variables(name: str) -> dict[str, set[str]]:
    """What a file takes from compose's own environment, each with the defaults it is given."""
    found: dict[str, set[str]] = {}
    for one in _VARIABLE.finditer((FOLDER / name).read_text()):
        found.setdefault(one["name"], set()).add(one["default"] or "")
    return found


def secrets_of(service: dict[str, Any]) -> dict[str, str]:
    """Each secret that a service sees at /run/secrets, by the name it has there: the name of its file among ours."""
    pairs = [
        (one, one) if isinstance(one, str) else (one["target"], one["source"]) for one in service.get("secrets", ())
    ]
    return dict(pairs)


def mounts(service: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Source, target and mode of each volume of a service."""
    parts = [str(volume).split(":") for volume in service.get("volumes", ())]
    return [(one[0], one[1], one[2] if len(one) > 2 else "rw") for one in parts]


def _merge(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _merge(below[key], value) if key in below else value for key, value in above.items()}}
    if isinstance(below, list) and isinstance(above, list) and not isinstance(above, Override):
        return [*below, *(one for one in above if one not in below)]
    return above
