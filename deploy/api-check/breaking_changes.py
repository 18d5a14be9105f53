"""What clients of the last release would miss in today's OpenAPI document; reports, and never fails.

The last release is the newest tag `v*`; its document is the one under version control there.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def breaking_changes(old: Document, new: Document) -> Iterator[str]:
    """Each change of the second document that breaks a client of the first."""
    for path, item in old["paths"].items():
        for method, operation in item.items():
            name = f"{method.upper()} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{name}: the operation is gone"
                continue
            if now["operationId"] != operation["operationId"]:
                yield f"{name}: operationId was {operation['operationId']}"
            yield from (f"{name}: {change}" for change in _parameters(operation, now))
            for status in operation["responses"].keys() - now["responses"].keys():
                yield f"{name}: the reply {status} is gone"
    for name, schema in old["components"]["schemas"].items():
        now = new["components"]["schemas"].get(name)
        yield from [f"schema {name} is gone"] if now is None else _schema(name, schema, now)


def _parameters(old: Document, new: Document) -> Iterator[str]:
    before = {parameter["name"]: parameter for parameter in old.get("parameters", ())}
    now = {parameter["name"]: parameter for parameter in new.get("parameters", ())}
    yield from (f"parameter {name} is gone" for name in before.keys() - now.keys())
    for name, parameter in now.items():
        if parameter.get("required") and not before.get(name, {}).get("required"):
            yield f"parameter {name} is required now"
        elif name in before and before[name]["schema"].get("type") != parameter["schema"].get("type"):
            yield f"parameter {name} has another type"


def _schema(name: str, old: Document, new: Document) -> Iterator[str]:
    yield from (f"{name}: value {value} is gone" for value in old.get("enum", ()) if value not in new.get("enum", ()))
    members = new.get("properties", {})
    for member, before in old.get("properties", {}).items():
        if member not in members:
            yield f"{name}.{member} is gone"
        elif _types(before) != _types(members[member]):
            yield f"{name}.{member} was {_types(before)}, is {_types(members[member])}"
        elif member in old.get("required", ()) and member not in new.get("required", ()):
            yield f"{name}.{member} may be left out now"


def _types(schema: Document) -> list[str]:
    """What a value may be: names of types and schemas."""
    if "anyOf" in schema:
        return sorted({name for choice in schema["anyOf"] for name in _types(choice)})
    inner = "".join(_types(schema["items"])) if "items" in schema else ""
    return [schema.get("$ref", schema.get("type", "any")).rpartition("/")[2] + (f" of {inner}" if inner else "")]


def main() -> None:
    """Writes the changes since the last release, or that there is none."""
    path = Path(sys.argv[1])
    tag = _git("describe", "--tags", "--abbrev=0", "--match", "v*")
    text = _git("show", f"{tag}:{path.as_posix()}") if tag else None
    if not text:
        sys.stdout.write("api-changes: nothing was released with a document of the API yet\n")
        return
    found = list(breaking_changes(json.loads(text), json.loads(path.read_bytes())))
    lines = [*found, f"{len(found)} breaking changes"]
    sys.stdout.writelines(f"api-changes: since {tag}: {line}\n" for line in lines)


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    main()
