"""Reports, kiosks, quarantine and the queue down, as they were before Alembic."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From an empty database to this revision."""
    op.create_table(
        "station",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("share", sa.String(8), nullable=False),
    )
    op.create_table(
        "chunks",
        sa.Column("kiosk", sa.String(32)),
        sa.Column("report_id", sa.LargeBinary(16)),
        sa.Column("kind", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "kiosk", "kind", "number"),
    )
    op.create_table(
        "kiosks",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("last_hour", sa.Integer, nullable=False),
        sa.Column("batches", sa.Integer, nullable=False),
        sa.Column("receipts", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kiosk", sa.String(64), nullable=False),
        sa.Column("code", sa.String(3), nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
    )
    _create_the_queue_down()


def _create_the_queue_down() -> None:
    op.create_table(
        "down_messages",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("kiosk", sa.String(32), nullable=False),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("issued", sa.BigInteger, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
    )
    op.create_table(
        "down_chunks",
        sa.Column("id", sa.LargeBinary(16)),
        sa.Column("number", sa.Integer),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", "number"),
    )
    op.create_table(
        "down_states",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("health", sa.LargeBinary, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("sent", sa.LargeBinary, nullable=False),
    )
