# What backup and restore share: the lock, throwaway databases, filling one from a dump, fingerprints. Sourced.
# shellcheck shell=bash

# Settings under which a dump is read back: nobody would miss the half-restored database after a crash.
RESTORE_OPTIONS='-c maintenance_work_mem=512MB -c synchronous_commit=off -c statement_timeout=0'

# One backup or restore at a time on this folder; held until the script ends, however it ends.
take_lock() {
    mkdir -p "$LEGIS_BACKUP_DIR" || die "$FAILED" "cannot make $LEGIS_BACKUP_DIR"
    exec 9>"$LEGIS_BACKUP_DIR/.lock"
    flock -n 9 || die "$BUSY" "another backup or restore uses $LEGIS_BACKUP_DIR; nothing was done"
}

require_server() {
    sql postgres 'SELECT 1' >/dev/null || die "$UNREACHABLE" "the database server does not answer ($LEGIS_TARGET)"
}

# Leftovers of a run that was killed. Only names that we give, and only under the lock.
drop_leftovers() { # PREFIX
    local name
    for name in $(sql postgres "SELECT datname FROM pg_database WHERE datname LIKE '$1\\_%' AND datname ~ '_[0-9]{8}t[0-9]{6}z\$'"); do
        drop_database "$name"
    done
}

drop_database() { sql postgres "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"; }

create_database() { sql postgres "CREATE DATABASE \"$1\" TEMPLATE template0"; }

# Fills an empty database from a dump; in parallel where pg_restore can seek in the file.
fill_database() { # DATABASE DUMP
    local options=(--no-owner --no-privileges --exit-on-error)
    if [ "$LEGIS_TARGET" = local ]; then
        LEGIS_PGOPTIONS=$RESTORE_OPTIONS pg "$1" pg_restore "${options[@]}" --jobs "${LEGIS_JOBS:-2}" "$2"
    else
        LEGIS_PGOPTIONS=$RESTORE_OPTIONS pg "$1" pg_restore "${options[@]}" <"$2"
    fi
}

# What the migration grants to the roles of the processes: a dump carries no privileges.
grant_roles() { # DATABASE
    pg "$1" psql -XAtq -v ON_ERROR_STOP=1 <"$LEGIS_ROOT/services/api-gateway/src/api_gateway/migrations/database_grants.sql"
}

fingerprint() { # DATABASE
    pg "$1" psql -XAtq -F ' ' -v ON_ERROR_STOP=1 <"$LEGIS_ROOT/scripts/lib/fingerprint.sql"
}

# Whether dump and table list are byte for byte what was written.
is_intact() { # DUMP
    [ -s "$1" ] && [ -s "$1.sha256" ] && (cd "$(dirname "$1")" && sha256sum --status -c "$(basename "$1").sha256")
}

# Backups by name, the newest first; their names sort by time.
backups() {
    find "$LEGIS_BACKUP_DIR" -maxdepth 1 -name 'legislativo-*.dump' -printf '%f\n' | sort -r
}

newest_intact() {
    local name
    for name in $(backups); do
        is_intact "$LEGIS_BACKUP_DIR/$name" && printf '%s\n' "$name" && return
    done
    return 1
}
