"""The table of `make status`: every process with its id, port, health and time up."""

import time

from rich.table import Table

from legis_launcher.processes.supervisor import is_ready
from legis_launcher.run_folder import ProcessRecord, RunState


def health_of(record: ProcessRecord) -> str:
    """`ready`, `not ready` or `dead`; a server without a ready check is `running`."""
    if not record.alive:
        return "dead"
    if record.ready_url is None:
        return "running"
    return "ready" if is_ready(record.ready_url, seconds=1.0) else "not ready"


def status_table(state: RunState) -> tuple[Table, bool]:
    """The table, and whether every process is up and ready."""
    table = Table(title=f"Legis ({state.phase}, dataset {state.dataset}) at {state.web_url}", title_justify="left")
    for heading in ("process", "pid", "port", "health", "up", "restarts"):
        table.add_column(heading, justify="left" if heading in ("process", "health") else "right")
    well = state.phase == "ready"
    for record in state.processes.values():
        health = health_of(record)
        well = well and health in ("ready", "running")
        up = duration(time.time() - record.started_at) if record.alive else "-"
        table.add_row(record.name, str(record.pid), str(record.port), health, up, str(record.restarts))
    return table, well


def duration(seconds: float) -> str:
    """`4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`."""
    whole = int(seconds)
    for size, unit, rest_size, rest_unit in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // rest_size} {rest_unit}"
    return f"{whole} s"
