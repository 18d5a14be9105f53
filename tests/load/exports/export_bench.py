"""How long an export takes, and how much memory beyond that of the process before: `make export-bench`.

Bills of about 3 kB are stored by SQL, each with some actions; the export is that of the product. pandas, which Arrow
loads where it finds it, is hidden, as it is in the images.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from api_gateway.exporter.build import TUNED
from legis_launcher.servers.postgres_server import PostgresServer

TARGET_MB, TARGET_SECONDS = 64.0, 300.0
_BILLS = """
INSERT INTO bill (id, source, upstream_id, chamber, type, type_code, number, year, identifier, labels, status,
                  in_progress, introduced_on, last_action_at, parties, states, subjects, urns, record, document,
                  summary, provenance, fingerprint, version, change_seq, read_seq, created_at, changed_at, last_seen_at)
SELECT 'camara-' || n, 'camara', n::text, 'CAMARA', 'BILL', 'PL', n, 2000 + n %% 26, 'PL ' || n, '{}', 'IN_COMMITTEE',
       true, '2020-02-03', now(), '{}', '{}', '{}', '{}', '{}',
       convert_to(replace(%(document)s, '@', n::text), 'UTF8'), '{}', '[]', '', 1, n, n, now(), now(), now()
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
_ACTIONS = """
INSERT INTO bill_history (bill_id, field, items)
SELECT 'camara-' || n, 'actions', ARRAY(
    SELECT replace(%(action)s, '@', n || '-' || k) FROM generate_series(1, %(actions)s::int) AS k)
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
_TEXT = "Dispõe sobre a proteção, a guarda e o tratamento de dados @ e dá outras providências. "
_SPONSOR = '{"name":"Membro %d de Souza","legislator_id":"camara-deputy-%d","party":"PT","state":"SP","order":%d}'
_DOCUMENT = (
    '{"id":"camara-@","source":"camara","chamber":"CAMARA","type":"BILL","type_code":"PL","number":@,"year":2020,'
    '"identifier":"PL @/2020","title":"' + _TEXT * 3 + '","abstract":"' + _TEXT * 5 + '","status":"IN_COMMITTEE",'
    '"status_text":"Aguardando parecer","in_progress":true,"introduced_on":"2020-02-03",'
    '"last_action_at":"2026-03-02T14:00:00Z","latest_action":{"description":"' + _TEXT + '"},'
    '"organization":{"id":"camara-org-2003","acronym":"CCJC"},"sponsorships":['
    + ",".join(_SPONSOR % (n, n, n) for n in range(1, 6))
    + '],"subjects":[{"code":"46","name":"Educação"}],"keywords":["Internet","Dados @"],"urn_lex":"urn:lex:br:@",'
    '"url":"https://www.camara.leg.br/@","extras":{"texto":"' + _TEXT * 6 + '"},"provenance":[],"links":{},'
    '"version":1,"change_seq":@,"created_at":"2026-01-05T09:12:44Z","changed_at":"2026-03-02T14:00:05Z",'
    '"removed_at":null}'
)  # fmt: skip
_ACTION = (
    '{"date":"2026-03-02","at":null,"order":1,"kind":"TRANSFERRED","kind_text":"Encaminhamento","description":"'
    + _TEXT
    + '","organization":{"code":"2003","acronym":"CCJC","name":"Comissão","chamber":"CAMARA"},'
    '"status_text":"Tramitando","documents":[]}'
)
_STEP = 20_000


def main() -> int:
    """Prints the figures. Returns 1 where one misses its target at the size that it holds for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=150_000)
    parser.add_argument("--actions", type=int, default=5, help="actions of each bill")
    asked = parser.parse_args()
    bills: int = asked.bills
    actions: int = asked.actions
    with tempfile.TemporaryDirectory(prefix="legis-bench-export-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = PostgresServer()
        server.start(folder / "postgres", durable=False)
        try:
            _fill(server, bills, actions)
            cold = _export(server, folder)
            warm = _export(server, folder)  # with the delta, in which nothing is
        finally:
            server.stop("immediate")
    print(f"{bills} bills, {actions * bills} actions: files of {cold[2] / 2**20:.0f} MB")
    for label, (seconds, memory, _, processor) in (("first", cold), ("with delta", warm)):
        whole = processor * 1_200_000 / bills
        print(
            f"{label:>12}: {seconds:6.1f} s, {processor:6.1f} s of them on a processor"
            f" ({whole:5.0f} s for 1.2 million), {memory:5.1f} MB extra"
        )
    return int(max(cold[1], warm[1]) > TARGET_MB or max(cold[0], warm[0]) > TARGET_SECONDS)


def _fill(server: PostgresServer, bills: int, actions: int) -> None:
    import asyncio

    import psycopg
    from api_gateway.migrations.migration_runner import upgrade

    server.create_database("bench")
    asyncio.run(upgrade(server.url("bench")))
    with psycopg.connect(server.url("bench"), autocommit=True) as connection:
        for first in range(1, bills + 1, _STEP):
            span = {"first": first, "last": min(bills, first + _STEP - 1)}
            connection.execute(_BILLS, {**span, "document": _DOCUMENT})
            connection.execute(_ACTIONS, {**span, "action": _ACTION, "actions": actions})
        connection.execute("UPDATE change_counter SET last_seq = %s", [bills])
        connection.execute("VACUUM ANALYZE bill, bill_history")


def _export(server: PostgresServer, folder: Path) -> tuple[float, float, int, float]:
    """Seconds, megabytes of anonymous memory beyond the start, bytes of the newest export's files, and the builder's
    seconds on a processor.
    """
    hidden = folder / "hidden"
    hidden.mkdir(exist_ok=True)
    (hidden / "pandas.py").write_text("raise ImportError('hidden')\n")
    exports = folder / "exports"
    environment = {
        **os.environ, **TUNED, "PYTHONPATH": str(hidden), "DATABASE_URL": server.url("bench"),
        "EXPORTS_FOLDER": str(exports), "EXPORT_SCRATCH_FOLDER": str(folder / "scratch"),
    }  # fmt: skip
    time.sleep(1)  # ids are instants in whole seconds
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    child = subprocess.Popen([sys.executable, "-m", "api_gateway.exporter.build"], env=environment)
    readings: list[tuple[bool, int]] = []
    while child.poll() is None:
        readings.append(((exports / "building.json").exists(), _anonymous(child.pid)))
        time.sleep(0.05)
    seconds = time.monotonic() - started
    if child.returncode:
        raise SystemExit(f"the export ended with status {child.returncode}")
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    began = next((place for place, (building, _) in enumerate(readings) if building), len(readings) - 1)
    start = max((size for _, size in readings[:began]), default=0)
    peak = max(size for _, size in readings)
    newest = max(path for path in exports.iterdir() if path.is_dir())
    size = sum(path.stat().st_size for path in newest.iterdir())
    return seconds, (peak - start) / 2**20, size, processor


def _anonymous(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("RssAnon")), 0)


if __name__ == "__main__":
    raise SystemExit(main())
