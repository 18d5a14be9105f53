"""Tells Alembic which connection to migrate and which models the result must equal."""

from alembic import context
from sqlmodel import SQLModel

from api_gateway.store.schema import (  # registers the tables on the metadata
    key_tables,  # noqa: F401
    source_tables,  # noqa: F401
)


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:  # only `--sql`: print the statements, touch nothing
        context.configure(dialect_name="postgresql", target_metadata=SQLModel.metadata, literal_binds=True)
    else:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
