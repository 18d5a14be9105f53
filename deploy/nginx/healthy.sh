#!/bin/bash
# Exit status 0 when nginx answers on this port, whatever it says: how `web` is stands beside `web`.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${LEGIS_LISTEN:?}"
printf 'GET /api/health/live HTTP/1.0\r\n\r\n' >&3
read -rt 4 status <&3
[[ $status == HTTP/1.1\ * ]]
