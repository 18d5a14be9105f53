#!/bin/sh
# Makes a self-signed certificate for HOST, tls.crt and tls.key, in `tls` beside this script, or in LEGIS_TLS_DIR of
# the environment or of `.env`, for the TLS layer.
#   make-certificate.sh [--force] [--days DAYS] HOST
# What exists is kept unless --force is given: a certificate of an authority must not be lost. DAYS is 30. For clients that are
# told of it; others need one of an authority (docs/deployment/nginx.md). nginx loads a new one within a minute.
set -eu
umask 077

here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=folders.sh
. "$here/folders.sh"
folder=$(folder_of LEGIS_TLS_DIR tls)
force='' days=30
while [ $# -gt 1 ]; do
    case $1 in
    --force) force=yes && shift ;;
    --days) days=$2 && shift 2 ;;
    *) break ;;
    esac
done
host=${1:?usage: make-certificate.sh [--force] [--days DAYS] HOST}
mkdir -p "$folder"
if [ -s "$folder/tls.crt" ] && [ -z "$force" ]; then
    echo "$folder/tls.crt is there and is kept (--force replaces it)"
    exit
fi
case $host in *[!0-9.]*) name=DNS:$host ;; *) name=IP:$host ;; esac
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "$days" -subj "/CN=$host" \
    -addext "subjectAltName=$name" -keyout "$folder/.tls.key" -out "$folder/.tls.crt" 2>/dev/null
# nginx in its container is another user; the folder is its owner's alone
chmod 711 "$folder"
chmod 444 "$folder/.tls.key" "$folder/.tls.crt"
mv -f "$folder/.tls.key" "$folder/tls.key"
mv -f "$folder/.tls.crt" "$folder/tls.crt"
echo "$folder/tls.crt is made: $host, $days days, self-signed"
