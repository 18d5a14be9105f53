"""From answers to figures to the page: errors count as empty answers, and what is saved is what is read."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from quality.engines import over_http
from quality.judged import Query
from quality.page import page
from quality.scores import LOWEST_MRR, LOWEST_NDCG, Means, Score, load, means, save, score_all, too_low

QUERIES = [
    Query("um | dois", "topic", "w", {"camara-1": 3, "camara-2": 1}),
    Query("PL 3/1950", "label", "w", {"camara-3": 3}, unique="camara-3"),
    Query("erro", "topic", "w", {"camara-4": 2}),
]
ANSWERS = {"um | dois": ["camara-1", "camara-2"], "PL 3/1950": ["camara-9", "camara-3"], "erro": []}


def test_scores_and_means_follow_from_the_answers() -> None:
    scores = score_all(QUERIES, ANSWERS.__getitem__)
    assert scores["um | dois"] == Score(1, None, 2)
    assert scores["PL 3/1950"].rank == 2
    found = means(QUERIES, scores)
    assert (found.queries, found.targets, found.empty, found.mrr) == (3, 1, 1, 0.5)
    assert found.ndcg == pytest.approx((1 + 0.6309 + 0) / 3)


@pytest.mark.parametrize(
    ("ndcg", "mrr", "said"),
    [
        (LOWEST_NDCG, LOWEST_MRR, None),
        (0.8979, 1.0, "NDCG@10 is 0.898, below 0.898"),
        (1.0, 0.9, "MRR is 0.900, below 0.972"),
    ],
)
def test_a_search_that_became_worse_is_told(ndcg: float, mrr: float, said: str | None) -> None:
    assert too_low(Means(ndcg=ndcg, mrr=mrr, empty=0, queries=3, targets=1)) == said


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    scores = score_all(QUERIES, ANSWERS.__getitem__)
    save(scores, tmp_path / "before.json")
    assert load(tmp_path / "before.json") == scores


def test_the_page_shows_both_versions_of_every_query() -> None:
    before = {"um | dois": Score(0, None, 0), "PL 3/1950": Score(0, None, 4)}
    lines = page(QUERIES, before, score_all(QUERIES, ANSWERS.__getitem__), 67296).splitlines()
    assert "| `um   dois` | topic | nothing found | 1.00 |" in lines
    assert "| `PL 3/1950` | label | 0.00 (–) | 0.63 (place 2) |" in lines
    assert "| `erro` | topic | not asked | nothing found |" in lines
    assert "| all | 3 | 0.000 | 0.544 | 0.000 | 0.500 | 1 | 1 |" in lines


class _Legis(BaseHTTPRequestHandler):
    refused = 0

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if asked["q"] == ["erro"]:
            self.send_error(500)
        elif asked["q"] == ["cedo"] and not _Legis.refused:
            _Legis.refused += 1
            self.send_response(429)
            self.send_header("Retry-After", "0")
            self.end_headers()
        else:
            assert (asked["sort"], asked["limit"], asked["fields"]) == (["relevance"], ["20"], ["id"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"data": [{"id": "camara-2"}, {"id": "camara-1"}]}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Legis)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_http_an_error_is_an_empty_answer_and_a_refusal_is_waited_out(base: str) -> None:
    search = over_http(base)
    assert search("educação & saúde") == ["camara-2", "camara-1"]
    assert search("erro") == []
    assert search("cedo") == ["camara-2", "camara-1"]
    assert _Legis.refused == 1
