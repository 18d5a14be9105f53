#!/bin/sh
# Keeps the access log of LEGIS_ACCESS_LOG_DIR within limits. Called once a minute by start.sh; does nothing without a folder.
#   LEGIS_ACCESS_LOG_DAYS     days after which a rotated file is removed (180)
#   LEGIS_ACCESS_LOG_MB       size of all rotated files together, in MB, above which the oldest is removed (4096)
#   LEGIS_ACCESS_LOG_FILE_MB  size of access.log, in MB, at which it is rotated (64); a day's end rotates it too
# nginx is told to open a new file before the old one is compressed, so no line is lost.
set -eu

folder=${LEGIS_ACCESS_LOG_DIR:-}
[ -n "$folder" ] && [ -s "$folder/access.log" ] || exit 0

rotated() { find "$folder" -maxdepth 1 -name 'access-*.log.gz' "$@" | sort; }

bytes=$(wc -c <"$folder/access.log")
# The day on which the file began stands in its first line.
began=$(head -c 64 "$folder/access.log" | sed -n 's/^{"timestamp":"\([0-9-]*\)T.*/\1/p')
if [ "$bytes" -ge $((${LEGIS_ACCESS_LOG_FILE_MB:-64} * 1048576)) ] || { [ -n "$began" ] && [ "$began" != "$(date +%F)" ]; }; then
    name=$folder/access-$(date +%Y%m%dT%H%M%S).log
    mv "$folder/access.log" "$name"
    # Until nginx has opened a new file the old one may still be written to; where nginx is down, nobody writes.
    tries=50
    kill -USR1 "$(cat "${LEGIS_NGINX_DIR:?}/nginx.pid" 2>/dev/null)" 2>/dev/null || tries=0
    while [ ! -e "$folder/access.log" ] && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    sleep 1 # a worker writes what it has buffered when it opens the new file
    gzip "$name"
fi

rotated -mtime "+$((${LEGIS_ACCESS_LOG_DAYS:-180} - 1))" -exec rm -f {} +
while [ "$(rotated | xargs -r du -cm | awk 'END { print $1 + 0 }')" -gt "${LEGIS_ACCESS_LOG_MB:-4096}" ]; do
    rm -f "$(rotated | head -n 1)"
done
