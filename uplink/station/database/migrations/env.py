"""Run by Alembic for each of its commands: hands it the connection and the tables as they are."""

from alembic import context

from uplink.station.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
