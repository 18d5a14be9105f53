"""Feeds and going back in time, without a server."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from xml.etree import ElementTree

from api_gateway.search.filtering.filters import BY_NAME
from api_gateway.store.changes.change_reader import PastChange
from api_gateway.web.params.cursor import next_link
from api_gateway.web.params.parameters import BillParameters
from api_gateway.web.responses.feeds.atom import FeedHead, atom_feed
from api_gateway.web.responses.feeds.feed_entries import FeedItem
from api_gateway.web.responses.feeds.feed_words import (
    CHAMBER_WORDS,
    FIELD_WORDS,
    FILTER_WORDS,
    KIND_WORDS,
    STATUS_WORDS,
    entry_summary,
    feed_subtitle,
    feed_title,
)
from api_gateway.web.responses.past.fold_back import fold_back
from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import BillStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def change(version: int, before: dict[str, object], kind: str = "EDITED") -> PastChange:
    at = NOW + timedelta(days=version)
    return PastChange(version * 10, version, kind, at, json.dumps(before).encode())


def test_folding_back_undoes_the_newest_first() -> None:
    document = b'{"title":"c","status":"Z","version":3}'
    log = [change(3, {"title": "b"}), change(2, {"title": "a", "status": "Y"}), change(1, {}, "CREATED")]
    assert fold_back(document, log, NOW) is None
    first = fold_back(document, log, NOW + timedelta(days=1))
    assert first is not None
    assert (first["title"], first["status"], first["version"], first["change_seq"]) == ("a", "Y", 1, 10)
    second = fold_back(document, log, NOW + timedelta(days=2, hours=5))
    assert second is not None
    assert (second["title"], second["status"], second["version"]) == ("b", "Z", 2)


def test_a_record_was_removed_then() -> None:
    back = {"removed_at": "2026-01-03T00:00:00Z"}
    log = [change(3, back, "CORRECTED"), change(2, {}, "REMOVED")]
    past = fold_back(b'{"removed_at":null}', log, NOW + timedelta(days=2))
    assert past is not None
    assert past["removed_at"] == "2026-01-03T00:00:00Z"
    now = fold_back(b'{"removed_at":null}', log, NOW + timedelta(days=3))
    assert now is not None
    assert now["removed_at"] is None


def test_a_feed_holds_what_xml_can() -> None:
    bill = {
        "id": "camara-1",
        "version": 2,
        "identifier": "PL 1/2026",
        "title": "a\x00\x0b<b>&",
        "changed_at": "2026-01-01T00:00:00Z",
        "url": None,
        "authors": [],
        "status": "OTHER",
        "status_text": None,
        "latest_action": None,
    }
    item = FeedItem(bill, 2, "MOVED", NOW)
    head = FeedHead("/feed?q=a&b=c", "https://legis.example", "Legis", "Mudanças", {"self": "/feed?q=a&b=c"})
    feed = atom_feed([item], head)
    root = ElementTree.fromstring(feed)
    assert root.findtext("{*}entry/{*}title") == "PL 1/2026 – a<b>&"
    assert root.findtext("{*}entry/{*}id") == "urn:x-legis:bill:camara-1:2"
    assert root.findtext("{*}updated") == "2026-01-01T00:00:00Z"
    assert root.find("{*}entry/{*}category[@scheme]").get("term") == "MOVED"  # type: ignore[union-attr]
    assert root.findtext("{*}id") == "https://legis.example/feed?q=a&b=c"


def test_a_feeds_words_are_portuguese_and_cover_every_filter_kind_and_field() -> None:
    assert set(FILTER_WORDS) == {*BY_NAME, "kind", "field"}
    assert all(word and word[0] in (word[0].lower(), "U") for word in [*FILTER_WORDS.values(), *FIELD_WORDS.values()])
    assert set(KIND_WORDS) == set(ChangeKind)
    title = feed_title({"q": "educação", "type": ("PL", "PEC"), "in_progress": True})
    assert title == "Legis: proposições – busca educação; tipo PL, PEC; em tramitação sim"
    assert feed_title({}) == "Legis: proposições do Congresso Nacional"
    assert feed_subtitle(("MOVED",)) == "Mostra mudanças do tipo: tramitou."
    title = feed_title({"kind": ("CREATED",), "status": ("APPROVED", "-ARCHIVED"), "field": ("title",)})
    assert title == "Legis: proposições – mudança nova proposição; situação aprovado, exceto arquivado; campo ementa"
    title = feed_title({"kind": ("created,-moved",), "status": ("ENACTED,VETOED",), "field": ("title,agenda",)})
    assert title == (
        "Legis: proposições – mudança nova proposição, exceto tramitou; situação virou lei, vetado; campo ementa, pauta"
    )
    assert feed_title({"chamber": ("senado", "-Câmara")}) == "Legis: proposições – casa Senado, exceto Câmara"
    assert feed_title({"q": "paz,pão"}) == "Legis: proposições – busca paz,pão"
    assert feed_subtitle(("MOVED,CREATED",)) == "Mostra mudanças do tipo: tramitou, nova proposição."
    bill = {"status_text": "Pronta para pauta", "latest_action": {"description": "Recebido."}}
    assert entry_summary(bill, "MOVED", ("status", "status_text", "latest_action")) == (
        "Tramitou – mudou: situação, última tramitação – situação: Pronta para pauta – última tramitação: Recebido."
    )
    assert entry_summary({"status_text": None, "latest_action": None}, "CREATED", ()) == "Nova proposição"


def test_situations_and_houses_are_named_in_a_feed_as_on_the_pages() -> None:
    pages = tomllib.loads((files("api_gateway.site") / "words" / "vocabulary.toml").read_text("utf-8"))
    assert set(STATUS_WORDS) == set(BillStatus)
    assert {name: word.casefold() for name, word in STATUS_WORDS.items()} == {
        name: one["pt"].casefold() for name, one in pages["BillStatus"].items()
    }
    assert {name: one["pt"] for name, one in pages["Chamber"].items()} == CHAMBER_WORDS


def test_an_empty_feed_is_the_same_whatever_changes_elsewhere() -> None:
    feed = atom_feed([], FeedHead("/feed?q=a", "https://legis.example", "", "", {}))
    assert b"<updated>1970-01-01T00:00:00Z</updated>" in feed


def test_a_feed_keeps_its_id_whatever_host_it_is_asked_for_at() -> None:
    ids = {FeedHead("/feed?q=a", base, "", "", {}, named_by_base=False).id for base in ("http://a", "http://b")}
    (feed_id,) = ids
    assert feed_id.startswith("urn:x-legis:feed:")


def test_the_next_address_keeps_what_was_asked() -> None:
    asked = BillParameters(type=["PL", "-PEC"], in_progress=True, q="a&b c", cursor="old")
    link = next_link("", "/api/v1/bills", asked, cursor="new")
    assert link == "/api/v1/bills?q=a%26b+c&type=PL,-PEC&in_progress=true&cursor=new"
