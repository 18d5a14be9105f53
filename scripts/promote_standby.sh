#!/usr/bin/env bash
# Makes the standby that has received most of the log the primary, after the primary is lost.
#
# Usage: promote_standby.sh [--look] [--help]
#
#   --look   show every server, its role and how much it has received, and change nothing
#
# First make sure that the old primary cannot come back by itself: stop its machine, or its service. This script sees
# only whether it answers. While any server answers as a primary nothing is promoted.
#
# DATABASE_URL   names every server: postgresql://user@one:5432,two:5432/legislativo; without it the run of `make run`.
#                The user must be a superuser, or have EXECUTE on pg_promote and the role pg_monitor.
#
# What was confirmed to a writer is on the promoted server when commits wait for a standby (synchronous_standby_names)
# and all servers answer but one, the lost primary. Otherwise the newest changes may be lost: then the store's epoch is
# renewed, so that ingest publishes again and readers of the change log know that it went back.
#
# An `incomplete` standby was following a new primary and has not received again what it had: PostgreSQL would crash on
# promoting it, so it is never chosen.
#
# Exit status: 0 a server takes writes: one was promoted, or there was one · 1 the promotion failed, or no standby is complete
#              2 wrong option or setting · 4 no server answers
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"

readonly PROMOTE_SECONDS=60
look=false
before='' after='' hosts=()

parse() {
    while [ $# -gt 0 ]; do
        case $1 in
        --look) look=true ;;
        --help | -h) help_of "$0" && exit ;;
        *) die "$USAGE" "unknown option $1; --help lists all" ;;
        esac
        shift
    done
}

# The parts of the URL before and after its hosts, and the hosts. A wanted role would hide the servers of the other one.
take_apart() {
    local url
    url=$(local_database_url) || exit
    [[ $url =~ ^([a-z]+://([^/]*@)?)([^/@]+)(/.*)$ ]] || die "$USAGE" "DATABASE_URL is no URL with hosts and a database"
    IFS=, read -ra hosts <<<"${BASH_REMATCH[3]}"
    before=${BASH_REMATCH[1]} after=$(sed -E 's/target_session_attrs=[a-z-]*&?//; s/[?&]$//' <<<"${BASH_REMATCH[4]}")
}

# One statement on one server.
on() { # HOST STATEMENT
    LEGIS_TARGET=local DATABASE_URL="$before$1$after" sql "$(DATABASE_URL="$before$1$after" database_name)" "$2"
}

# `bytes role host` of each server, the one with most last. pg_last_wal_receive_lsn() alone is nothing on a standby that
# was restarted while the primary was away. After a change of timeline a standby receives the segment from its beginning
# into a new file; promoted before that file has all that was replayed, PostgreSQL 18 ends with "PANIC: invalid magic number".
servers() {
    local host found
    for host in "${hosts[@]}"; do
        found=$(on "$host" "SELECT CASE WHEN pg_is_in_recovery()
            THEN (greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0') ||
                CASE WHEN pg_last_wal_receive_lsn() < pg_last_wal_replay_lsn() AND (
                    SELECT max(('x' || left(name, 8))::bit(32)::int) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'
                ) > (
                    SELECT greatest(c.timeline_id, r.min_recovery_end_timeline)
                    FROM pg_control_checkpoint() c, pg_control_recovery() r
                ) THEN ' incomplete' ELSE ' standby' END
            ELSE (pg_current_wal_lsn() - '0/0') || ' primary' END" 2>/dev/null) || found="0 silent"
        printf '%s %s\n' "$found" "$host"
    done | sort -n
}

# Whether everything that was confirmed is on the promoted server. ABSENT servers are silent or incomplete.
nothing_lost() { # HOST ABSENT
    [ "$2" -le 1 ] && [ "$(on "$1" "SELECT current_setting('synchronous_standby_names') <> ''
        AND current_setting('synchronous_commit') NOT IN ('off', 'local')")" = t ]
}

promote() { # HOST ABSENT
    say "promoting $1"
    [ "$(on "$1" "SELECT pg_promote(true, $PROMOTE_SECONDS)")" = t ] || die "$FAILED" "$1 was not promoted within $PROMOTE_SECONDS s"
    if nothing_lost "$1" "$2"; then
        say "commits were confirmed by a standby, and all others answer: nothing is lost, the epoch stays"
    else
        # not waiting for a standby: there may be none
        on "$1" "SET synchronous_commit = local; UPDATE store_epoch SET epoch = gen_random_uuid()"
        say "the newest changes may be lost: the epoch is renewed, and ingest publishes again what is missing"
    fi
    [ "$2" -lt $((${#hosts[@]} - 1)) ] ||
        say "no standby is left: where commits wait for one (synchronous_standby_names), nothing is stored before one joins"
}

main() {
    local found absent chosen
    parse "$@"
    take_apart
    found=$(servers)
    printf '%s\n' "$found" | awk '{ print $3, $2, $1 }'
    absent=$(grep -cE ' (silent|incomplete) ' <<<"$found" || true)
    if grep -q ' primary ' <<<"$found"; then
        say "a server takes writes: nothing is promoted"
        return
    fi
    chosen=$(awk '$2 == "standby" { chosen = $3 } END { print chosen }' <<<"$found")
    if [ -z "$chosen" ]; then
        grep -q ' incomplete ' <<<"$found" || die "$UNREACHABLE" "no server answers: ${hosts[*]}"
        "$look" && return
        die "$FAILED" "no standby is complete, and PostgreSQL would crash on promoting one; the runbook's scenario 8 has what to do"
    fi
    "$look" || promote "$chosen" "$absent"
}

main "$@"
