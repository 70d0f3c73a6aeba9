"""Apache with Debian's mod_auth_openidc, which knows nothing of smartIDENT but its settings."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = Path(__file__).with_name("apache.conf")
MODULES = Path("/usr/lib/apache2/modules")
PROGRAM = shutil.which("apache2", path=f"/usr/sbin{os.pathsep}{os.environ['PATH']}")
INSTALLED = PROGRAM is not None and (MODULES / "mod_auth_openidc.so").exists()
PAGE, MAX_START = "the page behind Apache", 20


@contextmanager
def apache(port: int, *, issuer: str, client_id: str, client_secret: str) -> Iterator[str]:
    """Run Apache before a page that only somebody logged in sees; gives its address."""
    with TemporaryDirectory() as folder:
        run = Path(folder)
        (run / "htdocs").mkdir()
        (run / "htdocs/index.html").write_text(PAGE)
        # Apache gives up root before it reads the page.
        run.chmod(0o755)
        yield from _running(run, port, issuer=issuer, client_id=client_id, client_secret=client_secret)


def _running(run: Path, port: int, *, issuer: str, client_id: str, client_secret: str) -> Iterator[str]:
    settings = {"RUN": str(run), "MODULES": str(MODULES), "PORT": str(port), "ISSUER": issuer}
    settings |= {"CLIENT_ID": client_id, "CLIENT_SECRET": client_secret, "PASSPHRASE": secrets.token_hex()}
    command = (str(PROGRAM), "-X", "-f", str(CONFIGURATION))
    with subprocess.Popen(command, env={**os.environ, **settings}) as running:  # noqa: S603  Debian's own
        try:
            url = f"http://localhost:{port}"
            wait_until_it_listens(url, run / "error.log")
            yield url
        finally:
            running.terminate()


def wait_until_it_listens(url: str, log: Path) -> None:
    """Return once Apache answers; what it complained of otherwise."""
    until = time.monotonic() + MAX_START
    while time.monotonic() < until:
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text() if log.exists() else "Apache did not start")
