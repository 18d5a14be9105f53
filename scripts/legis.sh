#!/usr/bin/env bash
# One door to the running system, the same words on every target: what an operator types in an incident.
#
# Usage: legis.sh COMMAND [ARGUMENTS]
#
#   ps                     processes and their health, for people
#   services               the same for programs: `name state` a line (ready, running, not-ready, dead)
#   logs [-n LINES] NAME…  the end of their logs (100 lines); every service's without a name
#   clients [--minutes N] [--most-refused]   who asked, by nginx's access log: requests, refusals, bytes (15 minutes)
#   stats                  processor and memory of each process
#   env NAME               settings of a service, without passwords
#   restart NAME…          one after the other, each ready before the next; in the cluster `indexer` is a part of `web`
#   stop nginx             close the public door; nothing inside stops
#   start nginx            open it again
#   reload nginx           load a changed certificate; no connection is cut or refused
#   scale web N            so many web processes; in the cluster at least so many, where an autoscaler decides
#   psql [ARGUMENTS]       on the database; pg_dump and pg_isready alike
#   redis-cli [ARGUMENTS]
#   api PATH [FIELD]       GET on the public API, as `/api/health`; only one field of the answer where one is named;
#                          status 22 for an answer of 400 and above, whose body is shown all the same
#
# LEGIS_TARGET     local (default: the run of `make run` in LEGIS_RUN_DIR, .run), compose or k8s
# LEGIS_API_URL    address of the API, where it is not the usual one of the target
# LEGIS_NAMESPACE, LEGIS_K8S_DB, LEGIS_K8S_REDIS, LEGIS_K8S_WEB, LEGIS_K8S_NGINX   names in the cluster
#                  (legis, statefulset/db, statefulset/redis, web:http, app.kubernetes.io/name=nginx)
#
# Exit status: that of the program that was run · 2 wrong command or setting · 4 nothing runs there
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"

readonly OURS=(web site indexer worker notifier exporter ingest-camara ingest-senado)
# In the cluster a new pod of `web` is ready once its indexer has read every bill.
readonly ROLLOUT_SECONDS=900

# The local launcher's own words.
run() { LEGIS_RUN_DIR=$LEGIS_RUN_DIR python "$LEGIS_ROOT/scripts/lib/launcher_run.py" "$@"; }

ps_() {
    case $LEGIS_TARGET in
    compose) compose ps -a ;;
    k8s) kube get pods,deployments,statefulsets -o wide ;;
    local) python -m legis_launcher status --run-dir "$LEGIS_RUN_DIR" ;;
    esac
}

services() {
    case $LEGIS_TARGET in
    compose)
        compose ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' | awk '
            $1 == "migrate" && $2 == "exited" && $NF == 0 { next }
            $2 != "running" { print $1, "dead"; next }
            { print $1, ($3 == "healthy" ? "ready" : $3 ~ /starting|unhealthy/ ? "not-ready" : "running") }'
        ;;
    k8s)
        kube get pods --selector app.kubernetes.io/name=web --no-headers \
            -o 'custom-columns=READY:.status.initContainerStatuses[?(@.name=="indexer")].ready' |
            awk '$1 == "true" { ready++ }
                END { if (NR) print "indexer", (ready == NR ? "ready" : ready > 0 ? "not-ready" : "dead") }'
        kube get deployments,statefulsets --no-headers \
            -o custom-columns=NAME:.metadata.name,WANTED:.spec.replicas,READY:.status.readyReplicas |
            awk '{ ready = $3 + 0; print $1, (ready >= $2 ? "ready" : ready > 0 ? "not-ready" : "dead") }'
        ;;
    local) run services ;;
    esac
}

logs() {
    local lines=100 name
    if [ "${1:-}" = -n ]; then
        lines=$2
        shift 2
    fi
    case $LEGIS_TARGET in
    compose) compose logs --no-color --timestamps --tail "$lines" "$@" ;;
    k8s)
        [ $# -gt 0 ] || set -- "${OURS[@]}"
        for name in "$@"; do kube logs --selector "$(pods_of "$name")" --container "$name" --prefix --tail "$lines"; done
        ;;
    local)
        [ $# -gt 0 ] || set -- "${OURS[@]}"
        for name in "$@"; do
            [ -f "$LEGIS_RUN_DIR/logs/$name.log" ] || die "$USAGE" "no log of $name in $LEGIS_RUN_DIR/logs"
            tail -n "$lines" "$LEGIS_RUN_DIR/logs/$name.log" | sed "s/^/$name | /"
        done
        ;;
    esac
}

# Its last minutes, from the volume and not from the container: the door may be closed. In the cluster of every pod.
access_log() { # MINUTES
    local reader=$LEGIS_ROOT/scripts/lib/access_log.sh
    case $LEGIS_TARGET in
    compose) compose run --rm --no-deps -T --entrypoint sh nginx -s -- /var/log/legis "$1" <"$reader" ;;
    k8s) kube logs --selector "${LEGIS_K8S_NGINX:-app.kubernetes.io/name=nginx}" --tail 200000 ;;
    local) sh "$reader" "$LEGIS_RUN_DIR/nginx" "$1" ;;
    esac
}

