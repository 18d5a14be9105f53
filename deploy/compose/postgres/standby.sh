#!/bin/sh
# A streaming standby: copies the primary where its own folder is empty, then follows it. Stands in the container `standby`.
#   PGDATA               its own folder
#   LEGIS_PRIMARY        host of the primary; LEGIS_PRIMARY_PORT its port (5432)
#   LEGIS_PASSWORD_FILE  file with the password of `postgres` there
#   LEGIS_CONFIG         its postgresql.conf
# A copy that is broken off is begun again at the next start. The slot holds the primary's WAL back until it is read here.
set -eu
umask 077

primary=$LEGIS_PRIMARY port=${LEGIS_PRIMARY_PORT:-5432} slot=standby
export PGPASSFILE="${TMPDIR:-/tmp}/pgpass"
printf '*:*:*:postgres:%s\n' "$(cat "$LEGIS_PASSWORD_FILE")" >"$PGPASSFILE"

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$primary" -p "$port" -U postgres -d postgres -c "$1"; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Of a copy that is lost the slot is of no more use, and may be void: it is made again.
    ask "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot' AND NOT active" >/dev/null
    ask "SELECT pg_create_physical_replication_slot('$slot', true)" >/dev/null
    rm -rf "$PGDATA.new"
    pg_basebackup -h "$primary" -p "$port" -U postgres -D "$PGDATA.new" -X stream -S "$slot" -c fast
    mkdir -p "$PGDATA"
    rmdir "$PGDATA"
    mv "$PGDATA.new" "$PGDATA"
    touch "$PGDATA/standby.signal"
    echo "standby: the copy is there, and follows $primary"
fi

exec postgres -c config_file="${LEGIS_CONFIG:-/etc/postgresql/postgresql.conf}" -c primary_slot_name="$slot" \
    -c primary_conninfo="host=$primary port=$port user=postgres passfile=$PGPASSFILE application_name=$slot connect_timeout=5"
