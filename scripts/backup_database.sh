#!/usr/bin/env bash
# Takes a backup of the database, proves that it restores, and removes old ones.
#
# Usage: backup_database.sh [--keep-days DAYS] [--prune-only] [--help]
#
#   --keep-days DAYS   remove backups older than this (default 14, or LEGIS_BACKUP_KEEP_DAYS);
#                      the newest intact one stays whatever its age
#   --prune-only       take no backup, only remove old ones
#
# Writes legislativo-<UTC time>.dump (pg_dump's custom format), .dump.tables (rows and checksum of every table) and
# .dump.sha256 into LEGIS_BACKUP_DIR (default: backups/). Readers and writers go on meanwhile: rows are counted and
# hashed in the same snapshot that is dumped. Then the dump is restored into a scratch database beside the real one and
# compared table by table; only what is equal gets its name. The scratch database needs as much room as the real one.
#
# LEGIS_TARGET       local (default): DATABASE_URL, or what `make run` started; compose; k8s
# LEGIS_TEXTFILE_DIR where legis_backup.prom is written for node-exporter; unset writes none
# LEGIS_DATABASE     name of the database (default legislativo; local: the one of the URL)
# LEGIS_JOBS         processes that restore at once on the target local (default 2)
#
# Exit status: 0 a verified backup exists · 1 failed, nothing was kept · 2 wrong option or setting
#              3 another run holds the lock · 4 the server does not answer · 5 the copy differs, nothing was kept
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"
# shellcheck source-path=SCRIPTDIR source=lib/database.sh
. "$LEGIS_ROOT/scripts/lib/database.sh"

readonly END='--end of fingerprint--'
keep_days=${LEGIS_BACKUP_KEEP_DAYS:-14}
prune_only=false
scratch=''
partial=''

parse() {
    while [ $# -gt 0 ]; do
        case $1 in
        --keep-days) keep_days=${2:-} && shift ;;
        --prune-only) prune_only=true ;;
        --help | -h) help_of "$0" && exit ;;
        *) die "$USAGE" "unknown option $1; --help lists all" ;;
        esac
        shift || true
    done
    [[ $keep_days =~ ^[0-9]+$ ]] || die "$USAGE" "--keep-days wants a number of days, not '$keep_days'"
    check_target
}

tidy_up() {
    local status=$?
    trap - EXIT
    [ -z "$partial" ] || rm -f "$partial" "$partial.tables" "$partial.restored"
    [ -z "$scratch" ] || drop_database "$scratch" || say "the scratch database $scratch was left behind; the next run drops it"
    exit "$status"
}

# One transaction sees what is dumped and what is counted, so that a writer in between makes no difference.
dump_and_count() { # DATABASE FILE
    local snapshot line
    coproc COUNTING { pg "$1" psql -XAtq -F ' ' -v ON_ERROR_STOP=1; }
    local from=${COUNTING[0]} to=${COUNTING[1]} counting=$COUNTING_PID
    {
        echo "SET idle_in_transaction_session_timeout = 0;"
        echo "SELECT CASE WHEN pg_try_advisory_lock(hashtext('legis backup')) THEN 'ours' ELSE 'taken' END;"
        echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();"
    } >&"$to"
    read -r -t 60 line <&"$from" || die "$UNREACHABLE" "$1 does not answer"
    [ "$line" = ours ] || die "$BUSY" "another backup of this database runs, started elsewhere"
    read -r -t 60 snapshot <&"$from" || die "$FAILED" "no snapshot of $1"
    { cat "$LEGIS_ROOT/scripts/lib/fingerprint.sql" && printf '%s\n' "\\echo $END"; } >&"$to"
    pg "$1" pg_dump --format=custom --compress="${LEGIS_BACKUP_COMPRESS:-1}" --no-owner --no-privileges \
        --snapshot="$snapshot" >"$2" || die "$FAILED" "pg_dump failed"
    while IFS= read -r -t 3600 line <&"$from" && [ "$line" != "$END" ]; do printf '%s\n' "$line"; done >"$2.tables"
    [ "$line" = "$END" ] || die "$FAILED" "the rows of $1 could not be counted"
    echo '\q' >&"$to"
    wait "$counting" || true
}

