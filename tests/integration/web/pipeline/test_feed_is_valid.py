"""The rules of the W3C feed validator, and RFC 5005, on feeds as they are served."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import httpx2
import pytest

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEED = "/api/v1/feeds/bills.atom"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[A-Za-z0-9()+,.:=@;$_!*'%-]+")
_FEED_ELEMENTS = {"id", "title", "subtitle", "link", "updated", "author", "entry"}
_ENTRY_ELEMENTS = {"id", "title", "link", "updated", "author", "category", "summary"}


def violations(content: bytes, content_type: str, address: str) -> list[str]:
    """What the validator would say of a feed that was got at this address."""
    return list(_of_the_reply(content, content_type, address))


def _of_the_reply(content: bytes, content_type: str, address: str) -> Iterator[str]:
    if content_type != "application/atom+xml; charset=utf-8":
        yield f"media type or charset: {content_type}"
    if not content.startswith(b"<?xml version='1.0' encoding='utf-8'?>"):
        yield "no XML declaration with the encoding"
    feed = ElementTree.fromstring(content)
    if feed.tag != f"{ATOM}feed":
        yield f"root {feed.tag}"
    yield from _common(feed, _FEED_ELEMENTS)
    if not (feed.get(LANG) or "").startswith("pt"):
        yield "no xml:lang"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    if len(links) != len(feed.findall(f"{ATOM}link")):
        yield "two links of one relation"
    if links.get("self") != address:
        yield f"self is {links.get('self')}, not {address}"
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) != len(ids):
        yield "two entries of one id"
    for entry in entries:
        yield from _common(entry, _ENTRY_ELEMENTS)
        yield from _of_an_entry(entry)


def _common(parent: Element, known: set[str]) -> Iterator[str]:
    where = parent.tag.removeprefix(ATOM)
    names = [child.tag.removeprefix(ATOM) for child in parent]
    for name in ("id", "title", "updated"):
        if names.count(name) != 1:
            yield f"{where} has {names.count(name)} {name}"
    if not set(names) <= known:
        yield f"{where} has {set(names) - known}"
    if not _absolute(parent.findtext(f"{ATOM}id") or ""):
        yield f"id of {where} is not an absolute IRI: {parent.findtext(f'{ATOM}id')}"
    updated = parent.findtext(f"{ATOM}updated") or ""
    if not _INSTANT.fullmatch(updated) or datetime.fromisoformat(updated).tzinfo is None:
        yield f"updated of {where}: {updated}"
    if "author" not in names:
        yield f"{where} has no author"
    yield from _texts_and_links(parent, where)


def _texts_and_links(parent: Element, where: str) -> Iterator[str]:
    for child in parent:
        if child.tag in (f"{ATOM}title", f"{ATOM}subtitle", f"{ATOM}summary") and not (child.text or "").strip():
            yield f"blank {child.tag}"
    for name in parent.findall(f"{ATOM}author/{ATOM}name"):
        if not (name.text or "").strip():
            yield f"{where} has a blank author"
    for link in parent.findall(f"{ATOM}link"):
        if not urlsplit(link.get("href", "")).netloc:
            yield f"{where} has a relative link {link.get('href')}"


def _of_an_entry(entry: Element) -> Iterator[str]:
    links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in entry.findall(f"{ATOM}link")]
    if [link[0] for link in links].count("alternate") != 1:
        yield "an entry without content needs one alternate link"
    if entry.find(f"{ATOM}summary") is None:
        yield "an entry has no summary"
    for category in entry.findall(f"{ATOM}category"):
        if not category.get("term"):
            yield "a category without term"
        if category.get("scheme") is not None and not _absolute(category.get("scheme", "")):
            yield f"scheme {category.get('scheme')}"


def _absolute(iri: str) -> bool:
    return bool(_URN.fullmatch(iri)) or (urlsplit(iri).scheme in ("http", "https") and bool(urlsplit(iri).netloc))


@pytest.fixture(scope="module")
async def public(serve: Any, store: Any, make_bill: Any) -> Any:
    """An API whose own address is known to it, over thirty bills."""
    await store([make_bill(n, title=f"Dispõe sobre & <{n}>", authors=[(" ", None, None)]) for n in range(1, 31)])
    async with serve(public_base_url="https://legis.example") as client:
        yield client


FEEDS = [
    "?kind=CREATED",
    "?kind=CREATED&limit=7",
    "?q=disp%C3%B5e&kind=CREATED,EDITED&limit=4",
    "?type=PEC",
    "",
    "?number=7&in_progress=true&kind=-READ",
]


@pytest.mark.parametrize("query", FEEDS)
async def test_a_feed_is_valid_where_no_public_address_is_set(api: httpx2.AsyncClient, public: Any, query: str) -> None:
    reply = await api.get(FEED + query)
    if "," not in query and "%" not in query:  # there `self` is written in another way
        assert not violations(reply.content, reply.headers["content-type"], str(reply.url))
    assert reply.headers["cache-control"].startswith("private"), "its links have the host that this client named"


@pytest.mark.parametrize("query", FEEDS)
async def test_a_feed_is_valid_and_its_id_is_stable(public: httpx2.AsyncClient, query: str) -> None:
    reply = await public.get(FEED + query)
    assert reply.headers["cache-control"].startswith("public")
    feed = ElementTree.fromstring(reply.content)
    (own,) = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert not violations(reply.content, reply.headers["content-type"], own or "")
    feed_id = feed.findtext(f"{ATOM}id")
    again = ElementTree.fromstring((await public.get(FEED + query)).content)
    assert again.findtext(f"{ATOM}id") == feed_id
    assert (feed_id or "").startswith("https://legis.example/api/v1/feeds/bills.atom")


async def test_a_title_says_in_portuguese_what_was_asked_for_and_a_summary_what_changed(public: Any) -> None:
    reply = await public.get(f"{FEED}?q=disp%C3%B5e&kind=CREATED")
    feed = ElementTree.fromstring(reply.content)
    assert feed.findtext(f"{ATOM}title") == "Legis: proposições – busca dispõe; mudança nova proposição"
    assert (feed.findtext(f"{ATOM}entry/{ATOM}summary") or "").startswith("Nova proposição")


@pytest.mark.parametrize("query", ["kind=CREATED", "kind=CREATED&type=PL", "q=disp%C3%B5e&kind=CREATED"])
async def test_the_pages_of_a_feed_have_every_bill_once_under_one_id(public: httpx2.AsyncClient, query: str) -> None:
    whole = ElementTree.fromstring((await public.get(f"{FEED}?{query}&limit=100")).content)
    wanted = [entry.findtext(f"{ATOM}id") for entry in whole.findall(f"{ATOM}entry")]
    assert len(wanted) >= 30
    address, seen, ids, pages = f"{FEED}?{query}&limit=9", [], set(), 0
    while address and pages < 20:
        feed = ElementTree.fromstring((await public.get(address)).content)
        seen += [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        ids.add(feed.findtext(f"{ATOM}id"))
        links = {link.get("rel"): link.get("href") or "" for link in feed.findall(f"{ATOM}link")}
        assert "cursor" not in links["first"]
        assert ("cursor" in links["self"]) is (pages > 0)
        address, pages = links.get("next", "").removeprefix("https://legis.example"), pages + 1
    assert seen == wanted
    assert ids == {whole.findtext(f"{ATOM}id")}
    assert pages == -(-len(wanted) // 9)
    other = await public.get(f"{FEED}?kind=EDITED&cursor={links['self'].rpartition('cursor=')[2]}")
    assert other.status_code == 400
