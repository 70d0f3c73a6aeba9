"""A person with privacyIDEA's app: enrols a push token and logs in, as a login page and the app do it."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from labs.peer.http_client import Conversation, Declined
from labs.peer.privacyidea_server import REALM

if TYPE_CHECKING:
    from labs.peer.privacyidea_server import PrivacyIdea

PIN = "Sommerregen-17"
# As its app makes them.
KEY_BITS = 4096
POLL_SECONDS = 0.5
REQUESTS = {
    "browser": ["POST /validate/check (PIN)", "GET /validate/polltransaction", "POST /validate/check (transaction)"],
    "phone": ["GET /ttype/push", "POST /ttype/push"],
}


def phone_key() -> rsa.RSAPrivateKey:
    """A key as the app makes it; all people of a run share one, for the client's work is not what is measured."""
    return rsa.generate_private_key(65537, KEY_BITS)


@dataclass
class PeerPerson:
    """One of the users, with an app and a browser."""

    server: PrivacyIdea
    number: int
    key: rsa.RSAPrivateKey = field(repr=False)
    serial: str = ""

    def __post_init__(self) -> None:
        self.page, self.app = Conversation(self.server.url), Conversation(self.server.url)

    def enrol(self) -> None:
        """Have a push token made and complete it from the app."""
        ask = {"type": "push", "genkey": 1, "user": self.name, "realm": REALM, "pin": PIN}
        made = self.page.form("POST", "/token/init", ask, Authorization=self.server.administrator)["detail"]
        self.serial = made["serial"]
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        completion = {
            "serial": self.serial,
            "enrollment_credential": made["enrollment_credential"],
            "fbtoken": "none",
            "pubkey": base64.urlsafe_b64encode(public).decode(),
        }
        self.app.form("POST", "/ttype/push", completion)
        self.leave()

    def hash_anew(self) -> None:
        """Have the PIN hashed again, at what the server is now set to."""
        ask = {"serial": self.serial, "otppin": PIN}
        self.page.form("POST", "/token/setpin", ask, Authorization=self.server.administrator)
        self.leave()

    def start(self) -> str:
        """Give the PIN; the transaction that waits for the phone."""
        said = self.page.form("POST", "/validate/check", {"user": self.name, "realm": REALM, "pass": PIN})
        return str(said["detail"]["transaction_id"])

    def approve(self, _transaction: str) -> float:
        """Fetch what waits and confirm it; when the decision was sent."""
        now = datetime.now(UTC).isoformat()
        query = {"serial": self.serial, "timestamp": now, "signature": self._signed(f"{self.serial}|{now}")}
        nonce = self.app.form("GET", "/ttype/push", query)["result"]["value"][-1]["nonce"]
        answer = {"serial": self.serial, "nonce": nonce, "signature": self._signed(f"{nonce}|{self.serial}")}
        sent = time.perf_counter()
        if self.app.form("POST", "/ttype/push", answer)["result"]["value"] is not True:
            raise Declined("the confirmation was not taken")
        return sent

    def hear(self, transaction: str) -> None:
        """Ask until the page hears of the approval: once, where all is decided."""
        ask = {"transaction_id": transaction}
        while not self.page.form("GET", "/validate/polltransaction", ask)["result"]["value"]:
            time.sleep(POLL_SECONDS)

    def finish(self, transaction: str) -> None:
        """Turn the approval into an accepted login."""
        ask = {"user": self.name, "realm": REALM, "pass": "", "transaction_id": transaction}
        if self.page.form("POST", "/validate/check", ask)["result"]["authentication"] != "ACCEPT":
            raise Declined("the login was not accepted")

    def leave(self) -> None:
        """Close what is open: the next time, both come anew."""
        self.page.close()
        self.app.close()

    @property
    def name(self) -> str:
        """The user's name."""
        return f"user{self.number}"

    def _signed(self, text: str) -> str:
        return base64.b32encode(self.key.sign(text.encode(), padding.PKCS1v15(), SHA256())).decode()
