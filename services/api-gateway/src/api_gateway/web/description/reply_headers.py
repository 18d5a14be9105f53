"""The headers of replies: what each means, and which operations and statuses have it."""

from collections.abc import Iterable
from typing import Any

from api_gateway.access.scopes import Scope
from api_gateway.web.description.file_replies import FILE_HEADERS, TOTAL_ROWS
from api_gateway.web.pipeline.route_policy import POLICIES


def _header(description: str, example: str | int) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    schema = {"type": kind, "format": "int64"} if kind == "integer" else {"type": kind}
    return {"description": description, "schema": schema, "example": example}


HEADERS: dict[str, dict[str, Any]] = {
    "Accept-Ranges": _header("Unit of the ranges that `Range` may ask for", "bytes"),
    "Access-Control-Allow-Origin": _header("Every reply may be read from any origin", "*"),
    "Access-Control-Expose-Headers": _header("Headers that scripts of other origins may read", "ETag, RateLimit"),
    "Allow": _header("Methods that the address takes", "GET, HEAD, OPTIONS"),
    "Cache-Control": _header("How long the reply may be kept, and by whom (RFC 9111)", "public, max-age=30"),
    "Content-Language": _header("Language of a problem's title and detail", "pt-BR"),
    "Content-Disposition": _header("Of a file: its name", 'attachment; filename="bills.csv"'),
    "Content-Range": _header("Which bytes of the file these are, and how many it has", "bytes 1000-1999/48213"),
    "Content-Encoding": _header("Compression, where `Accept-Encoding` allows one", "gzip"),
    "Content-Security-Policy": _header("What a browser that shows the reply may load: nothing", "default-src 'none'"),
    "Cross-Origin-Opener-Policy": _header("Isolation of a browser's window that shows the reply", "same-origin"),
    "Cross-Origin-Resource-Policy": _header("Pages of any origin may embed the reply", "cross-origin"),
    "Deprecation": _header("When the operation was deprecated: `@` and seconds since 1970 (RFC 9745)", "@1772460000"),
    "ETag": _header("Validator of the content; send it back as `If-None-Match`", '"8f1c0a2b3d4e5f6071829304"'),
    "Last-Modified": _header("When the content last changed, as HTTP writes instants", "Mon, 02 Mar 2026 14:00:05 GMT"),
    "Legis-Index-Seq": _header(
        "Entry of the change log up to which the search index had come; ask with `min_seq` for a later one", 48213
    ),
    "Legis-Row-Limit": _header("Of a file: most rows that it has", 100_000),
    "Legis-Total-Rows": _header("Of a file: rows of the whole list, of which it has the first", 1203),
    "Link": _header('Address of the next page as `rel="next"` (RFC 8288)', '</api/v1/bills?cursor=eyJv>; rel="next"'),
    "Location": _header(
        "Address of what was made, or where to go on", "/api/v1/subscriptions/sub_0123456789abcdefghij"
    ),
    "RateLimit": _header(
        "Units that may be used at once (`r`), at most the burst and one (101 unless the service says otherwise), and "
        "seconds until they are all there again (`t`). A request uses 1 to 4",
        '"default";r=59;t=5',
    ),
    "RateLimit-Policy": _header(
        "The client's steady rate: units (`q`) in a window of seconds (`w`). They come back evenly, and not all may be "
        "used at once: `RateLimit` says how many",
        '"default";q=600;w=60',
    ),
    "Referrer-Policy": _header("The reply's address is told to nobody", "no-referrer"),
    "Retry-After": _header("Seconds to wait before the next request", 30),
    "Sunset": _header("When the operation ends (RFC 8594)", "Mon, 01 Mar 2027 00:00:00 GMT"),
    "Vary": _header("Request headers that the reply depends on", "Accept-Encoding"),
    "WWW-Authenticate": _header("How to authenticate (RFC 6750), with the reason", 'Bearer realm="legis"'),
    "Warning": _header("Only on a reply older than it should be: the last good copy", '110 legis "Response is Stale"'),
    "X-Content-Type-Options": _header("The media type is meant as it is told", "nosniff"),
    "X-Data-Age": _header("Seconds since the last good copy was made; only with `Warning`", 95),
    "X-Request-ID": _header(
        "Id of the request: the client's own where it sent one", "5f0c2b6a9d3e4f718293a4b5c6d7e8f9"
    ),
    "traceparent": _header(
        "W3C trace context of the reply, where it is traced", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    ),
}
"""Every header of our own replies by name, but for those of HTTP messages themselves (`Date`, `Content-Length` …)."""

