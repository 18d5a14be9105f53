#!/bin/sh
# Starts nginx in front of `web`, and keeps its list of web processes what DNS says: `--scale web=3` needs no more.
# nginx itself would ask for a name once, at its start. Here the name is asked for every second, and a list that changed
# is written and loaded; connections that are open go on where they are. An empty answer changes nothing: it is what a
# single process that restarts looks like.
#   LEGIS_WEB        name and port of the web processes, as web:5000
# and the settings of render.sh and rotate.sh, but for LEGIS_SERVERS.
# Once a minute the access log is rotated, and a certificate that changed is loaded.
set -eu

here=$(dirname "$0")
: "${LEGIS_WEB:?}" "${LEGIS_NGINX_DIR:?}"
port=${LEGIS_WEB##*:}
known=

addresses() { getent ahostsv4 "${LEGIS_WEB%:*}" | awk '{ print $1 }' | sort -u | tr '\n' ' '; }

# Nobody there yet: a closed door, which is answered with 503 and Retry-After.
write() {
    servers=
    for address in ${known:-127.0.0.1}; do servers="$servers $address:$port"; done
    LEGIS_SERVERS=$servers sh "$here/render.sh" >"$LEGIS_NGINX_DIR/new.conf"
    mv "$LEGIS_NGINX_DIR/new.conf" "$LEGIS_NGINX_DIR/nginx.conf"
}

certificate() { cksum "${LEGIS_TLS_DIR:-/nowhere}"/tls.crt 2>/dev/null || true; }

each_minute() {
    sh "$here/rotate.sh" || echo "the access log could not be rotated" >&2
    if [ "$(certificate)" != "$loaded" ]; then
        loaded=$(certificate)
        echo "the certificate changed" >&2
        kill -HUP $$
    fi
}

# $$ is the process that becomes nginx.
follow() {
    seconds=0
    loaded=$(certificate)
    while sleep 1; do
        seconds=$(((seconds + 1) % 60))
        [ "$seconds" != 0 ] || each_minute
        now=$(addresses)
        if [ -n "$now" ] && [ "$now" != "$known" ]; then
            echo "web is now at: $now" >&2
            known=$now
            write
            kill -HUP $$
        fi
    done
}

known=$(addresses)
write
follow &
exec nginx -e stderr -c "$LEGIS_NGINX_DIR/nginx.conf"
