"""The servers and processes of a benchmark, over a corpus that is kept between runs."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import api_gateway
from api_gateway.migrations.migration_runner import upgrade
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import answers, free_port
from legis_launcher.servers.postgres_server import postgres_binaries
from stage import Stage, until

from bench.system import corpus_index, cpu, seeding
from bench.system.client import Client
from bench.system.put_back import put_back
from bench.turns import Sample

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "build/bench-data"
SAMPLED = "0.1"
"""Share of traces kept, as in production."""

PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("tests", "tests/load"))
_SEGMENTS = re.compile(r"^legis_index_segments ([0-9.e+]+)", re.MULTILINE)
_MADE_BY = ("migrations/versions/*.py", "documents/*.py", "store/bills/bill_columns.py")


def corpus_version() -> str:
    """Changes with whatever a seeded database is made by."""
    package = Path(api_gateway.__file__ or "").parent
    files = [Path(__file__).with_name("corpus.py"), Path(__file__).with_name("seeding.py")]
    files += [path for pattern in _MADE_BY for path in sorted(package.glob(pattern))]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Arena(Stage):
    """A stage whose PostgreSQL is durable, sized to the machine and kept; everything else is thrown away."""

    def __init__(self, bills: int, data: Path = DATA) -> None:
        super().__init__()
        self.bills = bills
        self.home = data / str(bills)
        self.index = self.home / "index"
        self.client = Client()
        self.seeded: dict[str, float] = {}
        self.built: corpus_index.Built | None = None
        """The build of the index, where this run made it."""
        self.indexer_port = 0
        self._webs: dict[str, tuple[Child, int]] = {}

    def open(self) -> None:
        """Starts the servers; seeds the database and builds the index unless they are there."""
        label, wanted = self.home / "corpus.json", {"version": corpus_version(), "bills": self.bills}
        if not label.exists() or json.loads(label.read_text()) != wanted:
            self._seed()
            label.write_text(json.dumps(wanted))
        self.postgres.start(self.home / "postgres", durable=True)
        self.redis.start(self.folder / "redis", durable=False)
        self.redis.execute("SET", "legis:generation", "1")
        asyncio.run(put_back(self.postgres.url("legis"), self.bills))  # what a run that was cut short has left
        self._index(wanted)

    def _index(self, corpus: Mapping[str, object]) -> None:
        epoch = self.postgres.execute("SELECT epoch FROM store_epoch", "legis")  # a restored corpus has another one
        label, wanted = self.home / "index.json", {**corpus, "index": corpus_index.index_version(), "epoch": epoch}
        if label.exists() and json.loads(label.read_text())["of"] == wanted:
            return
        print(f"indexing {self.bills} bills", flush=True)
        label.unlink(missing_ok=True)
        shutil.rmtree(self.index, ignore_errors=True)
        self.built = corpus_index.build(lambda: self.indexer(self.index), self.end, self.index)
        print(f"  {self.built.seconds:.0f} s")
        label.write_text(json.dumps({"of": wanted, "built": asdict(self.built)}))

    def _seed(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.home.chmod(0o755)
        print(
            f"seeding {self.bills} bills into {self.home.relative_to(ROOT) if ROOT in self.home.parents else self.home}"
        )
        self.postgres.start(self.home / "postgres", durable=False)
        self.postgres.create_database("legis")
        asyncio.run(upgrade(self.postgres.url("legis")))
        self.seeded = seeding.seed(self.postgres.url("legis"), self.bills)
        print("  " + ", ".join(f"{name} {value:.0f} s" for name, value in self.seeded.items() if name != "processes"))
        self.postgres.stop("fast", within=120)
        self.postgres = type(self.postgres)()

    def child(self, name: str, module: str, environment: Mapping[str, str]) -> Child:
        """Starts `python -m module`, which finds the corpus and its index where nothing else is told."""
        return super().child(name, module, {"INDEX_FOLDER": str(self.index), **environment})

    def indexer(self, folder: Path, **environment: str) -> Child:
        """Starts an indexer on a folder. It must not be that of the kept index, unless to build it."""
        self.indexer_port = free_port()
        told = {"INDEX_FOLDER": str(folder), "INDEXER_PORT": str(self.indexer_port)}
        return self.child("indexer", "api_gateway.indexer", {**told, **environment})

    def following(self, folder: Path, within: float = 60, **environment: str) -> Child:
        """Starts an indexer and waits until its index is built, checked and open for writing."""
        child = self.indexer(folder, **environment)
        until(lambda: self._segments() > 0, within, "the indexer follows")
        return child

    def _segments(self) -> float:
        """Segments of the index that the indexer writes; none before it has opened one."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.indexer_port}/metrics", timeout=5) as reply:
                found = _SEGMENTS.search(reply.read().decode())
        except OSError:
            return 0.0
        return float(found[1]) if found else 0.0

    def python(self, name: str, module: str, environment: Mapping[str, str]) -> tuple[Child, int]:
        """A server of ours as a process, listening; `module` takes its port from PORT."""
        port = free_port()
        child = self.child(name, module, {"PYTHONPATH": PATHS, "PORT": str(port), **environment})
        self._listening(child, port)
        return child, port

    def program(self, name: str, command: Sequence[str], port: int, within: float = 60) -> Child:
        """Any other server as a process, listening."""
        child = Child(name, list(command), self.folder / f"{name}.log")
        child.start()
        self.children.append(child)
        self._listening(child, port, within)
        return child

    def cached(self) -> tuple[Child, int]:
        """The public API as it runs, one process for all parts."""
        return self._shared("cached", {})

    def uncached(self) -> tuple[Child, int]:
        """The public API that keeps no reply: each is made again."""
        return self._shared("uncached", {"RESPONSE_CACHE_ENTRIES": "0"})

    def _shared(self, name: str, environment: Mapping[str, str]) -> tuple[Child, int]:
        if name not in self._webs:
            self._webs[name] = self.web(**{"OTEL_TRACES_SAMPLER_ARG": SAMPLED, **environment})
        return self._webs[name]

    def end_others(self) -> None:
        """Ends the rivals that a comparison started; the API's own processes stay for the next one."""
        kept = [child for child, _ in self._webs.values()]
        for child in [one for one in self.children if one not in kept]:
            self.end(child)

    def end(self, child: Child) -> None:
        """Ends one of the children before all others."""
        child.stop(10)
        self.children.remove(child)

    def subject(self, child: Child, port: int, targets: Sequence[str], *, seconds: float, connections: int = 8,
                status: int = 200, headers: Mapping[str, str] | None = None) -> Callable[[], Sample]:  # fmt: skip
        """Something to measure in turns: this server, asked for these."""

        def measure() -> Sample:
            pid, postgres = child.pid or 0, self.postgres.child.pid or 0
            before = cpu.family_seconds(pid), cpu.family_seconds(postgres)
            tally = self.client.load(port, targets, seconds, connections=connections, status=status, headers=headers)
            used = cpu.family_seconds(pid) - before[0], cpu.family_seconds(postgres) - before[1]
            each = max(tally.replies, 1) / 1e6
            return Sample(
                tally.rate, used[0] / each, used[1] / each, tally.quantile(0.5), tally.quantile(0.99), tally.bad,
                tally.body_bytes,
            )  # fmt: skip

        return measure

    def close(self) -> None:
        """Ends all; the kept database in order, so that it need not recover."""
        self.client.close()
        for child in reversed(self.children):
            child.stop(10)
        self.postgres.stop("fast", within=120)
        super().close()

    def _listening(self, child: Child, port: int, within: float = 60) -> None:
        def ready() -> bool:
            if not child.alive:
                raise SystemExit(f"{child.name} did not start:\n{child.log_tail(20)}")
            return answers(port)

        until(ready, within, f"{child.name} listens")


def pgbench() -> Path | None:
    """The pgbench beside the bundled PostgreSQL, or on the path."""
    beside = postgres_binaries() / "pgbench"
    found = beside if beside.exists() else shutil.which("pgbench")
    return None if found is None else Path(found)
