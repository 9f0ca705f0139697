"""The desk: officers, their keys, cases, and the log of who opened what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From revision 0002 to this one."""
    op.create_table(
        "desk_officers",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("locked", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "desk_keys",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "desk_cases",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("report_id", sa.LargeBinary(16), nullable=False),
        sa.Column("kiosk", sa.String(32), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_desk_cases_report_id", "desk_cases", ["report_id"])
    op.create_table(
        "desk_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "desk_audit_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
