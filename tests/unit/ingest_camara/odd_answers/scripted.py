"""A scripted Câmara: answers of the API by path, yearly files by rows, and a store that remembers nothing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest_camara.client.records_api import RecordsApi
from ingest_camara.client.yearly_files import YearFile
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone
from legis.upstream import UpstreamAnswer

NOW = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)
BASE = "http://127.0.0.1/api/v2"


class Upstream:
    """Answers with the `dados` of a path, a lone surrogate in it kept as its escape; 404 for any other path."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers

    async def get(self, url: str, *, endpoint: str, params: Any = None) -> UpstreamAnswer:
        path = url.removeprefix(BASE)
        if path not in self.answers:
            raise RecordGone(f"{endpoint}: 404")
        body = json.dumps({"dados": self.answers[path], "links": []}).encode()
        return UpstreamAnswer(url, 200, {"content-type": "application/json"}, body, NOW, None)


class Unstored:
    """A context of a window of which nothing is stored."""

    def __init__(self) -> None:
        self.seq = 0

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return None

    async def prefetch(self, upstream_ids: list[str], part: ReadingPart) -> None:
        pass

    def progress(self, done: int, total: int | None) -> None:
        pass

    async def years_not_read(self) -> tuple[int, ...]:
        return ()


def records_api(answers: Mapping[str, Any]) -> RecordsApi:
    return RecordsApi(Upstream(answers), BASE, lambda: NOW)  # type: ignore[arg-type]


class Files:
    """Yearly files by data set, each as its rows; a data set that is not given is missing."""

    def __init__(self, **rows: list[dict[str, str]]) -> None:
        self.rows = rows

    async def fetch(self, dataset: str, year: int, directory: Path) -> YearFile | None:
        if dataset not in self.rows:
            return None
        path = directory / f"{dataset}-{year}.csv"
        rows = self.rows[dataset]
        lines = [list(rows[0]), *(list(row.values()) for row in rows)]
        path.write_text("".join(";".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines))
        return YearFile(path, f"{BASE}/arquivos/{path.name}", NOW)
