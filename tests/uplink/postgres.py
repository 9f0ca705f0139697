"""A throw-away PostgreSQL of Debian's packages: a free port, a temporary folder, real fsync."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict

import psycopg

from tests.ports import free_port
from tests.waiting import DEADLINE, wait_until

USER = "homthu"


class Account(TypedDict, total=False):
    """The account a program runs as; empty for our own."""

    user: str
    group: str
    extra_groups: tuple[int, ...]


class Postgres:
    """One server on loopback; it asks for a password. `database` makes a new one in it."""

    def __init__(self) -> None:
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="homthu-pg-"))
        self._account: Account = {"user": "postgres", "group": "postgres", "extra_groups": ()}
        if os.getuid():
            self._account = {}
        else:
            account = pwd.getpwnam("postgres")
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._make_cluster()
        self.start()

    def start(self) -> None:
        """Run it; the databases are those of the last run."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", str(self._folder / "data"), "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-k", str(self._folder)],
                stdout=log,
                stderr=log,
                **self._account,
            )  # fmt: skip
        wait_until(self._answers)

    def kill(self) -> None:
        """End it as a crash of its machine's power supply would, but for the disk's cache."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """End it and forget everything."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder)

    def database(self) -> str:
        """The URL of a new and empty database."""
        name = f"station_{secrets.token_hex(4)}"
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{name}"

    def _make_cluster(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        subprocess.run(
            [_program("initdb"), "-D", str(self._folder / "data"), "-U", USER, "--no-sync",
             "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True,
            capture_output=True,
            **self._account,
        )  # fmt: skip

    def _conninfo(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} password={self.password} dbname={name}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait(DEADLINE)


def _program(name: str) -> str:
    return str(max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))
