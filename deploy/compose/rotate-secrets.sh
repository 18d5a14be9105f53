#!/bin/sh
# Gives PostgreSQL and Redis new passwords (the signing master key stays: every secret of a webhook hangs on it), and restarts with them who uses them: run it while the deployment is up.
# The API answers from kept replies meanwhile, or 503 with Retry-After, for some seconds. Run again, it rotates again;
# where it was interrupted, running it once more completes it, since the operator's way into the database needs no
# password (the socket inside its container).
set -eu

cd "$(dirname "$0")"
here=.
# shellcheck source-path=SCRIPTDIR source=folders.sh
. ./folders.sh
folder=$(folder_of LEGIS_SECRETS_DIR secrets)
[ -s "$folder/postgres_password" ] || { echo "there are no secrets in $folder: run make-secrets.sh" >&2; exit 1; }

for name in postgres_password postgres_exporter_password redis_password redis_app_password redis_exporter_password \
    web_database_password worker_database_password indexer_database_password notifier_database_password; do
    rm -f "$folder/$name"
done
./make-secrets.sh

# Through standard input, so that no password is on a command line or in the log of statements.
docker compose exec -T db psql -qX -v ON_ERROR_STOP=1 -U postgres -d legislativo <<SQL
SET log_min_duration_statement = -1;
SET pg_stat_statements.track = 'none';
ALTER ROLE postgres PASSWORD '$(cat "$folder/postgres_password")';
ALTER ROLE legis_exporter PASSWORD '$(cat "$folder/postgres_exporter_password")';
SQL
# The roles of our processes have theirs from the one that makes them.
docker compose run --rm --no-deps -T migrate

# A file that was replaced is seen by a container that is made again. The database's own copy is read only when it is made.
using=$(docker compose ps --services | grep -x -e redis -e web -e indexer -e worker -e notifier -e exporter -e standby -e 'ingest-.*' -e '.*-exporter' | tr '\n' ' ')
webs=$(docker compose ps -q web | wc -l)
# shellcheck disable=SC2086  # one word for each service
docker compose up -d --force-recreate --wait --wait-timeout 180 --scale "web=$webs" $using
echo "PostgreSQL and Redis have new passwords; made again: $using"
