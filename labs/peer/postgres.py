"""A PostgreSQL for one run: in a temporary folder, on loopback, under a system user, with its own defaults."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from smartident_laptop.ports import LOOPBACK, bind

SYSTEM_USERS = ("postgres", "nobody")
PATIENCE = 30


class PostgresMissing(RuntimeError):  # noqa: N818  what is missing is said
    """No PostgreSQL is installed, or it does not start."""


@dataclass
class Postgres:
    """`with Postgres(folder) as database: database.url("name")`."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with bind(0) as listener:
            self.port = int(listener.getsockname()[1])
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.folder, _user().pw_uid, _user().pw_gid)
        self._run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "bench", "-E", "UTF8")
        self.process = subprocess.Popen(  # noqa: S603  PostgreSQL, in our own folder
            [
                *_as_user(),
                _program("postgres"),
                *("-D", f"{self.folder}/data", "-p", str(self.port)),
                *("-c", f"listen_addresses={LOOPBACK}", "-c", f"unix_socket_directories={self.folder}"),
            ],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self.process.wait(PATIENCE)

    @property
    def leader(self) -> int:
        """The postmaster, whose children are the connections."""
        if self.process is None:
            raise PostgresMissing("not started")
        return self.process.pid

    def create(self, database: str) -> str:
        """Create a database; its SQLAlchemy URL."""
        self.sql("postgres", f'create database "{database}"')
        return f"postgresql+psycopg2://bench@{LOOPBACK}:{self.port}/{database}"

    def sql(self, database: str, statement: str) -> str:
        """Run a statement; what it tells."""
        return self._run("psql", "-h", LOOPBACK, "-p", str(self.port), "-U", "bench", "-qAtc", statement, database)

    def version(self) -> str:
        """Which PostgreSQL this is."""
        return self.sql("postgres", "show server_version").split()[0]

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.sql("postgres", "select 1")
            except subprocess.CalledProcessError:
                time.sleep(0.2)
            else:
                return
        raise PostgresMissing("PostgreSQL does not answer")

    def _run(self, name: str, *arguments: str) -> str:
        command = [*_as_user(), _program(name), *arguments]
        done = subprocess.run(command, cwd="/", check=True, capture_output=True, text=True)  # noqa: S603  as above
        return done.stdout


def _program(name: str) -> str:
    """A program of PostgreSQL: Debian keeps most of them off PATH."""
    here = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(here[-1]) if here else shutil.which(name)
    if not found:
        raise PostgresMissing(f"{name} is missing: install PostgreSQL (on Debian: apt install postgresql)")
    return found


def _user() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in SYSTEM_USERS if name in known)


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root: a system user runs it then."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_user().pw_uid}", f"--regid={_user().pw_gid}", "--clear-groups"]
