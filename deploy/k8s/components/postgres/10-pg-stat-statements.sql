-- The slowest statements, for the runbook; in the template too, so that a restored database has them.
\connect template1
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
\connect legislativo
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
