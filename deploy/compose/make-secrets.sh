#!/bin/sh
# Makes the secrets of the compose deployment, one file each, in `secrets` beside this script, or in LEGIS_SECRETS_DIR of the
# environment or of `.env`.
# What exists is kept; run it again after an upgrade. The folder is its owner's alone: the files inside must be readable
# by the users of several containers, which get one file each.
set -eu
umask 077

here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=folders.sh
. "$here/folders.sh"
folder=$(folder_of LEGIS_SECRETS_DIR secrets)
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
value() { cat "$folder/$1"; }
digest() { printf %s "$1" | sha256sum | cut -d' ' -f1; }

# keep NAME: a random one unless it is there
keep() { [ -s "$folder/$1" ] || random | put "$1"; }

# put NAME: from standard input, whole or not at all
put() {
    cat >"$folder/.$1"
    chmod 444 "$folder/.$1"
    mv -f "$folder/.$1" "$folder/$1"
}

fresh=no
[ -s "$folder/postgres_password" ] || fresh=yes
for name in postgres_password postgres_exporter_password redis_password redis_app_password redis_exporter_password \
    grafana_admin_password sms_gateway_token web_database_password worker_database_password indexer_database_password \
    notifier_database_password signing_master_key; do
    keep "$name"
done

# From outside: Alertmanager starts with these, and nobody is reached until the real ones are put in their place.
given() { [ -s "$folder/$1" ] || { printf %s "$2" | put "$1" && echo "put the real one into $folder/$1"; }; }
given smtp_password unknown
given slack_webhook_url http://slack.invalid/
given sms_provider_credentials user:password
given sms_numbers '{"devops-lead": "", "senior-dev-1": "", "senior-dev-2": "", "qa-lead": "", "on-call-rotation": ""}'
given watchdog_url none
# The mail server of subscriptions by e-mail; empty: there is none.
[ -e "$folder/smtp_url" ] || printf '' | put smtp_url
# Where backups go (the backup layer). Keep the pass elsewhere too: without it no backup can be read.
repository() {
    printf '[global]\nrepo1-s3-endpoint=s3.example\nrepo1-s3-region=us-east-1\nrepo1-s3-bucket=legis-backup\n'
    printf 'repo1-s3-key=unknown\nrepo1-s3-key-secret=unknown\nrepo1-cipher-pass=%s\n' "$(random)"
}
given pgbackrest_repo "$(repository)"

# The owner's address may be of a database elsewhere: it is kept, unless its password was made again or the file removed.
if [ "$fresh" = yes ] || [ ! -s "$folder/database_url" ]; then
    printf 'postgresql://postgres:%s@db:5432/legislativo' "$(value postgres_password)" | put database_url
fi
# Made from the passwords, so made again each time.
# Each process goes to the database as its own role, which `migrate` makes.
role_url() { printf 'postgresql://legis_%s:%s@db:5432/legislativo' "$1" "$(value "$1_database_password")"; }
role_url web | put web_database_url
role_url web | sed 's/@db:/@standby:/' | put web_database_read_url
role_url worker | put worker_database_url
role_url indexer | put indexer_database_url
role_url notifier | put notifier_database_url
printf 'redis://legis:%s@redis:6379/0' "$(value redis_app_password)" | put redis_url
exporter=$(value redis_exporter_password)
# once with the user and once without: versions of the exporter look for one or the other
printf '{"redis://exporter@redis:6379": "%s", "redis://redis:6379": "%s"}' "$exporter" "$exporter" | put redis_exporter_passwords
# The operator may do everything; our processes nothing that empties or reconfigures; the exporter only looks.
put redis_acl <<ACL
user default on #$(digest "$(value redis_password)") ~* &* +@all
user legis on #$(digest "$(value redis_app_password)") ~* &* +@all -@admin -@dangerous +info
user exporter on #$(digest "$(value redis_exporter_password)") ~* resetchannels -@all +@connection +info +config|get +slowlog|get +slowlog|len +latency|latest +latency|histogram +client|list +xinfo +xlen +memory|usage +scan +type +dbsize
ACL
echo "secrets are in $folder"
