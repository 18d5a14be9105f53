"""`legis export` against a running API: files whole and right, resumed, checked."""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from integration.exports.conftest import Exports
from integration.web.conftest import serving, settings_for
from legis_cli.exit_codes import ExitCode


@pytest.fixture(scope="module")
async def api(exported: Exports, module_redis_url: str, tmp_path_factory: Any) -> AsyncIterator[httpx2.AsyncClient]:
    settings = settings_for(
        database_url=exported.database_url, redis_url=module_redis_url, exports_folder=str(exported.folder),
        index_folder=str(tmp_path_factory.mktemp("index")),
    )  # fmt: skip
    async with serving(settings) as client:
        yield client


async def run(api: httpx2.AsyncClient, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "legis_cli", "--url", str(api.base_url), "export", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, "HOME": "/nonexistent"},
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_files_of_the_newest_export(api: httpx2.AsyncClient, exported: Exports, tmp_path: Path) -> None:
    wanted = ("--resource", "bills", "--resource", "votes", "--format", "parquet", "--to", str(tmp_path))
    code, out, err = await run(api, *wanted)
    assert code == 0, err
    assert [Path(line).name for line in out.splitlines()] == ["bills.parquet", "votes.parquet"]
    for file in exported.newest.files:
        if file.name in ("bills.parquet", "votes.parquet"):
            assert hashlib.sha256((tmp_path / file.name).read_bytes()).hexdigest() == file.sha256
    assert (await run(api, "--resource", "nothing", "--to", str(tmp_path)))[0] == ExitCode.USAGE
    assert (await run(api, "--id", "20200101T000000Z", "--to", str(tmp_path)))[0] == ExitCode.NOT_FOUND


async def test_what_is_there_is_resumed_and_what_is_wrong_begun_anew(
    api: httpx2.AsyncClient, exported: Exports, tmp_path: Path
) -> None:
    name, delta = "bills.ndjson.gz", "delta-bills.csv.gz"
    right = exported.path(exported.newest, name).read_bytes()
    (tmp_path / f"{name}.part").write_bytes(right[:1000])
    arguments = ("--resource", "bills", "--format", "ndjson", "--to", str(tmp_path))
    code, _, err = await run(api, *arguments)
    assert (code, (tmp_path / name).read_bytes()) == (0, right), err
    (tmp_path / name).write_bytes(b"x" * len(right))
    (tmp_path / f"{name}.part").write_bytes(b"y" * 1000)  # of another file
    code, _, err = await run(api, *arguments)
    assert (code, (tmp_path / name).read_bytes()) == (0, right), err
    code, out, err = await run(api, "--delta", "--format", "csv", "--resource", "bills", "--to", str(tmp_path))
    assert (code, Path(out.strip()).name) == (0, delta), err
    assert not list(tmp_path.glob("*.part"))
