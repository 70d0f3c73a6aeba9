"""privacyIDEA as a server: set up in a folder of its own, served by gunicorn on loopback, stopped again."""

from __future__ import annotations

import secrets
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from labs.peer.http_client import Conversation
from smartident_laptop.ports import LOOPBACK, bind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from labs.peer.hashing import Hashing
    from labs.peer.postgres import Postgres

WORKERS = 2
PATIENCE = 60
ADMIN, ADMIN_PASSWORD = "admin", "of-this-run-only"
REALM = "bench"
USERS = "users"
_COLUMNS = "id integer primary key, username text unique, givenname text, surname text, email text, password text"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class PrivacyIdea:
    """One installation: its programs, its folder and its database."""

    programs: Path
    folder: Path
    database: Postgres
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def leader(self) -> int:
        """The master of gunicorn, whose children are the workers."""
        if self.process is None:
            raise RuntimeError("not started")
        return self.process.pid

    def set_up(self, users: int) -> None:
        """Make keys, tables, an administrator and a table of users."""
        with bind(0) as listener:
            self.port = int(listener.getsockname()[1])
        self.folder.mkdir(mode=0o700)
        uri = self.database.create("privacyidea")
        self._settings = {
            "SUPERUSER_REALM": ["administrators"],
            "SQLALCHEMY_DATABASE_URI": uri,
            "SECRET_KEY": secrets.token_urlsafe(),
            "PI_PEPPER": secrets.token_urlsafe(),
            "PI_ENCFILE": f"{self.folder}/enckey",
            "PI_AUDIT_KEY_PRIVATE": f"{self.folder}/audit.pem",
            "PI_AUDIT_KEY_PUBLIC": f"{self.folder}/audit.pub",
            "PI_AUDIT_SQL_TRUNCATE": True,
            "PI_ENGINE_REGISTRY_CLASS": "shared",
            "PI_LOGFILE": f"{self.folder}/privacyidea.log",
            "PI_LOGLEVEL": 30,
            "PI_UUID_FILE": f"{self.folder}/uuid",
        }
        self._configure({})
        for command in (["create_enckey"], ["create_audit_keys"], ["create_tables"]):
            self._manage("setup", *command)
        self._manage("admin", "add", ADMIN, "-p", ADMIN_PASSWORD)
        self._add_users(users)

    def start(self, hashing: Hashing) -> None:
        """Serve with these hashes; those made before keep what they are."""
        self._configure({"PI_HASH_ALGO_PARAMS": hashing.theirs} if hashing.theirs else {})
        application = f'privacyidea.app:create_app("production", config_file="{self.folder}/pi.cfg", silent=True)'
        self.process = subprocess.Popen(  # noqa: S603  what was just installed, in its own folder
            [
                *(self.programs / "gunicorn", "--workers", str(WORKERS), "--worker-tmp-dir", "/dev/shm"),  # noqa: S108  as its docs say
                *("--bind", f"{LOOPBACK}:{self.port}", "--timeout", str(PATIENCE), application),
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "gunicorn.log").open("ab"),
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None

    def administer(self) -> None:
        """Name the users a realm, and let push tokens be polled only: no push service, no phone number."""
        administrator, token = Conversation(self.url), self.administrator
        resolver = {
            "type": "sqlresolver",
            "Driver": "postgresql+psycopg2",
            "Server": LOOPBACK,
            "Port": self.database.port,
            "Database": USERS,
            "User": "bench",
            "Password": "none",
            "Table": "users",
            "Limit": 500,
            "Map": '{"userid": "id", "username": "username", "givenname": "givenname", "surname": "surname", '
            '"email": "email", "password": "password"}',
        }
        enrolment = f"push_firebase_configuration=poll only, push_registration_url={self.url}/ttype/push"
        login = "push_allow_polling=allow, push_text_on_mobile=Login?"
        asks: dict[str, Mapping[str, object]] = {
            "/resolver/users": resolver,
            f"/realm/{REALM}": {"resolvers": "users"},
            "/policy/enrol": {"scope": "enrollment", "active": "true", "action": f"{enrolment}, push_ssl_verify=0"},
            "/policy/login": {"scope": "authentication", "active": "true", "action": login},
        }
        for path, fields in asks.items():
            administrator.form("POST", path, fields, Authorization=token)

    @cached_property
    def administrator(self) -> str:
        """A token for the administrator: one for the whole run, so that enrolments do not pay for it."""
        said = Conversation(self.url).form("POST", "/auth", {"username": ADMIN, "password": ADMIN_PASSWORD})
        return str(said["result"]["value"]["token"])

    def _configure(self, more: dict[str, object]) -> None:
        lines = [f"{name} = {value!r}\n" for name, value in {**self._settings, **more}.items()]
        (self.folder / "pi.cfg").write_text("".join(lines))

    def _manage(self, *arguments: str) -> None:
        environment = {"PRIVACYIDEA_CONFIGFILE": f"{self.folder}/pi.cfg", "PATH": str(self.programs)}
        command = [str(self.programs / "pi-manage"), *arguments]
        subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True)  # noqa: S603

    def _add_users(self, users: int) -> None:
        self.database.create(USERS)
        self.database.sql(USERS, f"create table users ({_COLUMNS})")
        rows = "select i, 'user' || i, 'Given' || i, 'Family' || i, 'user' || i || '@example.org', ''"
        self.database.sql(USERS, f"insert into users {rows} from generate_series(1, {users}) i")

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with _DIRECT.open(f"{self.url}/validate/polltransaction?transaction_id=none", timeout=PATIENCE):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("privacyIDEA does not answer: see gunicorn.log")
