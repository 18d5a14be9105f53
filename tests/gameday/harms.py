"""How each harm is brought about on the plain ground, and what must be true once it is fixed."""

import os
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from asking import ask, never_asked, never_asked_detail
from legis_launcher.servers.postgres_server import postgres_binaries, psql
from plain_ground import PlainGround

SCANNER = "127.0.0.66"
WAITING = ("127.0.0.67", "127.0.0.68", "127.0.0.69")
LISTING = "127.0.0.70"
LOCKED_SECONDS = 2.2
EQUAL_SECONDS = 15.0
_HOG = f"""
DO $$ BEGIN LOOP
    LOCK TABLE bill IN ACCESS EXCLUSIVE MODE;
    PERFORM pg_sleep({LOCKED_SECONDS});
    COMMIT;
    PERFORM pg_sleep(0.2);
END LOOP; END $$
"""
_PROBED = ("/.env", "/wp-login.php", "/admin", "/api/v1/bills?id=1%20OR%201=1", "/.git/config")
_ENDED_YESTERDAY = """
deploy/compose/make-certificate.sh --force localhost
openssl x509 -req -days -1 -signkey "$LEGIS_TLS_DIR/tls.key" -out "$LEGIS_TLS_DIR/ended.crt" \
    -in <(openssl req -new -key "$LEGIS_TLS_DIR/tls.key" -subj /CN=localhost) 2>/dev/null
mv -f "$LEGIS_TLS_DIR/ended.crt" "$LEGIS_TLS_DIR/tls.crt"
scripts/legis.sh reload nginx
"""

Undo = Callable[[], object]


def nothing() -> None:
    """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the table says of it; `wrong` is empty where all was right."""

    told: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Harm:
    """`over` ends what no command of ours could end: a chamber's outage is over when the chamber says so. `after`
    cleans up in any case. `verdict` is asked once the alerts are silent and the system is well.
    """

    over: Undo = nothing
    after: Undo = nothing
    verdict: Callable[[], Verdict] = Verdict


def down(ground: PlainGround) -> Harm:
    """`web` stands still."""
    os.kill(ground.state.processes["web"].pid, signal.SIGSTOP)
    return Harm()


def slow(ground: PlainGround) -> Harm:
    """Readers wait for a job that locks a table."""
    command = [str(postgres_binaries() / "psql"), "-Xq", "-c", _HOG, ground.state.database_url]
    hog = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    some_bill = ask(f"{ground.state.web_url}/api/v1/bills?limit=1").document["data"][0]["id"]
    readers = [ground.often(0.4, lambda at=at: ground.read_from(at, never_asked_detail(some_bill))) for at in WAITING]

    def after() -> None:
        hog.kill()
        hog.wait(10)
        for reader in readers:
            reader.set()

    return Harm(after=after)


def outage(ground: PlainGround) -> Harm:
    """A chamber answers with errors."""
    ground.simulator("POST", "/control/faults", b'{"source": "camara", "kind": "503", "seconds": 3600, "rate": 1}')

    def heal() -> None:
        ground.simulator("DELETE", "/control/faults")

    return Harm(over=heal, after=heal)


def database_lost(ground: PlainGround) -> Harm:
    """The database is dropped."""
    server, _, name = ground.state.database_url.rpartition("/")
    psql(f"{server}/postgres", f'DROP DATABASE "{name}" WITH (FORCE)')
    return Harm()


def scanned(ground: PlainGround) -> Harm:
    """Commands are told no address: the runbook must find it in the access log."""
    scanners = [ground.often(0.05, lambda path=path: ground.ask_from(SCANNER, path)) for path in _PROBED]

    def after() -> None:
        for scanner in scanners:
            scanner.set()

    return Harm(after=after)


def expired(ground: PlainGround) -> Harm:
    """The certificate ended yesterday. Renewing it must refuse no connection: new ones are opened all the time."""
    ground.type(_ENDED_YESTERDAY)
    found: Counter[bool] = Counter()
    reader = ground.often(0.05, lambda: found.update([_answers_over_tls(ground.tls_listen)]))

    def verdict() -> Verdict:
        told = f"{found.total()} connections over TLS meanwhile, {found[False]} refused or cut"
        return Verdict(told, told if found[False] else "")

    return Harm(after=reader.set, verdict=verdict)


def index_lost(ground: PlainGround) -> Harm:
    """The folder of the index is deleted. In the end lists have what the database has; every reply is counted."""
    statuses: Counter[int] = Counter()
    reader = ground.often(0.25, lambda: statuses.update([ground.read_from(LISTING, never_asked())]))
    folder = ground.run.data / "index-sample"
    while folder.exists():  # the indexer may be writing into it
        shutil.rmtree(folder, ignore_errors=True)

    def verdict() -> Verdict:
        answers = ", ".join(f"{count} x {code}" for code, count in sorted(statuses.items()))
        listed, stored = _counts_once_equal(ground)
        told = f"lists meanwhile: {answers}; afterwards {listed} bills listed, {stored} stored"
        good = listed == stored and set(statuses) <= {200, 503}  # 503 says when to come back; anything else is wrong
        return Verdict(told, "" if good else told)

    return Harm(after=reader.set, verdict=verdict)


def _counts_once_equal(ground: PlainGround) -> tuple[int, int]:
    """Bills that lists have, and those of the database; news go on, so they are equal within moments, not at each."""
    deadline = time.monotonic() + EQUAL_SECONDS
    while True:
        stored = int(psql(ground.state.database_url, "SELECT count(*) FROM bill"))
        reply = ask(f"{ground.state.web_url}/api/v1/bills?limit=1&count=exact")
        listed = reply.document["page"]["count"]["value"] if reply.status == 200 else -1
        if listed == stored or time.monotonic() > deadline:
            return listed, stored
        time.sleep(0.2)


def _answers_over_tls(listen: str) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it has ended, and is nobody's
    try:
        with urllib.request.urlopen(f"https://{listen}/api/health/live", timeout=5, context=context) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError):
        return False
