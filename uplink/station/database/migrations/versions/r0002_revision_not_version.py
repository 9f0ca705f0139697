"""The revision takes the place of the version that the station's row held."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From revision 0001 to this one."""
    with op.batch_alter_table("station") as table:
        table.drop_column("version")
