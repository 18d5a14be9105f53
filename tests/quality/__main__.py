"""Measures a search engine with the judged queries: `python -m quality --engine index`, `--engine http --base URL`.

With `--engine index` it builds the product's index of all recorded bills and writes `docs/search-quality.md`; over HTTP
it prints, and keeps the figures with `--save`. The exit status is 1 where the means over all queries are below their
limits (`quality.scores`).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from legis.domain.bill import Bill

from quality.engines import in_process, over_http
from quality.judged import QUERIES, Query, judge_by_rules, read_queries
from quality.page import page, text_of
from quality.recordings import RECORDINGS, read_bills, why_missing
from quality.scores import BEFORE, Score, load, means, save, score_all, too_low

PAGE = Path(__file__).resolve().parents[2] / "docs/search-quality.md"


@dataclass(slots=True)
class Counted:
    """Passes bills on and knows how many there were."""

    folder: Path
    bills: int = 0

    def __iter__(self) -> Iterator[Bill]:
        """The recorded bills, from the first."""
        self.bills = 0
        for bill in read_bills(self.folder):
            self.bills += 1
            yield bill


def main() -> int:
    """The exit status."""
    arguments = _arguments()
    if missing := why_missing(arguments.recordings):
        print(f"skipped: {missing}")
        return 0
    bills = Counted(arguments.recordings)
    queries = judge_by_rules(read_queries(arguments.queries), bills)
    scores = _measure(arguments, queries, bills)
    _show(queries, scores, arguments.each)
    if arguments.save is not None:
        save(scores, arguments.save)
    if arguments.page is not None:
        arguments.page.write_text(page(queries, load(), scores, bills.bills), encoding="utf-8")
    if low := too_low(means(queries, scores)):
        print(f"the search became worse: {low}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quality", description=__doc__)
    parser.add_argument("--engine", choices=("index", "http"), required=True)
    parser.add_argument("--base", help="address of the running Legis that --engine http asks")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="another file of judged queries")
    parser.add_argument("--recordings", type=Path, default=RECORDINGS)
    parser.add_argument("--each", action="store_true", help="print each query's figures, not only the means")
    parser.add_argument("--save", type=Path, metavar="FILE", help=f"keep the figures, as in {BEFORE.name}")
    parser.add_argument("--page", type=Path, nargs="?", const=PAGE, help=f"write the page, by default {PAGE.name}")
    found = parser.parse_args()
    if found.engine == "http" and not found.base:
        parser.error("--engine http needs --base")
    return found


def _measure(arguments: argparse.Namespace, queries: list[Query], bills: Counted) -> dict[str, Score]:
    if arguments.engine == "http":
        return score_all(queries, over_http(arguments.base))
    with tempfile.TemporaryDirectory(prefix="legis-quality-", ignore_cleanup_errors=True) as folder:
        return score_all(queries, in_process(bills, Path(folder)))


def _show(queries: list[Query], scores: dict[str, Score], each: bool) -> None:
    if each:
        for query in queries:
            score = scores[query.text]
            place = (f"place {score.rank}" if score.rank else "not found") if query.unique else ""
            print(f"{score.ndcg:5.2f} {score.hits:3} {query.category:16} {query.text[:60]:60} {place}")
    for category in dict.fromkeys(query.category for query in queries):
        print(f"{category:16}", text_of(means([query for query in queries if query.category == category], scores)))
    print(f"{'all':16}", text_of(means(queries, scores)))


if __name__ == "__main__":
    raise SystemExit(main())
