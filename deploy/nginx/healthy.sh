#!/bin/bash
# Exit status 0 when nginx itself answers on this port. It asks nothing of `web`: nginx serves kept replies without it.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${LEGIS_LISTEN:?}"
printf 'GET /internal/nginx HTTP/1.0\r\n\r\n' >&3
read -rt 4 status <&3
[[ $status == HTTP/1.1\ 200\ * ]]
