"""A list whose transfer is cut leaves no file and ends with the code of an API that is away."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from legis_cli.exit_codes import ExitCode

CUT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nLegis-Row-Limit: 100000\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\nid\r\n\r\n"
)


def test_a_cut_transfer_leaves_no_file(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(CUT)

        server = threading.Thread(target=answer)
        server.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [
            sys.executable,
            "-m",
            "legis_cli",
            "--url",
            url,
            "save",
            "bills",
            "-o",
            str(tmp_path / "bills.csv"),
        ]
        environment = {**os.environ, "HOME": str(tmp_path)}
        ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, env=environment)
        server.join(60)
    assert ended.returncode == ExitCode.UNAVAILABLE, ended.stderr
    assert list(tmp_path.glob("bills*")) == []
