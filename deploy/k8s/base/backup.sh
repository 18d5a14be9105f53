#!/bin/sh
# Dumps the database at DATABASE_URL into LEGIS_BACKUP_DIR, reads the dump back, and removes old ones.
#
# Writes legislativo-<UTC time>.dump (pg_dump's custom format) and .dump.sha256, with the names of scripts/backup_database.sh.
# LEGIS_BACKUP_KEEP_DAYS (14): backups older than this go, once the new one is whole. Where there is no room for one more of the
# size of the last, they go before, all but the newest whole one; younger ones stay, and the dump fails if it does not fit.
# Exit status: 0 a backup exists and pg_restore can read all of it · 1 it failed, and nothing of it was kept · 2 a setting is wrong
set -eu
umask 077
: "${DATABASE_URL:?}" "${LEGIS_BACKUP_DIR:?}"
keep=${LEGIS_BACKUP_KEEP_DAYS:-14}
case $keep in '' | *[!0-9]*)
    echo "backup: LEGIS_BACKUP_KEEP_DAYS wants a number of days, not '$keep'" >&2
    exit 2
    ;;
esac
cd "$LEGIS_BACKUP_DIR"

# The age is that of the name, which copying a file does not change.
limit=legislativo-$(date -u -d "$keep days ago" +%Y%m%dT%H%M%SZ).dump
remove_old() { # NAME of the one that stays, however old
    for dump in legislativo-*.dump; do
        if [ "$dump" != "$1" ] && [ "$(printf '%s\n%s\n' "$dump" "$limit" | sort | head -n 1)" = "$dump" ]; then
            rm -f "$dump" "$dump.sha256" "$dump.tables"
            echo "backup: removed $dump, older than $keep days"
        fi
    done
}

make_room() { # removes nothing where no dump is whole
    last=$(find . -maxdepth 1 -name 'legislativo-*.dump' | sort | tail -n 1)
    if [ -z "$last" ] || [ "$(df -k --output=avail . | tail -n 1)" -gt "$(($(wc -c <"$last") / 1024))" ]; then return 0; fi
    for whole in $(find . -maxdepth 1 -name 'legislativo-*.dump' -printf '%f\n' | sort -r); do
        if sha256sum --status -c "$whole.sha256" 2>/dev/null; then
            echo "backup: less room than the $(wc -c <"$last") bytes of the last backup"
            remove_old "$whole"
            return 0
        fi
    done
}

name=legislativo-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f ".$name.partial" ".$name.sha256"' EXIT
trap 'exit 1' HUP INT TERM
rm -f .legislativo-*.partial .legislativo-*.sha256 # of a run that was killed
make_room

PGCONNECT_TIMEOUT=30 pg_dump --format=custom --compress=1 --no-owner --no-privileges --lock-wait-timeout=60s \
    --file=".$name.partial" "$DATABASE_URL"
# Reads every block: a dump that is cut or garbled fails here, not on the day it is needed.
pg_restore --no-owner --file=/dev/null ".$name.partial"

# The checksum has its name first: a dump without one never exists.
sum=$(sha256sum ".$name.partial")
printf '%s  %s\n' "${sum%% *}" "$name" >".$name.sha256"
sync ".$name.partial" ".$name.sha256"
mv ".$name.sha256" "$name.sha256"
mv ".$name.partial" "$name"
echo "backup: $name, $(wc -c <"$name") bytes"
remove_old "$name"
