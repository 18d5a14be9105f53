"""The command `legis` as a process against a running API: output, exit codes, resuming, files."""

import asyncio
import csv
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from integration.store.records.record_readings import event, legislator, votes, voting
from legis.domain.vocabulary import ReadingPart
from legis_cli.exit_codes import ExitCode

MARKUP = "[bold]Título[/red] \x1b[31m"
YEAR = 1961


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Ended]]


@pytest.fixture(scope="module", autouse=True)
async def records(put: Any, store: Any, make_bill: Any) -> None:
    await store([make_bill(n, year=YEAR, title=MARKUP if n == 1 else f"Título {n}") for n in range(1, 131)])
    await put(
        legislator(1, name="Ana"),
        voting(1, day=date(2024, 3, 1), bill="camara-1", votes=votes("Y")),
        event(1, start=datetime.now(UTC) + timedelta(days=2)),
    )


@pytest.fixture
def run(api: httpx2.AsyncClient, tmp_path: Path) -> Run:
    """`await run("bills", "--q", "a")`: the command's exit code, stdout and stderr."""

    async def started(*arguments: str, **variables: str) -> Ended:
        environment = {**os.environ, "LEGIS_URL": str(api.base_url), "HOME": str(tmp_path), **variables}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "legis_cli", *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment,
        )  # fmt: skip
        out, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    return started


def lines(ended: Ended) -> list[Any]:
    assert ended.code == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


async def test_bills_in_every_format(run: Run) -> None:
    found = lines(await run("bills", "-f", f"year={YEAR}", "--limit", "120"))
    assert len({one["id"] for one in found}) == 120
    whole = await run("bills", "-f", f"year={YEAR}", "--limit", "2", "--format", "json")
    assert json.loads(whole.out) == found[:2]
    table = await run("bills", "-f", f"year={YEAR}", "--limit", "2", "--format", "table", NO_COLOR="1")
    assert found[0]["id"] in table.out
    assert "\x1b" not in table.out
    rows = list(csv.DictReader(io.StringIO((await run("bills", "--limit", "1", "--format", "csv")).out, newline="")))
    assert rows[0]["identifier"]
    assert lines(await run("bills", "-f", "year=1799")) == []


async def test_texts_of_sources_are_no_markup_and_control_no_terminal(run: Run) -> None:
    shown = await run("bill", "camara-1", "--format", "table", COLUMNS="200")
    assert "[bold]Título[/red]" in shown.out, shown.err
    assert "\x1b[31m" not in shown.out


async def test_one_bill_by_its_label(run: Run) -> None:
    label = lines(await run("bill", "camara-1"))[0]["identifier"]
    assert lines(await run("bill", *label.split()))[0]["id"] == "camara-1"
    assert {one["type"] for one in lines(await run("journey", *label.split()))} >= {"VOTE_EVENT"}
    assert [one["id"] for one in lines(await run("votes", *label.split()))] == ["camara-vote-1"]


async def test_steps_that_were_not_read_are_said_to_be_missing(run: Run, store: Any, make_bill: Any) -> None:
    assert (await run("journey", "camara-1")).err == ""
    await store([make_bill(999)], ReadingPart.BULK)
    ended = await run("journey", "camara-999")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "legis: camara-999 has not been read whole yet: steps of it may be missing\n"


async def test_people_and_agenda(run: Run) -> None:
    assert [one["name"] for one in lines(await run("legislators", "--q", "ana"))] == ["Ana"]
    assert [one["id"] for one in lines(await run("agenda", "--house", "CAMARA"))] == ["camara-event-1"]


@pytest.mark.parametrize(
    ("arguments", "variables", "code"),
    [
        (("bills", "--no-such-option"), {}, ExitCode.USAGE),
        (("bills", "--status", "NOWHERE"), {}, ExitCode.USAGE),
        (("bills", "-f", "year"), {}, ExitCode.USAGE),
        (("watch", "--format", "json"), {}, ExitCode.USAGE),
        (("bill", "camara-999999"), {}, ExitCode.NOT_FOUND),
        (("bills",), {"LEGIS_API_KEY": "legis_0_bad"}, ExitCode.KEY),
        (("bills",), {"LEGIS_API_KEY_FILE": "/no/such/file"}, ExitCode.KEY),
    ],
)
async def test_exit_codes(run: Run, arguments: tuple[str, ...], variables: dict[str, str], code: int) -> None:
    ended = await run(*arguments, **variables)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err


async def test_a_key_file_that_others_can_read_is_refused(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("legis_0_bad")
    key.chmod(0o644)
    ended = await run("bills", LEGIS_API_KEY_FILE=str(key))
    assert ended.code == ExitCode.KEY
    assert "chmod 600" in ended.err


async def test_watch_resumes_where_it_stopped(run: Run, tmp_path: Path, store: Any, make_bill: Any) -> None:
    state = tmp_path / "state.json"
    assert lines(await run("watch", "--once", "--state", str(state))) == []
    await store([make_bill(501), make_bill(502)])
    told = lines(await run("watch", "--once", "--state", str(state)))
    assert [one["bill_id"] for one in told] == ["camara-501", "camara-502"]
    assert lines(await run("watch", "--once", "--state", str(state))) == []
    assert (
        len(lines(await run("watch", "--once", "-f", "after=0", "-f", "ids=camara-501", "-f", "ids=camara-502"))) == 2
    )
    state.write_text("{}")
    assert (await run("watch", "--once", "--state", str(state))).code == ExitCode.USAGE


async def test_save_takes_a_whole_list(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "bills.csv"
    ended = await run("save", "bills", "-f", f"year={YEAR}", "-o", str(saved))
    assert ended.code == 0, ended.err
    with saved.open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 130
    assert (await run("save", "bills", "-o", str(saved))).code == ExitCode.USAGE
    again = await run("save", "bills", "-f", "limit=3", "-o", str(saved), "--force")
    assert "first 3 of" in again.err
    refused = await run("save", "bills/camara-999999/votes", "-o", str(tmp_path / "none.ndjson"))
    assert refused.code == ExitCode.NOT_FOUND
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["bills.csv"]
