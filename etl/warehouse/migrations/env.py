"""Alembic's entry: runs on the connection, and in the transaction, that etl.warehouse.migration hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="deployment",
    transaction_per_migration=False,
)
context.run_migrations()