_STANDING = (
    "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Cache-Control", "Content-Security-Policy",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Referrer-Policy", "X-Content-Type-Options",
    "X-Request-ID",
)  # fmt: skip
_COUNTED = ("RateLimit", "RateLimit-Policy", "traceparent")
_VALIDATORS = ("Content-Encoding", "ETag", "Last-Modified", "Vary")
_STALE = ("Warning", "X-Data-Age")
_PROBLEM = ("Content-Encoding", "Content-Language", "Vary")
_OF_ERRORS = {
    "401": ("WWW-Authenticate",), "403": ("WWW-Authenticate",), "405": ("Allow",), "416": ("Content-Range",),
    "429": ("Retry-After",),
    "503": ("Retry-After",), "504": ("Retry-After",),
}  # fmt: skip
_FROM_INDEX = {"listBills", "suggestQueries", "listSimilarBills", "listLegislatorBills", "resolveBill"}
_NOT_CURRENT = "304"
_OF_STATUS = {**dict.fromkeys(("201", "302", "303", "307"), ("Location",)), "206": ("Content-Range",)}
_WITH_BYTES = ("200", "206")
_OF_EXPORTED_FILES = ("Accept-Ranges", "Content-Disposition")


def declare_headers(path: str, method: str, operation: dict[str, Any]) -> None:
    """Adds the headers of each status, and 304: every reply that can be asked for again has a validator, but a stream
    and what only its owner sees.
    """
    policy, responses = POLICIES[path], operation["responses"]
    content = responses.get("200", {}).get("content", {})
    validated = method == "get" and policy.scope is not Scope.SUBSCRIPTIONS and "text/event-stream" not in content
    counted = () if policy.operations else _COUNTED
    good: list[str] = [*_STANDING, *counted]
    if validated:
        good += [*_VALIDATORS, *(_STALE if policy.kept else ()), *_links(operation)]
        responses[_NOT_CURRENT] = {"description": "The client's copy, named by `If-None-Match`, is current; no body"}
    if operation.get("deprecated"):
        good += ["Deprecation", "Link", "Sunset"]
    if "text/calendar" in content:
        good.append("Content-Disposition")
    if policy.files:
        good += [*FILE_HEADERS, *([TOTAL_ROWS] if operation["operationId"] == "listBills" else ())]
    if operation["operationId"] in _FROM_INDEX:
        good.append("Legis-Index-Seq")
    for status, response in responses.items():
        if int(status) < 400:
            of_file = (
                _OF_EXPORTED_FILES if operation["operationId"] == "getExportFile" and status in _WITH_BYTES else ()
            )
            response["headers"] = _references([*good, *of_file, *_OF_STATUS.get(status, ())])
        else:  # shared by all operations, so none of these is promised to be there
            response["headers"] = _references((*_STANDING, *_COUNTED, *_PROBLEM, *_OF_ERRORS.get(status, ())))


def used_headers(shared: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """The headers that some reply of the document has, for its components."""
    replies = [*shared.values()]
    for item in paths.values():
        for operation in item.values():
            replies += operation["responses"].values()
    names = {name for reply in replies for name in reply.get("headers", ())}
    return {name: HEADERS[name] for name in sorted(names)}


def _links(operation: dict[str, Any]) -> tuple[str, ...]:
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    return ("Link",) if names & {"cursor", "wait"} else ()


def _references(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}
