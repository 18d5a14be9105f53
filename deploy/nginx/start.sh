#!/bin/sh
# Starts nginx in front of `web`, and keeps its list of web processes what DNS says: `--scale web=3` needs no more.
# nginx itself would ask for a name once, at its start. Here the name is asked for every second, and a list that changed
# is written and loaded; connections that are open go on where they are. An empty answer changes nothing: it is what a
# single process that restarts looks like.
#   LEGIS_WEB        name and port of the web processes, as web:5000
# and the settings of render.sh, but for LEGIS_SERVERS.
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

# $$ is the process that becomes nginx.
follow() {
    while sleep 1; do
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
