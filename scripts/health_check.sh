#!/usr/bin/env bash
# Looks at the whole system once and says whether it is healthy, degraded or down.
#
# Usage: health_check.sh [--json] [--help]
#
# Looks at: every process, the public API's own health, the database, Redis, the freshness, circuit and dead letters of
# each chamber, the backlog of the stream, and the age of the newest backup where LEGIS_BACKUP_DIR is set.
#
# LEGIS_TARGET         local (default), compose or k8s; legis.sh --help has the names it uses
# LEGIS_BACKLOG_LIMIT  entries on the stream that degrade (default 10000, half of STREAM_CAPACITY)
# LEGIS_BACKUP_HOURS   age of the newest backup that degrades (default 26)
#
# Exit status: 0 healthy · 1 degraded: it serves, something needs a look · 2 down: nobody is served, or a wrong option
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"

case "${1:-}" in
--help | -h) help_of "$0" ;;
'' | --json) check_target && python "$LEGIS_ROOT/scripts/lib/health.py" "$@" ;;
*) die "$USAGE" "unknown option $1; --help lists all" ;;
esac
