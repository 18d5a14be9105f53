"""`/llms.txt` (llmstxt.org): the API in a few lines for assistants, made from the OpenAPI document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

_HEAD = """# Legis

> Brazil's National Congress as one JSON API: bills of the Câmara dos Deputados and the Senado Federal, how they move,
> votings with each member's vote, legislators, committees, the agenda, and a log of every change. Proposições,
> tramitação, votações, parlamentares e agenda do Congresso Nacional.

Everything is read by GET, without a key. Webhooks and e-mail about any search are made at `/api/v1/subscriptions`:
webhooks with a key, e-mail without one. Ids look like `camara-2256735`; `/api/v1/resolve?q=PL 2630/2020` finds them.
Lists have `limit` (at most 100) and `page.next`; those with `format` are served as CSV, NDJSON and XLSX too. An unknown
parameter is an error that names the nearest one. `meta.freshness` says how current each source is, and null that the
source does not tell. Cite `url`, the official page.
"""
_DOCS = """- [OpenAPI 3.1 document]({base}/openapi.json): every operation, parameter and field
- [Reference to try]({base}/docs): the same, with requests that run
- [Problems]({base}/problems): every error that the API answers, and what to do"""
_ASSISTANTS = (
    "- [Model Context Protocol](https://modelcontextprotocol.io): the command `legis mcp` of the package `legis-cli` "
    "serves ten tools over this API"
)
_EXPORTS = "/api/v1/exports"
_JSON = "application/json"
_VERSIONED = "/api/v1/"
_OWN = "/api/v1/subscriptions"
"""Beginning of the addresses for subscribers, most of which need a key; the head of the text names it."""


def llms_text(document: Mapping[str, Any], base: str) -> str:
    """The text. `base` is the public address of the API; empty for links relative to it."""
    operations = list(_readable(document["paths"]))
    exports = [one for one in operations if one[0].startswith(_EXPORTS)]
    followed = [one for one in operations if one not in exports and not _gives_json(one[1])]
    data = [one for one in operations if one not in exports and one not in followed]
    sections = {
        "Docs": _DOCS.format(base=base),
        "Lists and searches": _links((one for one in data if "{" not in one[0]), base),
        "One thing (put an id in the place of the braces)": _templates(one for one in data if "{" in one[0]),
        "Feeds, calendars and streams": _both(followed, base),
        "Exports": _both(exports, base),
        "Assistants": _ASSISTANTS,
    }
    return _HEAD + "".join(f"\n## {name}\n\n{lines}\n" for name, lines in sections.items() if lines)


def _readable(paths: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The GET operations of the versioned API that read data; none of them needs a key."""
    for path, operations in paths.items():
        operation = operations.get("get")
        if operation and path.startswith(_VERSIONED) and not path.startswith(_OWN):
            yield path, operation


def _gives_json(operation: Mapping[str, Any]) -> bool:
    return _JSON in operation["responses"]["200"].get("content", {})


def _links(operations: Iterable[tuple[str, Mapping[str, Any]]], base: str) -> str:
    return "\n".join(f"- [{one['summary']}]({base}{path}{_query(one)}): {_sentence(one)}" for path, one in operations)


def _query(operation: Mapping[str, Any]) -> str:
    """The parameters without which there is no answer, with the values of their examples."""
    needed = [one for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required")]
    pairs = [(one["name"], _example(one)) for one in needed]
    return f"?{urlencode(pairs)}" if pairs else ""


def _example(parameter: Mapping[str, Any]) -> Any:
    (first, *_) = parameter.get("examples", {}).values() or parameter["schema"]["examples"]
    return first["value"] if isinstance(first, Mapping) else first


def _both(operations: Sequence[tuple[str, Mapping[str, Any]]], base: str) -> str:
    """Those without an id in their path as links, then the others."""
    links = _links((one for one in operations if "{" not in one[0]), base)
    return "\n".join(filter(None, (links, _templates(one for one in operations if "{" in one[0]))))


def _templates(operations: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    return "\n".join(f"- `{path}`: {one['summary']}. {_sentence(one)}" for path, one in operations)


def _sentence(operation: Mapping[str, Any]) -> str:
    """The first sentence of the description."""
    text = " ".join(operation.get("description", "").split())
    first, stop, _ = text.partition(". ")
    return first + stop.strip() if stop else text
