#!/bin/sh
# Takes base backups by the clock: a full one once a week, else an incremental one every LEGIS_BACKUP_HOURS, the first at once. Each
# minute it writes figures for node-exporter: age of the newest backup, WAL segments that wait to be sent, size of the repository.
#   LEGIS_BACKUP_HOURS   hours between two backups (6)
#   LEGIS_BACKUP_FIGURES file of the figures, in a folder that node-exporter reads; none where empty
# A backup that fails is tried again after ten minutes. Stands in the container `backup`, with the database's volume and socket.
set -eu

every=$((${LEGIS_BACKUP_HOURS:-6} * 3600)) data=$(sed -n 's/^pg1-path=//p' "${PGBACKREST_CONFIG:-/etc/pgbackrest/pgbackrest.conf}")
weekly=$((7 * 86400)) minute=${LEGIS_BACKUP_MINUTE:-60} again=600

# newest KIND: end of the newest backup of that kind, in seconds since 1970; 0 where there is none. `backup` is any kind.
newest() {
    pgbackrest --stanza=legis --output=json --log-level-console=off info |
        jq -r --arg kind "$1" '[.[0].backup // [] | .[] | select($kind == "any" or .type == $kind) | .timestamp.stop] | max // 0'
}

size() { pgbackrest --stanza=legis --output=json --log-level-console=off info | jq '[.[0].backup // [] | .[].info.repository.delta] | add // 0'; }

figures() {
    [ -n "${LEGIS_BACKUP_FIGURES:-}" ] || return 0
    waiting=$(find "$data/pg_wal/archive_status" -name '*.ready' 2>/dev/null | wc -l)
    cat >"$LEGIS_BACKUP_FIGURES.new" <<PROM
# HELP legis_base_backup_timestamp_seconds End of the newest base backup in the repository; 0 where there is none.
# TYPE legis_base_backup_timestamp_seconds gauge
legis_base_backup_timestamp_seconds $(newest any)
# HELP legis_wal_segments_waiting WAL segments of 16 MB that are not in the repository yet.
# TYPE legis_wal_segments_waiting gauge
legis_wal_segments_waiting $waiting
# HELP legis_backup_repository_bytes Size of all backups in the repository, without WAL.
# TYPE legis_backup_repository_bytes gauge
legis_backup_repository_bytes $(size)
PROM
    mv "$LEGIS_BACKUP_FIGURES.new" "$LEGIS_BACKUP_FIGURES"
}

kind() { [ $(($(date +%s) - $(newest full))) -ge "$weekly" ] && echo full || echo incr; }

# The sender of WAL may hold the lock; S3 may be away.
until pgbackrest --stanza=legis stanza-create; do sleep "$minute"; done
figures || echo "the figures could not be written" >&2 # at once: the first backup takes minutes
tried=0
while :; do
    now=$(date +%s)
    if [ $((now - $(newest any))) -ge "$every" ] && [ $((now - tried)) -ge "$again" ]; then
        tried=$now
        pgbackrest --stanza=legis --type="$(kind)" backup || echo "the backup failed, and is tried again" >&2
    fi
    figures || echo "the figures could not be written" >&2
    sleep "$minute"
done
