import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "load"))  # nginx as a process, as the load harnesses start it

from compose.nginx.counting_web import CountingWeb
from compose.nginx.nginx_door import Door
from nginx_process import find_nginx, start_nginx


@pytest.fixture(scope="session")
def nginx_program() -> str:
    """Path of nginx. Skips where it is not installed: tests install nothing."""
    program = find_nginx()
    if program is None:
        pytest.skip("no nginx on this machine (Debian: apt-get install nginx-light)")
    return program


@pytest.fixture
def counting_web() -> Iterator[CountingWeb]:
    """A stand-in for `web` that says what a test wants of it and counts requests."""
    web = CountingWeb()
    web.start()
    yield web
    web.stop()


@pytest.fixture
def door(nginx_program: str, counting_web: CountingWeb) -> Iterator[Door]:
    """nginx in front of the stand-in. 127.0.0.1 is a trusted proxy: another X-Forwarded-For is another client."""
    with TemporaryDirectory(prefix="legis-nginx-", ignore_cleanup_errors=True) as name:  # pytest's own is root's alone
        Path(name).chmod(0o755)
        folder = Path(name, "nginx")
        servers = [f"127.0.0.1:{counting_web.port}"]
        child, port = start_nginx(nginx_program, folder, servers, LEGIS_TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8")
        yield Door(port, folder)
        child.stop(10)
