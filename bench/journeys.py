"""What people do, as requests. The first time somebody learns what later times repeat."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bench.in_process_client import DOMAIN, ORIGIN, URL
from smartident_client.answers import Registration
from smartident_client.approval_keys import ApprovalKey, RawApprovalKey, decision_payload
from smartident_client.authenticator import CREDENTIAL_ID_BYTES, Authenticator
from smartident_client.keys import Key
from smartident_client.proof import device_proof

if TYPE_CHECKING:
    from bench.in_process_client import InProcessClient

PASSWORD = "Sommerregen-17"  # noqa: S105  of nobody
ENROL, VERIFY = "POST /v1/keys", "POST /v1/keys/{registration_id}/verify"
START, LIST, STATUS = "POST /v1/logins", "GET /v1/approvals", "GET /v1/logins/{login_id}"
DECIDE, COMPLETE = "POST /v1/approvals/{login_id}", "POST /v1/logins/{login_id}/complete"
DEVICES, EVENTS, REVOKE = "GET /v1/devices", "GET /v1/events", "DELETE /v1/devices/{device_id}"


@dataclass
class Person:
    """Somebody with an account, the phone's two keys, and what the service told."""

    number: str
    device_key: dict[str, str] = field(default_factory=lambda: Key.make().private_jwk())
    approval_key: dict[str, str] = field(default_factory=lambda: Key.make().private_jwk())
    passkey: bool = False
    account_id: str = ""
    code: str = ""
    connection_id: str = ""
    registration: dict[str, Any] = field(default_factory=dict)
    login: dict[str, Any] = field(default_factory=dict)
    waiting: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The device key."""
        return Key.from_jwk(self.device_key)

    @property
    def approval(self) -> ApprovalKey:
        """The approval key: raw, as a native app has it, or a passkey of the web app."""
        key = Key.from_jwk(self.approval_key)
        if not self.passkey:
            return RawApprovalKey(key)
        name = key.thumbprint.encode()[:CREDENTIAL_ID_BYTES]
        return Authenticator(key, ORIGIN, rp_id=DOMAIN, credential_id=name)

    def written(self) -> dict[str, Any]:
        """This person as JSON, for another process."""
        return asdict(self)


def register(client: InProcessClient, person: Person) -> None:
    """Step 3 of the story."""
    ask = {
        "identifier": person.number,
        "password": PASSWORD,
        "device_key": person.key.public_jwk(),
        "device_name": "Telefon",
        "platform": "ios",
    }
    answer = _sent(client, person, ENROL, ask, new=True)
    person.registration = person.registration or answer


def verify(client: InProcessClient, person: Person) -> None:
    """Step 4, with the code of the SMS."""
    proven = person.approval.prove(Registration(**person.registration), device_key=person.key)
    ask = {"code": person.code, "approval_key": proven}
    names = {"registration_id": str(person.registration["registration_id"])}
    person.account_id = _sent(client, person, VERIFY, ask, names, new=True)["account_id"]


def begin(client: InProcessClient, person: Person, password: str = PASSWORD) -> None:
    """Step 6: the page begins a login."""
    answer = client.http(START, json.dumps({"identifier": person.number, "password": password}).encode())
    person.login = person.login or answer


def watch(client: InProcessClient, person: Person) -> None:
    """Step 6: the page waits on its socket."""
    client.connect(*person.login["socket"]["protocols"])
    client.say({"action": "status", "login_id": person.login["login_id"]})


def poll(client: InProcessClient, person: Person) -> None:
    """What the page asks where it has no socket."""
    client.http(STATUS, headers=_bearer(person), names=_login_id(person))


def see(client: InProcessClient, person: Person) -> None:
    """Step 7: the app lists what waits."""
    [person.waiting] = _sent(client, person, LIST)["approvals"]


def approve(client: InProcessClient, person: Person) -> None:
    """Step 8: the fingerprint."""
    code = "".join(person.login["transfer_code"].split())
    payload = decision_payload(statement=person.waiting["statement"], transfer_code=code, now=int(time.time()))
    ask = {"decision": "approve", "evidence": person.approval.evidence(payload)}
    _sent(client, person, DECIDE, ask, _login_id(person))


def deny(client: InProcessClient, person: Person) -> None:
    """Step 8, otherwise."""
    _sent(client, person, DECIDE, {"decision": "deny", "reason": "not_me"}, _login_id(person))


def complete(client: InProcessClient, person: Person) -> None:
    """The end of step 8: the page has its session."""
    client.http(COMPLETE, headers=_bearer(person), names=_login_id(person))


def log_in(client: InProcessClient, person: Person) -> None:
    """Steps 6 to 8."""
    for step in (begin, watch, see, approve, complete):
        step(client, person)


def look_around(client: InProcessClient, person: Person, route: str) -> None:
    """A list that the app shows."""
    _sent(client, person, route)


def revoke(client: InProcessClient, person: Person) -> None:
    """The phone takes itself its keys' worth."""
    _sent(client, person, REVOKE, names={"device_id": person.key.thumbprint})


def _login_id(person: Person) -> dict[str, str]:
    return {"login_id": str(person.login["login_id"])}


def _bearer(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.login['login_token']}"}


def _sent(
    client: InProcessClient,
    person: Person,
    route: str,
    ask: dict[str, Any] | None = None,
    names: dict[str, str] | None = None,
    *,
    new: bool = False,
) -> dict[str, Any]:
    """What the service answers a phone, whose every request bears a proof; a new phone's names no account."""
    method, _, path = route.partition(" ")
    body = b"" if ask is None else json.dumps(ask).encode()
    proof = device_proof(
        person.key,
        method=method,
        url=URL + path.format(**names or {}),
        now=int(time.time()),
        body=body or None,
        account_id=None if new else person.account_id,
    )
    return client.http(route, body, {"dpop": proof}, names)
