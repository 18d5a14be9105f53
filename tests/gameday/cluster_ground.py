"""A primary and two standbys, webs and indexers behind nginx, and traffic that knows a wrong reply."""

import asyncio
from contextlib import ExitStack

from asking import never_asked
from cluster.postgres_cluster import Node
from cluster.servers import Servers, running
from cluster.traffic import SEEDED, Traffic
from ground import Ground, Targets
from legis_launcher.processes.child_process import ChildFailed
from legis_launcher.servers.postgres_server import psql
from nginx_process import find_nginx
from stage import status, until

READS_A_SECOND = 20.0
"""A third of the cluster test's: here Prometheus and its exporters want their share of two processors."""


class ClusterGround(Ground):
    """Several servers of each kind."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.servers: Servers
        self.traffic: Traffic

    @property
    def targets(self) -> Targets:
        servers = self.servers
        named = (("worker", [servers.worker]), ("indexer", servers.indexers), ("web", servers.webs))
        processes = ((name, int(one.ready_url.split(":")[2].split("/")[0])) for name, all_ in named for one in all_)
        databases = tuple(node.url for node in servers.database.nodes.values())
        return Targets(tuple(processes), databases, f"127.0.0.1:{servers.port}")

    def open(self) -> None:
        """The first bills are stored, and readers and a writer are at work."""
        nginx = find_nginx()
        if nginx is None:
            raise SystemExit("gameday needs nginx (Debian: nginx-light)")
        self.servers = servers = self._open.enter_context(running(self.folder / "cluster", nginx))
        self.environment |= {
            "DATABASE_URL": servers.database.url(),
            "REDIS_URL": servers.redis_url,
            "LEGIS_API_URL": f"http://127.0.0.1:{servers.port}",
        }
        self.traffic = traffic = Traffic(servers.port, [servers.web_port(n) for n in range(3)], servers.redis_url)
        traffic.rate = READS_A_SECOND
        asyncio.run(traffic.seed())
        until(lambda: (self.head() or 0) >= SEEDED, 60, "the first bills stored")
        self.beside(lambda: asyncio.run(traffic.run()))
        self.type("scripts/backup_database.sh")

    def head(self) -> int | None:
        """Last entry of the change log at the server that takes writes; None where none does."""
        url = f"{self.servers.database.url()}?target_session_attrs=read-write&connect_timeout=2"
        try:
            return int(psql(url, "SELECT last_seq FROM change_counter", 5))
        except ChildFailed:
            return None

    def is_well(self) -> bool:
        """Whether a server takes writes and lists are served."""
        return self.head() is not None and status(f"http://127.0.0.1:{self.servers.port}{never_asked()}") == 200

    def rejoin(self, node: Node) -> None:
        """Makes a dead primary a standby, as the runbook says. Call it from the main thread, to which it is tied."""
        if not node.child.alive:
            node.rewind()
            node.child.start()
            node.settle()

    def end(self) -> None:
        self._open.close()

    def close(self) -> None:
        if hasattr(self, "traffic"):
            self.traffic.over.set()
        super().close()
