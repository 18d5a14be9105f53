"""nginx as a process, with the configuration of `deploy/nginx` rendered for it."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.servers.ports import answers, free_port

RENDER = Path(__file__).resolve().parents[2] / "deploy/nginx/render.sh"
ACCESS_LOG = "access.log"
START_SECONDS = 30.0


def find_nginx() -> str | None:
    """Path of nginx; Debian puts it where a normal user's path does not lead. None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def rendered(settings: Mapping[str, str]) -> str:
    """The configuration, by the script of every deployment. Raises CalledProcessError where a setting is missing."""
    environment = {"PATH": os.environ["PATH"], **settings}
    return subprocess.run(["sh", RENDER], env=environment, capture_output=True, text=True, check=True).stdout


def start_nginx(program: str, folder: Path, servers: Sequence[str], **settings: str) -> tuple[Child, int]:
    """Starts nginx before `servers` (host:port each) in a folder of its own, listening; its process and its port.

    Raises ChildFailed when it does not start.
    """
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)  # as root its worker is nobody
    port = free_port()
    told = {"LEGIS_LISTEN": f"127.0.0.1:{port}", "LEGIS_SERVERS": " ".join(servers), "LEGIS_NGINX_DIR": str(folder)}
    told["LEGIS_ACCESS_LOG"] = str(folder / ACCESS_LOG)
    path = folder / "nginx.conf"
    path.write_text(rendered({**told, **settings}))
    child = Child("nginx", [program, *_options(path)], folder / "nginx.log")
    child.start()
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if not child.alive or time.monotonic() > deadline:
            raise ChildFailed(f"nginx did not start:\n{child.log_tail(30)}")
        time.sleep(0.02)
    return child, port


def refused_configuration(program: str, folder: Path, configuration: str) -> str:
    """What `nginx -t` says against a configuration; empty where it would start with it."""
    path = folder / "nginx.conf"
    path.write_text(configuration)
    done = subprocess.run([program, "-t", "-q", *_options(path)], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def _options(path: Path) -> list[str]:
    given = ["-e", "stderr", "-c", str(path)]
    return [*given, "-g", "user nobody nogroup;"] if os.geteuid() == 0 else given