verify() { # FILE STAMP
    local name=legis_verify_${2,,}
    scratch=$name
    create_database "$name"
    fill_database "$name" "$1" || die "$DAMAGED" "the dump does not restore"
    fingerprint "$name" >"$1.restored" || die "$DAMAGED" "the restored copy cannot be read"
    diff "$1.tables" "$1.restored" >&2 || die "$DAMAGED" "the restored copy differs from the database"
    drop_database "$name"
    scratch=''
}

# A name without its checksum never exists: the checksum is there first.
publish() { # PARTIAL NAME
    local folder=$LEGIS_BACKUP_DIR
    mv "$1.tables" "$folder/$2.tables"
    ln -f "$1" "$folder/.$2.new"
    (cd "$folder" && sha256sum "$2.tables" && sha256sum ".$2.new" | sed "s/ \.$2\.new\$/ $2/") >"$folder/$2.sha256.new"
    sync "$folder/.$2.new" "$folder/$2.tables" "$folder/$2.sha256.new"
    mv "$folder/$2.sha256.new" "$folder/$2.sha256"
    mv "$folder/.$2.new" "$folder/$2"
    rm -f "$1" "$1.restored"
    partial=''
}

tell_monitoring() { # DUMP
    [ -n "${LEGIS_TEXTFILE_DIR:-}" ] || return 0
    local new=$LEGIS_TEXTFILE_DIR/.legis_backup.prom.$$
    cat >"$new" <<METRICS
# HELP legis_backup_last_success_timestamp_seconds Unix time of the last verified backup
# TYPE legis_backup_last_success_timestamp_seconds gauge
legis_backup_last_success_timestamp_seconds $(date +%s)
# HELP legis_backup_size_bytes Size of the last verified backup
# TYPE legis_backup_size_bytes gauge
legis_backup_size_bytes $(stat -c %s "$1")
METRICS
    chmod 644 "$new"
    mv "$new" "$LEGIS_TEXTFILE_DIR/legis_backup.prom"
}

# The age is that of the name, which copying a file does not change.
prune() {
    local name limit kept
    kept=$(newest_intact) || { say "no intact backup in $LEGIS_BACKUP_DIR: none is removed" && return 0; }
    limit=legislativo-$(date -u -d "$keep_days days ago" +%Y%m%dT%H%M%SZ).dump
    for name in $(backups); do
        if [[ $name < $limit && $name != "$kept" ]]; then
            rm -f "$LEGIS_BACKUP_DIR/$name" "$LEGIS_BACKUP_DIR/$name".{tables,sha256}
            say "removed $name, older than $keep_days days"
        fi
    done
}

main() {
    parse "$@"
    take_lock
    if ! $prune_only; then
        local database stamp name
        database=$(database_name)
        stamp=$(date -u +%Y%m%dT%H%M%SZ)
        name=legislativo-$stamp.dump
        trap tidy_up EXIT
        trap 'exit 1' INT TERM HUP
        require_server
        drop_leftovers legis_verify
        rm -f "$LEGIS_BACKUP_DIR"/.legislativo-*.partial* "$LEGIS_BACKUP_DIR"/.legislativo-*.new "$LEGIS_BACKUP_DIR"/*.sha256.new
        [ ! -e "$LEGIS_BACKUP_DIR/$name" ] || die "$BUSY" "$name was taken this very second"
        partial=$LEGIS_BACKUP_DIR/.$name.partial
        say "dumping $database"
        dump_and_count "$database" "$partial"
        say "restoring it into a scratch database and comparing"
        verify "$partial" "$stamp"
        publish "$partial" "$name"
        tell_monitoring "$LEGIS_BACKUP_DIR/$name"
        say "verified: $(awk '{ rows += $2 } END { print NR - 1 " tables, " rows - $2 " rows" }' "$LEGIS_BACKUP_DIR/$name.tables")"
        printf '%s\n' "$LEGIS_BACKUP_DIR/$name"
    fi
    prune
}

main "$@"
