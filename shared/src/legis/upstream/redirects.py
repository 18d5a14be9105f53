"""Decides which redirects are followed."""

from collections.abc import Collection

import aiohttp
from yarl import URL

from legis.errors import UpstreamRequestRefused
from legis.upstream.instrumentation import without_secrets

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirect_target(url: URL, response: aiohttp.ClientResponse, hosts: Collection[str]) -> URL | None:
    """The URL that the answer redirects to; None when it is no redirect.

    Raises UpstreamRequestRefused unless the target is HTTP on one of `hosts` or a subdomain of one, has no user, and
    does not go from TLS to plain HTTP: a header written by upstream must not choose which server we contact.
    """
    if response.status not in _REDIRECTS:
        return None
    shown = without_secrets(str(url))
    location = response.headers.get("Location", "")
    try:
        target = url.join(URL(location))
    except ValueError:
        raise UpstreamRequestRefused(f"{shown} redirects to something that is no URL") from None
    safe = target.scheme == "https" or (target.scheme == "http" and url.scheme == "http")
    if not location or not safe or target.user or not _is_own(target.host or "", hosts):
        raise UpstreamRequestRefused(f"{shown} redirects to {without_secrets(str(target))}, which is not allowed")
    return target


def _is_own(host: str, hosts: Collection[str]) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in hosts)
