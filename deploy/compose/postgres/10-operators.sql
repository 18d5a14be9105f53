-- Runs once, when the database is made: statistics of statements, and a role that may read statistics and nothing else.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
\set password `cat /run/secrets/postgres_exporter_password`
CREATE ROLE legis_exporter LOGIN PASSWORD :'password' IN ROLE pg_monitor;
