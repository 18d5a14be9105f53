#!/bin/sh
# Prints the Secrets of the in-cluster PostgreSQL and Redis, with new random passwords, for `kubectl apply -f -`.
#
# Usage: dev-secrets.sh | kubectl -n legis-dev apply -f -
# Only before the first start: PostgreSQL keeps the password it was made with.
set -eu
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
database=$(password)
web=$(password)
worker=$(password)
indexer=$(password)
notifier=$(password)
redis=$(password)
cat <<SECRETS
apiVersion: v1
kind: Secret
metadata:
  name: legis-database-app
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  uri: postgresql://postgres:$database@db:5432/legislativo
  password: $database
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-database-roles
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  web-uri: postgresql://legis_web:$web@db:5432/legislativo
  web-password: $web
  worker-uri: postgresql://legis_worker:$worker@db:5432/legislativo
  worker-password: $worker
  indexer-uri: postgresql://legis_indexer:$indexer@db:5432/legislativo
  indexer-password: $indexer
  notifier-uri: postgresql://legis_notifier:$notifier@db:5432/legislativo
  notifier-password: $notifier
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-exports
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  bucket: exports
  endpoint: http://exports.example:8333
  access-key: legis
  secret-key: $(password)
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-signing
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  master-key: $(password)
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-mail
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  smtp-url: ""
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-alerting
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  sms_gateway_token: $(password)
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-sms
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  sms_provider_credentials: user:password
  sms_numbers: '{}'
  watchdog_url: none
---
apiVersion: v1
kind: Secret
metadata:
  name: legis-redis
  labels: {app.kubernetes.io/part-of: legis}
stringData:
  url: redis://default:$redis@redis:6379/0
  address: redis:6379
  username: default
  password: $redis
SECRETS
