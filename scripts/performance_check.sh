#!/usr/bin/env bash
# Measures how fast the system answers now, and looks at what usually makes it slow.
#
# Usage: performance_check.sh [--json] [--help]
#
# Measures p50 and p95 of the key endpoints against the runbook's thresholds (p95 above 2 s: warning, above 5 s:
# critical). Looks at the slowest statements (mean above 1 s: warning), the share of pages read from disk (above 10 %,
# 50 %), dead rows (above 20 %, 50 % of a table of more than 10 000 rows) and the age of transaction ids.
#
# LEGIS_TARGET    local (default), compose or k8s; legis.sh --help has the names it uses
# LEGIS_REQUESTS  requests to each endpoint (default 20; five endpoints share the limit of 600 a minute)
#
# Exit status: 0 within every threshold · 1 above a warning's · 2 above a critical one's, no answer, or a wrong option
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/target.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/target.sh"

case "${1:-}" in
--help | -h) help_of "$0" ;;
'' | --json) check_target && LEGIS_BASE=$(api_url) python "$LEGIS_ROOT/scripts/lib/performance.py" "$@" ;;
*) die "$USAGE" "unknown option $1; --help lists all" ;;
esac
