#!/bin/sh
# Prints nginx's configuration: nginx.conf.template, filled in from the environment.
#   LEGIS_LISTEN             address and port to listen on, as 8080 or 127.0.0.1:8080
#   LEGIS_SERVERS            web processes, as `host:port host:port`
#   LEGIS_PAGES              processes of the pages (site), in the same form; where empty, web answers `/` too
#   LEGIS_WEB_CONNECTIONS    requests at work in one web process, those that wait on purpose apart; the rest is refused
#   LEGIS_CLIENT_CONNECTIONS requests of one client at a time, fewer than LEGIS_WEB_CONNECTIONS; those that wait on purpose apart
#   LEGIS_NGINX_DIR          an existing folder for the pid, temporary files and kept replies; the only one that is written to
#   LEGIS_TRUSTED_PROXIES    addresses and networks of proxies in front, whose X-Forwarded-For is believed; `10.0.0.0/8,::1`
#   LEGIS_CLIENT_RATE        requests a second of one client, kept replies too; beyond a burst of 100 more are refused
#   LEGIS_DENIED             addresses and networks of clients that are answered 403, whatever they ask
#   LEGIS_ACCESS_LOG         file of the access log; /dev/null for none
#   LEGIS_ACCESS_LOG_DIR     folder of a second access log, access.log, which rotate.sh keeps within limits; none where empty
#   LEGIS_STATUS_LISTEN      address and port of nginx's own figures (stub_status), not to be published; none where empty
#   LEGIS_TLS_LISTEN         address and port for HTTPS, with tls.crt and tls.key of LEGIS_TLS_DIR; none where empty
#   LEGIS_REDIRECT_LISTEN    address and port that redirect to HTTPS and serve the ACME challenges in LEGIS_ACME_DIR
#   LEGIS_HTTPS_PORT         port at which clients reach LEGIS_TLS_LISTEN, an address before it or none; where they are sent (443)
set -eu

: "${LEGIS_LISTEN:?}" "${LEGIS_SERVERS:?}" "${LEGIS_NGINX_DIR:?}"

# Each word of the rest with something before and after it.
each() {
    before=$1 after=$2
    shift 2
    for word; do printf '%s%s%s ' "$before" "$word" "$after"; done
}

words() { echo "${1:-}" | tr , ' '; }

# What stands in one line only where it is wanted: the template has no conditions.
file='' status='' tls='' redirect='' https=:${LEGIS_HTTPS_PORT:-443}
https=:${https##*:}
[ "$https" != :443 ] || https=''
[ -z "${LEGIS_ACCESS_LOG_DIR:-}" ] || file="access_log $LEGIS_ACCESS_LOG_DIR/access.log forensic buffer=64k flush=1s;"
[ -z "${LEGIS_STATUS_LISTEN:-}" ] || status="server { listen $LEGIS_STATUS_LISTEN; access_log off; stub_status; }"
# `listen … http2` is understood by nginx 1.22 (Debian 12) and newer; `http2 on` only from 1.25.
[ -z "${LEGIS_TLS_LISTEN:-}" ] || tls="listen $LEGIS_TLS_LISTEN ssl http2; ssl_certificate ${LEGIS_TLS_DIR:?}/tls.crt; \
ssl_certificate_key $LEGIS_TLS_DIR/tls.key; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:10m;"
[ -z "${LEGIS_REDIRECT_LISTEN:-}" ] || redirect="server { listen $LEGIS_REDIRECT_LISTEN; location /.well-known/acme-challenge/ \
{ root ${LEGIS_ACME_DIR:-/var/empty}; } location / { return 308 https://\$host$https\$request_uri; } }"

# Without pages web answers `/`, and what keeps it from that is told as JSON.
away=@away too_many=@too_many
[ -z "${LEGIS_PAGES:-}" ] || away=/internal/maintenance.html too_many=/internal/too-many.html

# shellcheck disable=SC2046,SC2086 # words are split on purpose
exec sed \
    -e "s|\${LEGIS_LISTEN}|$LEGIS_LISTEN|" \
    -e "s|\${LEGIS_SERVERS}|$(each 'server ' " max_fails=0 max_conns=${LEGIS_WEB_CONNECTIONS:-44};" $LEGIS_SERVERS)|" \
    -e "s|\${LEGIS_WAITING_SERVERS}|$(each 'server ' ' max_fails=0;' $LEGIS_SERVERS)|" \
    -e "s|\${LEGIS_PAGES_SERVERS}|$(each 'server ' ' max_fails=0;' ${LEGIS_PAGES:-$LEGIS_SERVERS})|" \
    -e "s|\${LEGIS_PAGES_AWAY}|$away|" \
    -e "s|\${LEGIS_PAGES_TOO_MANY}|$too_many|" \
    -e "s|\${LEGIS_NGINX_FILES}|$(cd "$(dirname "$0")" && pwd)|" \
    -e "s|\${LEGIS_NGINX_DIR}|$LEGIS_NGINX_DIR|" \
    -e "s|\${LEGIS_TRUSTED_PROXIES}|$(each 'set_real_ip_from ' ';' $(words "${LEGIS_TRUSTED_PROXIES:-}"))|" \
    -e "s|\${LEGIS_TRUSTED_PEERS}|$(each '' ' 1;' $(words "${LEGIS_TRUSTED_PROXIES:-}"))|" \
    -e "s|\${LEGIS_DENIED}|$(each '' ' 1;' $(words "${LEGIS_DENIED:-}"))|" \
    -e "s|\${LEGIS_CLIENT_RATE}|${LEGIS_CLIENT_RATE:-200}|" \
    -e "s|\${LEGIS_CLIENT_CONNECTIONS}|${LEGIS_CLIENT_CONNECTIONS:-32}|" \
    -e "s|\${LEGIS_ACCESS_LOG}|${LEGIS_ACCESS_LOG:-/dev/stdout}|" \
    -e "s|\${LEGIS_ACCESS_LOG_FILE}|$file|" \
    -e "s|\${LEGIS_STATUS_SERVER}|$status|" \
    -e "s|\${LEGIS_TLS_LISTEN}|$tls|" \
    -e "s|\${LEGIS_REDIRECT_SERVER}|$redirect|" \
    "$(dirname "$0")/nginx.conf.template"
