"""A double of PostgreSQL: the store's statements answered from tables in memory."""
