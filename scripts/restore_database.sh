#!/usr/bin/env bash
# Restores the database from a backup, beside the one that is there, and puts it in its place once it is proved equal.
#
# Usage: restore_database.sh [--force] [--keep-old] [--help] [FILE|latest]
#
#   FILE         a dump of backup_database.sh; `latest` (the default) is the newest intact one in LEGIS_BACKUP_DIR
#   --force      go on although the database holds rows, which are lost
#   --keep-old   leave the replaced database under the name <database>_old_<UTC time>, to be looked at
#
# The checksum is verified first. The dump fills a new database, whose rows are counted and hashed against the list of
# the backup; its store epoch is renewed, which voids what ingest remembers, so that everything is read again. Only then
# sessions are cut and the names are swapped in one transaction. Whatever fails before that leaves the old database as
# it was. Afterwards restart `web`, `worker` and ingest: what they hold in memory is of the old contents. The indexer sees
# the new epoch and builds the search index again by itself, in three minutes for 1.2 million bills: until then lists answer
# 503 and a restarted `web` is not ready, so wait for it that long before you call the restore a failure.
#
# LEGIS_TARGET, LEGIS_DATABASE, LEGIS_BACKUP_DIR, LEGIS_JOBS: as for backup_database.sh.
#
# Exit status: 0 restored · 1 failed, the old database is in place · 2 wrong option or setting
#              3 another run holds the lock · 4 the server does not answer
#              5 the backup is damaged or differs from its list · 6 the database holds rows and --force was not given
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"
# shellcheck source-path=SCRIPTDIR source=lib/database.sh
. "$LEGIS_ROOT/scripts/lib/database.sh"

readonly NOT_EMPTY=6
force=false
keep_old=false
wanted=latest
fresh=''
closed=''

parse() {
    while [ $# -gt 0 ]; do
        case $1 in
        --force) force=true ;;
        --keep-old) keep_old=true ;;
        --help | -h) help_of "$0" && exit ;;
        -*) die "$USAGE" "unknown option $1; --help lists all" ;;
        *) wanted=$1 ;;
        esac
        shift
    done
    check_target
}

tidy_up() {
    local status=$?
    trap - EXIT
    [ -z "$closed" ] || sql postgres "ALTER DATABASE \"$closed\" WITH ALLOW_CONNECTIONS true" || true
    [ -z "$fresh" ] || drop_database "$fresh" || say "$fresh was left behind; the next run drops it"
    exit "$status"
}

# Path of the dump, proved to be what was written.
choose_dump() {
    local name
    if [ "$wanted" = latest ]; then
        name=$(newest_intact) || die "$DAMAGED" "no intact backup in $LEGIS_BACKUP_DIR"
        printf '%s\n' "$LEGIS_BACKUP_DIR/$name"
        return
    fi
    [ -f "$wanted" ] || wanted=$LEGIS_BACKUP_DIR/$wanted
    [ -f "$wanted" ] || die "$USAGE" "there is no file $wanted"
    is_intact "$wanted" || die "$DAMAGED" "$wanted is not what its .sha256 says"
    readlink -f "$wanted"
}

exists() { [ -n "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

# Rows in any table but those that a migration fills by itself.
holds_rows() { # DATABASE
    fingerprint "$1" | awk '$1 !~ /^(alembic_version|change_counter|store_epoch|\(schema\))$/ && $2 > 0 { found = 1 } END { exit !found }'
}

compare() { # DATABASE DUMP
    local restored
    if [ ! -f "$2.tables" ]; then
        say "this backup has no list of its tables: only its checksum is proved"
        return
    fi
    restored=$(fingerprint "$1") || die "$DAMAGED" "the restored database cannot be read"
    diff "$2.tables" <(printf '%s\n' "$restored") >&2 || die "$DAMAGED" "the restored database differs from the list of the backup"
}

# Nobody may come between the cut and the swap, or the names could not change.
swap() { # DATABASE FRESH OLD
    if exists "$1"; then
        sql postgres "ALTER DATABASE \"$1\" WITH ALLOW_CONNECTIONS false"
        closed=$1
        sql postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('$1', '$2')" >/dev/null
        await_no_session "$1"
        pg postgres psql -XAtq -v ON_ERROR_STOP=1 -1 -c "ALTER DATABASE \"$1\" RENAME TO \"$3\"" \
            -c "ALTER DATABASE \"$2\" RENAME TO \"$1\""
        closed=''
    else
        sql postgres "ALTER DATABASE \"$2\" RENAME TO \"$1\""
    fi
    fresh=''
}

await_no_session() { # DATABASE
    local tries
    for tries in $(seq 100); do
        [ "$(sql postgres "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1'")" = 0 ] && return
        sleep 0.1
    done
    die "$FAILED" "$1 still has sessions after $((tries / 10)) s"
}

main() {
    parse "$@"
    take_lock
    local database dump stamp old
    database=$(database_name)
    dump=$(choose_dump)
    stamp=$(date -u +%Y%m%dt%H%M%Sz)
    old=${database}_old_$stamp
    require_server
    if exists "$database" && ! $force && holds_rows "$database"; then
        die "$NOT_EMPTY" "$database holds rows; --force replaces it"
    fi
    trap tidy_up EXIT
    trap 'exit 1' INT TERM HUP
    drop_leftovers "${database}_restore"
    fresh=${database}_restore_$stamp
    say "restoring $(basename "$dump") into $fresh"
    create_database "$fresh"
    fill_database "$fresh" "$dump" || die "$DAMAGED" "the dump does not restore; $database is as it was"
    say "comparing rows and checksums of every table"
    compare "$fresh" "$dump"
    sql "$fresh" 'UPDATE public.store_epoch SET epoch = gen_random_uuid()'
    sql "$fresh" 'ANALYZE'
    grant_roles "$fresh"
    say "putting it in the place of $database"
    swap "$database" "$fresh" "$old"
    if exists "$old"; then
        if $keep_old; then
            sql postgres "ALTER DATABASE \"$old\" WITH ALLOW_CONNECTIONS true"
            say "the replaced database is $old"
        else
            drop_database "$old"
        fi
    fi
    say "restored. Now restart what holds the old contents in memory: scripts/legis.sh restart worker web ingest-camara ingest-senado"
    say "the indexer builds the search index again by itself: lists answer 503 until then, for some minutes"
}

main "$@"