clients() {
    local minutes=15 words=("$@")
    while [ $# -gt 0 ]; do
        if [ "$1" = --minutes ]; then minutes=${2:-}; fi
        shift
    done
    [[ $minutes =~ ^[0-9]+$ ]] || die "$USAGE" "--minutes wants a number, not '$minutes'"
    access_log "$minutes" | python "$LEGIS_ROOT/scripts/lib/access_clients.py" "${words[@]}"
}

stats() {
    case $LEGIS_TARGET in
    compose) docker stats --no-stream ;;
    k8s) kube top pods --containers ;;
    local) run stats ;;
    esac
}

env_() {
    case $LEGIS_TARGET in
    compose) compose exec -T "$1" env ;;
    k8s) kube exec "$(deployments_of "$1")" --container "$1" -- env ;;
    local) tr '\0' '\n' <"/proc/$(pid_of "$1")/environ" ;;
    esac | ours_only | sed -E 's#(://[^:/@]*):[^@]*@#\1:***@#' | sort
}

# The Deployments in whose pods processes run, each once: every process in the container of its name.
deployments_of() { printf 'deployment/%s\n' "${@/#indexer/web}" | awk '!seen[$0]++'; }

# The label of the pods in which a process runs: by a Deployment `kubectl logs` looks at one pod of several.
pods_of() { printf 'app.kubernetes.io/name=%s\n' "${1/#indexer/web}"; }

# The names that .env.example has: the rest of an environment is the machine's business.
ours_only() {
    awk -F= 'NR == FNR { if (/^#[A-Z][A-Z0-9_]*=/) ours[substr($1, 2)]; next } $1 in ours' "$LEGIS_ROOT/.env.example" -
}

pid_of() {
    python -c 'import json, sys; print(json.load(open(sys.argv[1]))["processes"][sys.argv[2]]["pid"])' \
        "$LEGIS_RUN_DIR/state.json" "$1" 2>/dev/null || die "$USAGE" "no process is called $1"
}

restart() {
    local name
    [ $# -gt 0 ] || die "$USAGE" "restart what?"
    case $LEGIS_TARGET in
    compose) compose restart "$@" ;;
    k8s)
        for name in $(deployments_of "$@"); do
            kube rollout restart "$name"
            kube rollout status "$name" --timeout "${ROLLOUT_SECONDS}s"
        done
        ;;
    local) run restart "$@" ;;
    esac
}

# In the cluster the door is the Service of nginx: with one more label in its selector it leads to no pod. Without the
# nginx component it is the Service of `web`: LEGIS_K8S_DOOR=web.
door() { # stop|start NAME
    [ "${2:-}" = nginx ] || die "$USAGE" "only nginx can be stopped and started alone"
    local closed=null
    [ "$1" = start ] || closed='"closed"'
    case $LEGIS_TARGET in
    compose) compose "$1" nginx ;;
    k8s) kube patch service "${LEGIS_K8S_DOOR:-nginx}" --type merge -p "{\"spec\":{\"selector\":{\"legis/door\":$closed}}}" ;;
    local) run "$1" nginx ;;
    esac
}

# In the cluster a new certificate is loaded by what ends TLS there.
reload() {
    [ "${1:-}" = nginx ] || die "$USAGE" "only nginx can be reloaded"
    case $LEGIS_TARGET in
    compose) compose kill --signal HUP nginx ;;
    k8s) die "$USAGE" "in the cluster the ingress or the gateway ends TLS, and loads its certificates by itself" ;;
    local) run reload nginx ;;
    esac
}

scale() {
    [[ ${1:-} = web && ${2:-} =~ ^[0-9]+$ ]] || die "$USAGE" "scale web N"
    case $LEGIS_TARGET in
    compose) compose up -d --no-recreate --scale "web=$2" web ;;
    k8s) scale_in_cluster "$2" ;;
    local) die "$USAGE" "the launcher decides at its start: make stop, then LEGIS_WEB_PROCESSES=$2 make run" ;;
    esac
}

# An autoscaler would take another number of replicas back within seconds: its least is what counts.
scale_in_cluster() { # N
    if kube get horizontalpodautoscaler web --output name >/dev/null 2>&1; then
        kube patch horizontalpodautoscaler web --type merge -p "{\"spec\":{\"minReplicas\":$1}}"
    else
        kube scale deployment/web --replicas "$1"
        kube rollout status deployment/web --timeout "${ROLLOUT_SECONDS}s"
    fi
}

ask() { # PATH [FIELD]
    local status=0 body
    body=$(api "${1:?api PATH}") || status=$?
    if [ -n "${2:-}" ]; then
        body=$(python -c 'import json, sys; print(json.dumps(json.load(sys.stdin)[sys.argv[1]], indent=1))' "$2" <<<"$body")
    fi
    printf '%s\n' "$body"
    return "$status"
}

main() {
    local command=${1:-}
    [ $# -eq 0 ] || shift
    check_target
    case $command in
    ps) ps_ ;;
    env) env_ "${1:?env NAME}" ;;
    api) ask "$@" ;;
    services | logs | clients | stats | restart | reload | scale) "$command" "$@" ;;
    stop | start) door "$command" "$@" ;;
    psql | pg_dump | pg_isready) pg "$(database_name)" "$command" "$@" ;;
    redis-cli) redis_cli "$@" ;;
    --help | -h | help) help_of "$0" ;;
    *) die "$USAGE" "unknown command '$command'; --help lists all" ;;
    esac
}

main "$@"
