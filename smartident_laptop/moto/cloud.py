"""The cloud on the laptop: moto with the template's table, a signing key, a pepper and a push secret in it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import Session

from smartident_laptop.intrinsics import REGION
from smartident_laptop.ports import LOOPBACK, bind
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from smartident_laptop.template import Template

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    # What a developer has configured for the real cloud stays out of this one.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "NO_PROXY": "localhost,127.0.0.1",
    "no_proxy": "localhost,127.0.0.1",
}
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
TABLE_NAME = "smartident"


@dataclass(frozen=True)
class Sms:
    """One SMS that the service sent."""

    number: int
    phone: str
    text: str
    sent_at: float


@dataclass(frozen=True)
class Mail:
    """One e-mail that the service sent."""

    number: int
    address: str
    sender: str
    subject: str
    text: str
    html: str
    sent_at: float


@dataclass
class Cloud:
    """moto in its own process; `environment` is what makes boto's clients talk to it."""

    template: Template
    port: int = 0
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start moto; raises PortTaken if it cannot have its port."""
        with bind(self.port) as listener:
            self.url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
            self._process = subprocess.Popen(  # noqa: S603  our own module, with a number
                [sys.executable, "-m", "smartident_laptop.moto.process", str(listener.fileno())],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[listener.fileno()],
                text=True,
                start_new_session=True,
            )

    def provision(self) -> None:
        """Wait for moto, then create the table, the signing key and the secrets in it."""
        if self._process is None or self._process.stdout is None or not self._process.stdout.readline():
            raise RuntimeError("moto did not start: see its traceback above")
        self._create_table()
        sender = self.template.environment.get("NOTICE_SENDER")
        if sender:
            # SES sends for nobody whom it has not verified.
            self.client("sesv2").create_email_identity(EmailIdentity=sender)
        key = self.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        manager = self.client("secretsmanager")
        pepper = manager.create_secret(Name="pepper", SecretString=secrets.token_urlsafe(32))
        push = manager.create_secret(Name="push", SecretString=secrets.token_urlsafe(32))
        sqs = self.client("sqs")
        queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in self._queues()}
        self.environment = {
            **CREDENTIALS,
            **{name: queues[value] for name, value in self.template.environment.items() if value in queues},
            "AWS_ENDPOINT_URL": self.url,
            "TABLE_NAME": TABLE_NAME,
            "SIGNING_KEYS": key["Arn"],
            "PEPPER_SECRET_ARN": pepper["ARN"],
            "PUSH_SECRET_ARN": push["ARN"],
        }

    def stop(self) -> None:
        """End moto; what it held is gone."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def client(self, service: str) -> Any:
        """A client for one of moto's services."""
        return self._session.create_client(
            service,
            endpoint_url=self.url,
            config=Config(proxies={}),
            region_name=CREDENTIALS["AWS_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def sms_messages(self, since: int = 0) -> list[Sms]:
        """The SMS sent so far, oldest first; with `since` only those of a higher number."""
        return [Sms(**entry) for entry in self._listed("sms") if entry["number"] > since]

    def mails(self, since: int = 0) -> list[Mail]:
        """The e-mails sent so far, oldest first; with `since` only those of a higher number."""
        return [Mail(**entry) for entry in self._listed("mail") if entry["number"] > since]

    def stream_records(self, after: int) -> list[dict[str, Any]]:
        """The records of the table's stream beyond so many; waits a while for the first."""
        return self._listed(f"stream?table={TABLE_NAME}&after={after}")

    def messages(self, queue: str, after: int) -> list[dict[str, Any]]:
        """The messages of a queue beyond so many; waits a while for the first."""
        return self._listed(f"queue?queue={queue}&after={after}")

    def _queues(self) -> list[str]:
        return [name for name, _ in self.template.resources("AWS::SQS::Queue")]

    def _listed(self, what: str) -> list[dict[str, Any]]:
        with _DIRECT.open(f"{self.url}/local/{what}", timeout=15) as answer:
            listed: list[dict[str, Any]] = json.load(answer)
        return listed

    @cached_property
    def _session(self) -> Session:
        return Session(
            session_vars={"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}
        )

    def _create_table(self) -> None:
        client = self.client("dynamodb")
        client.create_table(**{**self.template.table, "TableName": TABLE_NAME})
        if self.template.ttl_attribute is not None:
            client.update_time_to_live(
                TableName=TABLE_NAME,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": self.template.ttl_attribute},
            )
