"""`/follow`: takes the form that subscribes an address to a search, and says what comes next."""

from dataclasses import dataclass, replace

from api_gateway.site.api_client import Api, Late, RateLimited, Refused, Unavailable
from api_gateway.site.error_pages import RETRY_SECONDS
from api_gateway.site.following import FORM_PATH, search_document
from api_gateway.site.page_routes import Elsewhere, Form, PageRoute
from api_gateway.site.rendering import Shown
from api_gateway.site.visit import Visit

ADDRESS = "email"
BACK = "back"
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class FollowedView:
    """What became of the request."""

    title: str
    text: str
    done: bool
    back: str


async def show_follow(visit: Visit, api: Api) -> Elsewhere:
    """There is nothing here to read: the form stands on other pages."""
    return Elsewhere(visit.url("/"))


async def take_follow(visit: Visit, api: Api, form: Form) -> Shown:
    """Asks the API to subscribe the address. What it answers does not tell whether the address is known already."""
    address = form.get(ADDRESS, "").strip()[:LONGEST_ADDRESS]
    search = tuple((name, value) for name, value in form.pairs if name not in (ADDRESS, BACK) and value)
    try:
        await api.post(
            "/api/v1/subscriptions",
            {
                "channel": "EMAIL",
                "target": address,
                "search": search_document(search),
                "language": visit.language.value,
            },
        )
    except Refused as error:
        wrong = any(name == "target" for name, _ in error.problem.errors)
        return _said(visit, form, "wrong" if wrong else "refused", 400, email=address)
    except (Late, Unavailable) as error:
        return replace(_said(visit, form, "away", 503), retry_after=error.retry_after or RETRY_SECONDS)
    except RateLimited as error:
        return too_many(visit, form, error.retry_after)
    return _said(visit, form, "sent", 200, email=address)


def too_many(visit: Visit, form: Form, seconds: int | None) -> Shown:
    """What is said to an address that asked too often; `seconds` is the wait that the API names, if any."""
    if seconds is None:
        return _said(visit, form, "later", 429)
    shown = _said(visit, form, "too_many", 429, wait=visit.formats.span(seconds))
    return replace(shown, retry_after=seconds)


def _said(visit: Visit, form: Form, outcome: str, status: int, email: str = "", wait: str = "") -> Shown:
    t = visit.words.t
    title, text = t(f"follow.{outcome}"), t(f"follow.{outcome}_text", email=email, wait=wait)
    view = FollowedView(title, text, outcome == "sent", _own(visit, form.get(BACK, "")))
    return Shown("follow.html", view, title, status=status, indexed=False)


def _own(visit: Visit, back: str) -> str:
    """The page that the form stood on; only an address of ours. Browsers read a backslash as a slash and leave control
    characters out, so that `/\\host` and `/` with a tab and another slash lead to other hosts.
    """
    ours = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return back if ours else visit.url("/")


ROUTES = (PageRoute(FORM_PATH, show_follow, take_follow),)
