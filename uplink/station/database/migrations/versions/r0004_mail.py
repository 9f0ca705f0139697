"""What the station's mailbox was told, and reports found by their hour of arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From revision 0003 to this one."""
    op.create_index("ix_chunks_hour", "chunks", ["hour"])
    op.create_table(
        "mail_told",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Integer, nullable=False),
    )
