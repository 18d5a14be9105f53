"""Alembic's environment: the connection to migrate, and the models that the result must match."""

from alembic import context
from sqlmodel import SQLModel

from api_gateway.store.schema import key_tables, source_tables, tables  # noqa: F401  (registers the tables on the metadata)


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:  # only `--sql`: print the statements, touch nothing
        context.configure(dialect_name="postgresql", target_metadata=SQLModel.metadata, literal_binds=True)
    else:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
