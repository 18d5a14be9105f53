# PostgreSQL with pgBackRest, for the backup layer: the server itself sends its WAL, so the program must be beside it.
# The image has the repository of apt.postgresql.org, whose pgBackRest knows PostgreSQL 18 (2.55 or newer; Debian 12's does not).
FROM postgres:18.6-bookworm
# hadolint ignore=DL3008 # that repository keeps only the newest version
RUN apt-get update \
    && apt-get install --yes --no-install-recommends jq pgbackrest \
    && rm -rf /var/lib/apt/lists/* /etc/pgbackrest.conf \
    && install -d -o postgres -g postgres /var/spool/pgbackrest /etc/pgbackrest/conf.d /figures
USER 999:999
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=5 CMD ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"]
