#!/bin/sh
# Probes the public API from outside, and tells a dead man's switch where it succeeded: outside-probe.sh URL [SWITCH]
# Good is an answer of 200 within 5 s and, over HTTPS, a certificate that holds for 14 more days. Needs curl and openssl.
# Exit status: 0 good · 1 not good, the reason on standard error · 2 wrong arguments
set -eu

url=${1:-} switch=${2:-}
case $url in http://* | https://*) ;; *) echo "usage: $0 URL [SWITCH]" >&2 && exit 2 ;; esac

status=$(curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' ${LEGIS_CA:+--cacert "$LEGIS_CA"} "$url") || true
[ "$status" = 200 ] || { echo "$url answered $status" >&2 && exit 1; }

case $url in https://*)
    host=${url#https://} host=${host%%/*}
    case $host in *:*) ;; *) host=$host:443 ;; esac
    echo | openssl s_client -connect "$host" -servername "${host%:*}" 2>/dev/null |
        openssl x509 -noout -checkend $((14 * 86400)) >/dev/null ||
        { echo "the certificate of $host ends within 14 days" >&2 && exit 1; }
    ;;
esac

[ -z "$switch" ] || curl --silent --show-error --fail --output /dev/null --max-time 10 "$switch"
