"""Every table of the station's database. Migrations bring an older database to this schema.

Hours are whole hours since 1970, days whole days since 1970.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

MAX_NOTE = 200
MAX_OFFICER_NAME = 64
MESSAGE_ID_BYTES = 16

metadata = MetaData()

# The database itself: `share` is the name of the receivers' common subscription.
station = Table(
    "station",
    metadata,
    Column("share", String(8), nullable=False),
)

# What has come: sealed chunks, what was heard of each kiosk, what could not be opened.
chunks = Table(
    "chunks",
    metadata,
    Column("kiosk", String(32)),
    Column("report_id", LargeBinary(16)),
    Column("kind", Integer),
    Column("number", Integer),
    Column("total", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("hour", Integer, nullable=False, index=True),
    PrimaryKeyConstraint("report_id", "kiosk", "kind", "number"),
)
kiosks = Table(
    "kiosks",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("last_hour", Integer, nullable=False),
    Column("batches", Integer, nullable=False),
    Column("receipts", LargeBinary, nullable=False),
)
quarantine = Table(
    "quarantine",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kiosk", String(64), nullable=False),
    Column("code", String(3), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("day", Integer, nullable=False),
)

# What goes down: messages with their chunks, and what each kiosk has.
down_messages = Table(
    "down_messages",
    metadata,
    Column("id", LargeBinary(MESSAGE_ID_BYTES), primary_key=True),
    Column("kiosk", String(32), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("note", String(MAX_NOTE), nullable=False),
)
down_chunks = Table(
    "down_chunks",
    metadata,
    Column("id", LargeBinary(MESSAGE_ID_BYTES)),
    Column("number", Integer),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id", "number"),
)
down_states = Table(
    "down_states",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("health", LargeBinary, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("sent", LargeBinary, nullable=False),
)

# What the station's mailbox was told.
mail_told = Table(
    "mail_told",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hour", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("urgent", Integer, nullable=False),
)

# Officers and the keys that their passphrases open.
officers = Table(
    "desk_officers",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String(MAX_OFFICER_NAME), nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    Column("locked", LargeBinary, nullable=False),
)
officer_keys = Table(
    "desk_keys",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# The audit log and its authenticated head.
audit_entries = Table(
    "desk_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
audit_head = Table(
    "desk_audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)

# Reports as cases; `sealed` rests encrypted under the desk's data key.
cases = Table(
    "desk_cases",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("report_id", LargeBinary(16), nullable=False, index=True),
    Column("kiosk", String(32), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
