"""Says which mutants and waits no longer meet the product: `cd tests; python -m chaos.mutants.patch_check`.

A patch that assigns to a name which the product has given up fails nowhere: it adds an attribute that nobody reads, and
its mutant is the product itself. So every patch is applied in a fork of one process that has all of the product loaded,
and what modules, classes and keyword defaults hold is compared before and after: a patch changes something and adds
nothing.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

import api_gateway
import ingest_camara
import ingest_senado
import legis
import redis.asyncio

from chaos.mutants.chaos_mutants import MUTANTS, VARIANTS
from chaos.mutants.mutant_plugin import MODULES
from chaos.system.compressed_waits import compress

PRODUCT = (legis, api_gateway, ingest_camara, ingest_senado)
COMPRESSED = ("api_gateway.indexer", "api_gateway.notifier", "api_gateway.exporter", "ingest_camara", "ingest_senado")
Held = Mapping[tuple[str, str], Any]
"""Attributes by the name of who has them and their own."""


def main() -> int:
    """Prints a line for each patch that misses; status 1 when there is one."""
    _load()
    patches: dict[str, Callable[[], None]] = {
        name: lambda patch=patch: _everywhere(patch)  # type: ignore[misc]
        for name, patch in {**{name: mutant.patch for name, mutant in MUTANTS.items()}, **VARIANTS}.items()
    }
    patches |= {f"compress {module}": lambda module=module: compress(module) for module in COMPRESSED}  # type: ignore[misc]
    os.environ.setdefault("CHAOS_FOLDER", "nowhere")
    before = _held()
    missed = [name for name, patch in patches.items() if not _meets(name, patch, before)]
    print(f"{len(patches)} patches, {len(missed)} miss")
    return int(bool(missed))


def _everywhere(patch: Callable[[str], None]) -> None:
    for module in MODULES:
        patch(module)


def _load() -> None:
    for package in PRODUCT:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations." not in found.name:
                importlib.import_module(found.name)


def _meets(name: str, patch: Callable[[], None], before: Held) -> bool:
    """Applies the patch in a child; False where it raises, changes nothing or adds something."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    wrong = True
    try:
        patch()
        added, changed = _difference(before, _held())
        wrong = bool(added) or not changed
        if wrong:
            print(f"{name}: changes {changed or 'nothing'}, adds {added or 'nothing'}", flush=True)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(int(wrong))


def _difference(before: Held, after: Held) -> tuple[list[str], list[str]]:
    added = [".".join(key) for key in after.keys() - before.keys()]
    changed = [".".join(key) for key in before.keys() & after.keys() if before[key] is not after[key]]
    return sorted(added), sorted(changed)


def _held() -> Held:
    """All attributes of our modules and classes, and of the Redis client, which mutants change too."""
    names = tuple(package.__name__ for package in PRODUCT)
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] in names]
    found: dict[tuple[str, str], Any] = {}
    for module in modules:
        for where, members in _members(module):
            for name, value in members.items():
                found[where, name] = value
                found.update(_keyword_defaults(f"{where}.{name}", value))
    client = redis.asyncio.Redis
    found.update({("Redis", name): inspect.getattr_static(client, name) for name in dir(client)})
    return found


def _members(module: ModuleType) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield module.__name__, dict(vars(module))
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield f"{module.__name__}.{name}", dict(vars(value))


def _keyword_defaults(where: str, value: Any) -> Held:
    if not isinstance(value, FunctionType):
        return {}
    return {(where, name): default for name, default in (value.__kwdefaults__ or {}).items()}


if __name__ == "__main__":
    sys.exit(main())
