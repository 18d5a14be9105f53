"""PostgreSQL settings of a local run: those of production, sized to the machine."""

import os

MIB = 1024 * 1024

DURABLE: dict[str, str] = {
    "max_connections": "150",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "off",  # pglz took half the time of a write; use lz4 on servers built with it
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short: compiling costs more than running them
    "track_io_timing": "on",
    "shared_preload_libraries": "pg_stat_statements",
    "log_min_duration_statement": "1s",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %a ",
    "idle_in_transaction_session_timeout": "60s",
    # The backfill appends a million rows: statistics and visibility map must be updated within seconds, not hours.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_cost_limit": "1000",
}

THROWAWAY: dict[str, str] = {
    **DURABLE,
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "io_method": "sync",
}


def server_settings(*, durable: bool) -> dict[str, str]:
    """Every setting on the server's command line; `durable=False` is for databases that may be lost."""
    if not durable:
        return {**THROWAWAY, "shared_buffers": "64MB"}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    return {
        **DURABLE,
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
    }
