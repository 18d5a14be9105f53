"""Versions of a bill for people: word by word in JSON, or as a Markdown document."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from api_gateway.web.responses.past.word_diff import DiffPart, word_diff

MEDIA_TYPE = "text/markdown"
_LONGEST = 300
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_NOTHING = "—"


def with_diffs(entry: bytes) -> bytes:
    """An entry of the change log, whose changed texts have a `diff` by words."""
    document = orjson.loads(entry)
    for change in document["changes"]:
        if _is_text(change):
            change["diff"] = [{"op": part.op, "text": part.text} for part in word_diff(change["old"], change["new"])]
    return orjson.dumps(document)


def markdown(bill_id: str, entries: Iterable[bytes], following: str | None) -> str:
    """A page of versions, oldest first; `following` is the address of the next page."""
    lines = [f"# {_safe(bill_id)}", ""]
    for entry in entries:
        lines += [*_version(orjson.loads(entry)), ""]
    if following is not None:
        lines.append(f"Next: <{following}>")
    return "\n".join(lines).rstrip() + "\n"


def _version(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"## Version {entry['version']}: {entry['kind']} at {entry['changed_at']}"
    yield ""
    yield f"{_safe(entry['identifier'] or entry['bill_id'])}, seq {entry['seq']}"
    if entry["changes"]:
        yield ""
    for change in entry["changes"]:
        yield from _change(change)


def _change(change: Mapping[str, Any]) -> Iterator[str]:
    name, old, new = f"**{_safe(change['field'])}**", change["old"], change["new"]
    if _is_text(change):
        yield f"- {name}: {_marked(word_diff(old, new))}"
    elif isinstance(old, list) or isinstance(new, list):
        yield f"- {name}:"
        gone, came = old or [], new or []
        yield from (f"  - removed: {_told(one)}" for one in gone if one not in came)
        yield from (f"  - added: {_told(one)}" for one in came if one not in gone)
    else:
        yield f"- {name}: {_told(old)} → {_told(new)}"


def _is_text(change: Mapping[str, Any]) -> bool:
    """Whether both values are texts of several words."""
    return all(isinstance(change[name], str) and " " in change[name] for name in ("old", "new"))


def _marked(parts: Iterable[DiffPart]) -> str:
    marks = {"equal": "", "delete": "~~", "insert": "**"}
    return " ".join(f"{marks[part.op]}{_safe(part.text)}{marks[part.op]}" for part in parts)


def _told(value: Any) -> str:
    """A value in a line: of an object its name, or the text of an action."""
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, Mapping):
        value = _name(value) or orjson.dumps(value).decode()
    text = str(value) if isinstance(value, str) else orjson.dumps(value).decode()
    return _safe(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _name(value: Mapping[str, Any]) -> str:
    acting = (value.get("date"), value.get("description") or value.get("result_text"))
    named = (value.get("acronym") or value.get("name") or value.get("identifier") or value.get("title"),)
    known = acting if value.get("date") else named
    return " ".join(str(part) for part in known if part)


def _safe(text: str) -> str:
    """The text in one line, without the marks of Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
