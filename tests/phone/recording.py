"""What goes over the wire between a phone and the service, as test vectors write it down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartident.crypto.dpop import Request
from smartident_client import base64url
from smartident_client.approval_keys import decision_payload
from tests.phone.without_chance import fixed_key
from tests.support import forged_evidence
from tests.support.world import URL, Phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident_client.keys import Key
    from tests.support.world import World

HEADERS = {"accept-language": "en", "user-agent": "smartIDENT-phone/1"}
# What no phone can know before, and no test compares.
VARIES = ("request_id",)


@dataclass
class Recording:
    """The requests of phones, in order, each with what the service answered."""

    world: World
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)

    def request(self, name: str, request: Request, *, by: str, query: str = "") -> Any:
        """Send a request through the handler of its route; the answer."""
        path = request.url.removeprefix(URL) + query
        headers = {**HEADERS, **({"dpop": request.proof} if request.proof else {})}
        status, _, answer = self.world.http(request.method, path, request.body or None, headers=headers)
        if isinstance(answer, dict):
            answer = {member: value for member, value in answer.items() if member not in VARIES}
        told = {"name": name, "key": by, "now": self.world.now, "method": request.method, "url": URL + path}
        proof = _proof(request.proof) if request.proof else None
        body = request.body.decode() or None
        self.exchanges.append({**told, "body": body, "proof": proof, "status": status, "answer": answer})
        return answer

    def send(self, name: str, phone: Phone, method: str, path: str, body: object = None, *, by: str = "device") -> Any:
        """A request of a phone with its proof, as it should be."""
        bare, _, query = path.partition("?")
        content = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        made = phone.request(method, bare, content, now=self.world.now)
        return self.request(name, made, by=by, query=f"?{query}" if query else "")

    def spoiled(self, name: str, phone: Phone, path: str = "/v1/approvals", **changes: Any) -> None:
        """A request whose proof was made otherwise, by forged_evidence.proof's words."""
        by = "stranger" if changes.get("key") else "device"
        self.request(name, forged_evidence.proof(phone, now=self.world.now, path=path, **changes), by=by)

    def sign(self, name: str, by: str, message: bytes, signed: Mapping[str, object]) -> None:
        """A signature beside the very bytes that it is over."""
        self.signatures.append({"name": name, "key": by, "message": message.decode(), **signed})

    def sign_statement(self, name: str, by: str, body: Mapping[str, Any]) -> None:
        """A signature over a statement that the phone wrote itself, as the body of its request has both."""
        payload = decision_payload(statement=body["statement"], transfer_code="", now=self.world.now)
        shown = base64url.decode(body["statement"]).decode()
        self.sign(name, by, payload, {"statement": shown, "transfer_code": "", "evidence": body["evidence"]})

    def sms_code(self) -> str:
        """The code of the last SMS."""
        sent = [call.ask for call in self.world.aws.calls if call.operation == "Publish"]
        return "".join(filter(str.isdigit, sent[-1]["Message"].splitlines()[-1]))[-6:]


def written_key(name: str, key: Key) -> dict[str, Any]:
    """A key as the vectors show it, with the text whose SHA-256 is its thumbprint (RFC 7638)."""
    hashed = json.dumps(key.public_jwk(), sort_keys=True, separators=(",", ":"))
    return {"name": name, "jwk": key.private_jwk(), "thumbprint_of": hashed, "thumbprint": key.thumbprint}


def keys_of(*names: str) -> list[dict[str, Any]]:
    """The keys of these names; who has `ed25519` in the name is of that curve."""
    curves = ((name, fixed_key(name, "Ed25519" if "ed25519" in name else "P-256")) for name in names)
    return [written_key(name, key) for name, key in curves]


def _proof(compact: str) -> dict[str, Any]:
    header, claims = (json.loads(base64url.decode(part)) for part in compact.split(".")[:2])
    return {"header": header, "claims": claims, "compact": compact}
