"""What clients of the last release would miss in today's OpenAPI document; reports, and never fails.

The last release is the newest tag `v*`; its document is the one under version control there. What a client sends may be
taken more widely than before, and what it gets may have more properties; the opposite breaks it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Document = dict[str, Any]

UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
FORMS = ("pattern", "format")


def breaking_changes(old: Document, new: Document) -> Iterator[str]:
    """Each change of the second document that breaks a client of the first."""
    both = _Both(old, new)
    for path, item in old["paths"].items():
        for method, operation in item.items():
            name = f"{method.upper()} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{name}: the operation is gone"
            else:
                yield from (f"{name}: {change}" for change in both.operation(operation, now))
    gone = old["components"]["schemas"].keys() - new["components"]["schemas"].keys()
    yield from (f"schema {name} is gone" for name in sorted(gone))


@dataclass(frozen=True, slots=True)
class _Both:
    """Compares parts of two documents, which refer to their components."""

    old: Document
    new: Document
    _compared: set[tuple[str, str, bool]] = field(default_factory=set)
    """Pairs of named schemas that were compared, and whether as what is sent: each is told once."""

    def operation(self, old: Document, new: Document) -> Iterator[str]:
        """What breaks the client of one operation."""
        if new["operationId"] != old["operationId"]:
            yield f"operationId was {old['operationId']}"
        yield from self._security(old, new)
        yield from self._parameters(old, new)
        yield from self._body(old.get("requestBody"), new.get("requestBody"))
        for status, before in old["responses"].items():
            if status not in new["responses"]:
                yield f"the reply {status} is gone"
                continue
            now = _resolved(self.new, new["responses"][status])
            yield from self._reply(f"reply {status}", _resolved(self.old, before), now)

    def _security(self, old: Document, new: Document) -> Iterator[str]:
        """Each way to be let in must still do: some way of today asks for nothing beyond it."""
        ways = new.get("security", self.new.get("security", [{}])) or [{}]
        for before in old.get("security", self.old.get("security", [{}])) or [{}]:
            if not any(_asks_no_more(now, before) for now in ways):
                yield f"security: {' and '.join(before) or 'no key'} is not enough now"

    def _parameters(self, old: Document, new: Document) -> Iterator[str]:
        before, now = _parameters(self.old, old), _parameters(self.new, new)
        for place, parameter in before.items():
            if place not in now:
                yield f"parameter {place[1]} is gone"
            elif "schema" in parameter:
                yield from self.schema(f"parameter {place[1]}", parameter["schema"], now[place]["schema"], sent=True)
        for place, parameter in now.items():
            if parameter.get("required") and not before.get(place, {}).get("required"):
                yield f"parameter {place[1]} is required now"

    def _body(self, old: Document | None, new: Document | None) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield "a body is required now"
            return
        if new is None:
            yield "the body is gone"
            return
        if new.get("required") and not old.get("required"):
            yield "a body is required now"
        yield from self._content("body", old, new, sent=True)

    def _reply(self, name: str, old: Document, new: Document) -> Iterator[str]:
        for header in sorted(old.get("headers", {}).keys() - new.get("headers", {}).keys()):
            yield f"{name}: header {header} is gone"
        yield from self._content(name, old, new, sent=False)

    def _content(self, name: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        now = new.get("content", {})
        for media_type, content in old.get("content", {}).items():
            if media_type not in now:
                yield f"{name}: {media_type} is gone"
            elif "schema" in content:
                yield from self.schema(name, content["schema"], now[media_type].get("schema", {}), sent=sent)

    def schema(self, name: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        """Breaks of one schema: values that it no longer takes (`sent`), or no longer promises."""
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if all(names):
            if (*names, sent) in self._compared:
                return
            self._compared.add((*names, sent))
            name = names[0].rpartition("/")[2]
        before, now = _choices(self.old, old), _choices(self.new, new)
        yield from _other_types(name, before, now, sent=sent)
        yield from _other_values(name, before, now, sent=sent)
        for kind, one in before.items():
            if kind in now:
                yield from self._one_type(name, one, now[kind], sent=sent)

    def _one_type(self, name: str, old: list[Document], new: list[Document], *, sent: bool) -> Iterator[str]:
        """Choices of one type. Bounds are those of the choice that refuses least; members and items are compared with
        those of the choice in the same place, or of the last one.
        """
        for place, before in enumerate(old):
            if sent:
                yield from min((list(_tighter(name, before, now)) for now in new), key=len)
            now = new[min(place, len(new) - 1)]
            yield from self._members(name, before, now, sent=sent)
            for part in ("items", "additionalProperties"):
                if isinstance(before.get(part), dict) and isinstance(now.get(part), dict):
                    yield from self.schema(name, before[part], now[part], sent=sent)

    def _members(self, name: str, old: Document, new: Document, *, sent: bool) -> Iterator[str]:
        members, needed = new.get("properties", {}), set(old.get("required", ()))
        needed_now = set(new.get("required", ()))
        if sent:
            yield from (f"{name}.{member} is required now" for member in sorted(needed_now - needed))
        for member, before in old.get("properties", {}).items():
            if member not in members:
                yield f"{name}.{member} is gone"
                continue
            if not sent and member in needed - needed_now:
                yield f"{name}.{member} may be left out now"
            yield from self.schema(f"{name}.{member}", before, members[member], sent=sent)


def _asks_no_more(now: Document, before: Document) -> bool:
    return all(name in before and set(scopes) <= set(before[name]) for name, scopes in now.items())


def _resolved(document: Document, part: Document) -> Document:
    """The part itself, or what it refers to."""
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _parameters(document: Document, operation: Document) -> dict[tuple[str, str], Document]:
    found = [_resolved(document, one) for one in operation.get("parameters", ())]
    return {(one["in"], one["name"]): one for one in found}


def _choices(document: Document, schema: Document) -> dict[str, list[Document]]:
    """The plain schemas of which a value may be one, by type; `any` is the type of a schema that has none."""
    schema, found = _resolved(document, schema), {}
    for word in ("anyOf", "oneOf", "allOf"):
        for choice in schema.get(word, ()):
            for kind, ones in _choices(document, choice).items():
                found.setdefault(kind, []).extend(ones)
    if not found:
        kinds = schema.get("type", "any")
        found = {kind: [schema] for kind in ([kinds] if isinstance(kinds, str) else kinds)}
    return found


def _other_types(
    name: str, old: dict[str, list[Document]], new: dict[str, list[Document]], *, sent: bool
) -> Iterator[str]:
    lost, added = old.keys() - new.keys(), new.keys() - old.keys()
    if sent:
        added = set()
        lost = set() if "any" in new else lost - ({"integer"} if "number" in new else set())
    if lost or added:
        yield f"{name} was {' or '.join(sorted(old))}, is {' or '.join(sorted(new))}"


def _other_values(
    name: str, old: dict[str, list[Document]], new: dict[str, list[Document]], *, sent: bool
) -> Iterator[str]:
    """Listed values that are gone. One that is sent is still taken where its type is open to any other."""
    for kind in old.keys() & new.keys():
        before, now = ({str(value) for one in ones for value in _listed(one)} for ones in (old[kind], new[kind]))
        is_open = [any(not _listed(one) for one in ones) for ones in (old[kind], new[kind])]
        if now and not (sent and is_open[1]):
            yield from (f"{name}: value {value} is gone" for value in sorted(before - now))
            if sent and is_open[0]:
                yield f"{name}: only {', '.join(sorted(now))} is taken now"


def _listed(schema: Document) -> list[Any]:
    return [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]


def _tighter(name: str, old: Document, new: Document) -> Iterator[str]:
    """Bounds and forms that refuse what was taken before."""
    for words, sign in ((UPPER, 1), (LOWER, -1)):
        for word in words:
            if word in new and (word not in old or sign * new[word] < sign * old[word]):
                yield f"{name}: {word} was {old.get(word, 'open')}, is {new[word]}"
    for word in FORMS:
        if word in new and new[word] != old.get(word):
            yield f"{name}: {word} was {old.get(word, 'open')}, is {new[word]}"


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
