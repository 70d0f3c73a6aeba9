"""A passkey of the login page in software, the browser around it, and what a person does with both."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from passkeys.step import Assertion, NewPasskey, begin, list_passkeys, log_in, make, remove
from smartident.statements.login import RequestOrigin
from smartident_client import base64url
from smartident_client.authenticator import cbor, cose_key
from smartident_client.keys import Key
from tests.support.world import AGENT, HOME, ORIGIN, World

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin
    from tests.support.world import Phone

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
RP_ID = "finance.example.test"


@dataclass
class LoginPasskey:
    """One credential that its browser finds by itself. Its members say what it and its page claim to be."""

    key: Key = field(default_factory=Key.make)
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""
    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: int = PRESENT | VERIFIED
    sign_count: int = 0
    page: dict[str, object] = field(default_factory=dict)

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `credentials.create` gives, as `toJSON` writes it."""
        self.user_handle = options["user"]["id"]
        data = self._data(ATTESTED) + bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        attestation = {"fmt": "none", "attStmt": {}, "authData": data + cbor(cose_key(self.key))}
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": base64url.encode(cbor(attestation)),
            "transports": ["internal", "hybrid"],
        }
        return self._credential(response)

    def get(self, options: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """What `credentials.get` gives, as `toJSON` writes it; `changes` spoil what was signed."""
        client_data, data = self._client_data("webauthn.get", options["challenge"]), self._data()
        signed = data + hashlib.sha256(base64url.decode(client_data)).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": base64url.encode(data),
            "signature": base64url.encode(self.key.sign_as_made(signed)),
            "userHandle": self.user_handle,
        }
        return self._credential({**response, **changes})

    def _client_data(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **self.page}
        return base64url.encode(json.dumps(said, separators=(",", ":")).encode())

    def _data(self, more: int = 0) -> bytes:
        rp_hash = hashlib.sha256(self.rp_id.encode()).digest()
        return rp_hash + struct.pack(">BI", self.flags | more, self.sign_count)

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = base64url.encode(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}


def from_page(origin: str = ORIGIN) -> RequestOrigin:
    """Where a page's requests come from."""
    return RequestOrigin(HOME, AGENT, origin, place="Frankfurt, DE", country="DE", asn=3320)


def bearer(login: dict[str, Any]) -> str:
    """What names a completed login to the routes of passkeys."""
    return f"{login['login_id']}.{login['login_token']}"


def signed_in(world: World, phone: Phone, started: StartedLogin) -> str:
    """The bearer of a login that the phone has just approved."""
    world.approve(phone, started)
    world.complete(started)
    return f"{started.login.id}.{started.token}"


def listed(world: World, session: str) -> dict[str, Any]:
    """What the browser is told of the account's passkeys."""
    return list_passkeys(session, now=world.now)


def made(world: World, session: str, passkey: LoginPasskey | None = None, name: str = "Laptop") -> LoginPasskey:
    """A passkey, made in this login."""
    passkey = passkey or LoginPasskey()
    credential = passkey.create(listed(world, session)["creation"])
    make(NewPasskey(credential, name), bearer=session, request_origin=from_page(), now=world.now)
    return passkey


def options(world: World) -> dict[str, Any]:
    """What the browser asks a passkey with."""
    told: dict[str, Any] = begin(now=world.now)["public_key"]  # type: ignore[assignment]  # JSON says no types
    return told


def sign_in(
    world: World,
    assertion: dict[str, Any],
    *,
    origin: str = ORIGIN,
    client: str | None = None,
    nonce: str | None = None,
) -> Any:
    """What the browser gets for an assertion."""
    return log_in(Assertion(assertion, client, nonce), request_origin=RequestOrigin(HOME, AGENT, origin), now=world.now)


def removed(world: World, session: str, passkey_id: str) -> None:
    """Remove a passkey."""
    remove(passkey_id, bearer=session, where=from_page().where, now=world.now)
