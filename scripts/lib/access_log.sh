#!/bin/sh
# Prints nginx's access log of its last minutes: access.log, after those rotated files that reach into them.
#   access_log.sh FOLDER MINUTES
# Minutes count back from the last line that was written. Run where the files are, which may be a container: `sh -s -- … <this file`.
set -eu
cd "$1"

files() { find . -maxdepth 1 \( -name access.log -o -name 'access-*.log' -o -name 'access-*.log.gz' \) -size +0 -printf '%T@ %p\n' | sort -n; }

newest=$(files | tail -n 1)
# A file changed last when its last line was written; gzip keeps that time. nginx writes a line within a second.
since=$((${newest%%.*} - $2 * 60 - 60))
files | while read -r changed name; do
    [ "${changed%%.*}" -ge "$since" ] || continue
    case $name in
    *.gz) gzip -dc "$name" ;;
    *) cat "$name" ;;
    esac
done
