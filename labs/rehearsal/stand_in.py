"""The stand-in for the cloud: MiniStack in a process of its own, on loopback, with IAM enforced."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from botocore.config import Config
from botocore.session import Session

from labs.rehearsal.receiver import Receiver
from labs.rehearsal.stand_in_process import ASKED
from smartident_laptop.moto.cloud import CREDENTIALS
from smartident_laptop.ports import LOOPBACK, bind

if TYPE_CHECKING:
    from types import TracebackType

REGION = CREDENTIALS["AWS_REGION"]
# The account's root, as MiniStack knows it.
OPERATOR = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
PATIENCE = 30
GRACE_SECONDS = 5
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PROCESS = Path(__file__).with_name("stand_in_process.py")


class StandInFailed(Exception):  # noqa: N818  what happened
    """The stand-in did not start, or did not do what it was asked; the message says what."""


class StandIn:
    """MiniStack, from `with` to its end. `python` is the interpreter of the environment that holds it."""

    def __init__(self, python: Path, log: IO[str]) -> None:
        self.python = python
        self.log = log
        with bind(0) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._process: subprocess.Popen[str] | None = None
        self.receiver = Receiver()
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  our own module
            [self.python, _PROCESS],
            cwd=self._folder.name,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        try:
            self.receiver.start()
            self._wait_until_healthy(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def client(self, service: str) -> Any:
        """The operator's client of one service."""
        session = Session(
            session_vars={"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}
        )
        return session.create_client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=OPERATOR["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=OPERATOR["AWS_SECRET_ACCESS_KEY"],
            config=Config(proxies={}, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def sms_to(self, phone: str) -> list[str]:
        """The texts sent to one phone, oldest first."""
        with _DIRECT.open(f"{self.url}/_ministack/sns/sms-messages", timeout=5) as answer:
            sent = json.load(answer)["sms_messages"]
        return [str(message["Message"]) for message in sent.get(phone, [])]

    def asked(self) -> set[tuple[str, str]]:
        """The permissions that were used so far: the ARN of who asked, and the action."""
        file = Path(self._folder.name) / ASKED
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return {(arn, action) for arn, _, action in (line.partition(" ") for line in lines)}

    def _environment(self) -> dict[str, str]:
        # The functions inherit it: nothing may stand here that the template has to set.
        return {
            **OPERATOR,
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": self._folder.name,
            "TMPDIR": self._folder.name,
            "STATE_DIR": self._folder.name,
            "AUTH": "true",
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self.port),
            "EDGE_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "NO_PROXY": "localhost,127.0.0.1",
            "no_proxy": "localhost,127.0.0.1",
        }

    def _wait_until_healthy(self, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with _DIRECT.open(f"{self.url}/_ministack/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise StandInFailed("the stand-in did not start")

    def _stop(self) -> None:
        """End it and the functions that it started: they share its process group."""
        self.receiver.stop()
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self._process.pid, number)
                    self._process.wait(timeout=GRACE_SECONDS)
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    continue
            self._process.wait()
        self._folder.cleanup()
