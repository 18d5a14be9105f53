"""The twin: product code of ingest and worker on a virtual clock, between doubles of Redis and PostgreSQL."""
