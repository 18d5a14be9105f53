#!/bin/sh
# Prints nginx's configuration: nginx.conf.template, filled in from the environment.
#   LEGIS_LISTEN           address and port to listen on, as 8080 or 127.0.0.1:8080
#   LEGIS_SERVERS          web processes, as `host:port host:port`
#   LEGIS_WEB_CONNECTIONS  requests at work in one web process, those that wait on purpose apart; the rest is refused
#   LEGIS_NGINX_DIR        an existing folder for the pid, temporary files and kept replies; the only one that is written to
#   LEGIS_TRUSTED_PROXIES  addresses and networks of proxies in front, whose X-Forwarded-For is believed; `10.0.0.0/8,::1`
#   LEGIS_CLIENT_RATE      requests a second of one client, kept replies too; beyond a burst of 100 more are refused
#   LEGIS_ACCESS_LOG       file of the access log; /dev/null for none
set -eu

: "${LEGIS_LISTEN:?}" "${LEGIS_SERVERS:?}" "${LEGIS_NGINX_DIR:?}"

# Each word of the rest with something before and after it.
each() {
    before=$1 after=$2
    shift 2
    for word; do printf '%s%s%s ' "$before" "$word" "$after"; done
}

# shellcheck disable=SC2046,SC2086 # words are split on purpose
exec sed \
    -e "s|\${LEGIS_LISTEN}|$LEGIS_LISTEN|" \
    -e "s|\${LEGIS_SERVERS}|$(each 'server ' " max_fails=0 max_conns=${LEGIS_WEB_CONNECTIONS:-64};" $LEGIS_SERVERS)|" \
    -e "s|\${LEGIS_WAITING_SERVERS}|$(each 'server ' ' max_fails=0;' $LEGIS_SERVERS)|" \
    -e "s|\${LEGIS_NGINX_DIR}|$LEGIS_NGINX_DIR|" \
    -e "s|\${LEGIS_TRUSTED_PROXIES}|$(each 'set_real_ip_from ' ';' $(echo "${LEGIS_TRUSTED_PROXIES:-}" | tr , ' '))|" \
    -e "s|\${LEGIS_CLIENT_RATE}|${LEGIS_CLIENT_RATE:-200}|" \
    -e "s|\${LEGIS_ACCESS_LOG}|${LEGIS_ACCESS_LOG:-/dev/stdout}|" \
    "$(dirname "$0")/nginx.conf.template"
