"""An S3 store over TLS on this machine: SeaweedFS, in a folder that may be lost."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import LOOPBACK, answers, free_port

BUCKET, KEY, SECRET = "legis-backup", "drill", "drill-secret"
START_SECONDS = 90.0


class S3Store:
    """One store; `lose` removes all that is in it, as a provider's mistake would."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.certificate = folder / "tls.crt"
        self.port = 0
        self._child: Child | None = None
        folder.mkdir()
        self._make_certificate()
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identity = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": actions}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))

    def start(self) -> None:
        """Starts the store, on the same port each time, and makes the bucket. Raises AssertionError."""
        data = self._folder / "data"
        data.mkdir(exist_ok=True)
        self.port = self.port or _port_with_grpc()
        ports = {name: _port_with_grpc() for name in ("master", "volume", "filer")}
        command = [
            str(self._program), "server", f"-dir={data}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}",
            "-volume.max=100", "-master.volumeSizeLimitMB=512", "-filer", "-s3", f"-s3.port={self.port}",
            "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={self._folder / 's3.json'}",
            f"-s3.cert.file={self.certificate}",
            f"-s3.key.file={self._folder / 'tls.key'}",
            *(f"-{name}.port={port}" for name, port in ports.items()),
        ]  # fmt: skip
        self._child = Child("s3", command, self._folder / "s3.log", {"PATH": os.environ["PATH"], "HOME": str(data)})
        self._child.start()
        self._until(lambda: answers(self.port), "S3 listens")
        master = f"{LOOPBACK}:{ports['master']}"
        self._until(lambda: self._made_bucket(master, ports["filer"]), "the bucket is made")

    def stop(self) -> None:
        """Ends the store; what is in it stays."""
        if self._child is not None:
            self._child.stop(20)

    def lose(self) -> None:
        """Ends the store and removes all that is in it."""
        self.stop()
        shutil.rmtree(self._folder / "data")

    def size(self) -> int:
        """Bytes that it takes on disk."""
        return sum(path.stat().st_blocks * 512 for path in (self._folder / "data").rglob("*.dat"))

    def _made_bucket(self, master: str, filer: int) -> bool:
        command = [str(self._program), "shell", f"-master={master}", f"-filer={LOOPBACK}:{filer}"]
        said = subprocess.run(
            command,
            input=f"s3.bucket.create -name {BUCKET}\ns3.bucket.list\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return f"  {BUCKET}" in said.stdout

    def _until(self, true, what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        assert self._child is not None
        while not true():
            assert self._child.alive, self._child.log_tail(30)
            assert time.monotonic() < deadline, f"{what}: not within {START_SECONDS:g} s\n{self._child.log_tail(30)}"
            time.sleep(0.2)

    def _make_certificate(self) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={LOOPBACK}"]
        command += ["-addext", f"subjectAltName=IP:{LOOPBACK}", "-keyout", str(self._folder / "tls.key")]
        subprocess.run([*command, "-out", str(self.certificate)], check=True, capture_output=True)


def _port_with_grpc() -> int:
    """A free port whose neighbour 10 000 above is free, too: SeaweedFS listens there for gRPC."""
    while True:
        port = free_port()
        if port < 55_000 and not answers(port + 10_000):
            return port
