#!/bin/sh
# Starts nginx in front of `web` and `site`, and keeps its lists of their processes what DNS says: `--scale web=3` needs no more.
# nginx itself would ask for a name once, at its start. Here the name is asked for every second, and a list that changed
# is written and loaded; connections that are open go on where they are. An empty answer changes nothing: it is what a
# single process that restarts looks like.
#   LEGIS_WEB        name and port of the web processes, as web:5000
#   LEGIS_SITE       the same of the pages, as site:5006; none where empty
# and the settings of render.sh and rotate.sh, but for LEGIS_SERVERS and LEGIS_PAGES.
# Once a minute the access log is rotated, and a certificate that changed is loaded.
set -eu

here=$(dirname "$0")
: "${LEGIS_WEB:?}" "${LEGIS_NGINX_DIR:?}"
known=""
pages=""

# Of a name with a port: `address:port` for each address that it has now.
addresses() {
    [ -z "$1" ] || getent ahostsv4 "${1%:*}" | awk -v port="${1##*:}" '{ print $1 ":" port }' | sort -u | tr '\n' ' '
}

# Nobody there yet: a closed door, which is answered with 503 and Retry-After.
write() {
    nobody=127.0.0.1:${LEGIS_WEB##*:}
    LEGIS_SERVERS=${known:-$nobody} LEGIS_PAGES=${pages:-${LEGIS_SITE:+$nobody}} sh "$here/render.sh" >"$LEGIS_NGINX_DIR/new.conf"
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
        web_now=$(addresses "$LEGIS_WEB") pages_now=$(addresses "${LEGIS_SITE:-}")
        web_now=${web_now:-$known} pages_now=${pages_now:-$pages}
        if [ "$web_now" != "$known" ] || [ "$pages_now" != "$pages" ]; then
            echo "web is now at: $web_now${pages_now:+; site at: $pages_now}" >&2
            known=$web_now pages=$pages_now
            write
            kill -HUP $$
        fi
    done
}

known=$(addresses "$LEGIS_WEB")
pages=$(addresses "${LEGIS_SITE:-}")
write
follow &
exec nginx -e stderr -c "$LEGIS_NGINX_DIR/nginx.conf"
