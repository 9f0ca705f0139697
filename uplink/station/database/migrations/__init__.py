"""The revisions of the station's tables, which Alembic walks from one to the next.

Alembic's own table holds the revision of a database. One from before it was used has the tables
of FIRST and is taken for that.
"""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from kiosk.common.errors import StationError

FIRST = "0001"
_BEFORE_ALEMBIC = "station"


def config(db: Connection) -> Config:
    """What Alembic's commands want to be told; they all work inside the transaction of `db`."""
    told = Config()
    told.set_main_option("script_location", "uplink.station.database:migrations")
    told.attributes["connection"] = db
    return told


def is_empty(db: Connection) -> bool:
    """Whether no station has used this database yet."""
    return not inspect(db).has_table(_BEFORE_ALEMBIC)


def is_behind(db: Connection) -> bool:
    """Whether `upgrade` has work to do; raises StationError for a revision of the future."""
    script = ScriptDirectory.from_config(config(db))
    found = _revision(db) or FIRST
    if found not in {revision.revision for revision in script.walk_revisions()}:
        raise StationError(
            "cơ sở dữ liệu thuộc phiên bản mới hơn / the database is of a newer version",
            "chạy đúng phiên bản của homthu-station / run the homthu-station that made it",
        )
    return found != script.get_current_head()


def upgrade(db: Connection) -> None:
    """Bring the tables of `db` to the newest revision, or make them; the caller commits."""
    if _revision(db) is None and not is_empty(db):
        command.stamp(config(db), FIRST)
    command.upgrade(config(db), "head")


def _revision(db: Connection) -> str | None:
    return MigrationContext.configure(db).get_current_revision()
