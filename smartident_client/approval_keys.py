"""What the approval key signs: once that it belongs to this registration, then each decision."""

import json
from typing import Any, Protocol

from smartident_client import base64url
from smartident_client.answers import Device, Registration
from smartident_client.keys import Key
from smartident_client.proof import compact_jws

REVOCATION_SECONDS = 180
"""So long the person's yes to a removal or an opening is meant."""


class ApprovalKey(Protocol):
    """A key that works only after Face ID or fingerprint; a raw key or a WebAuthn credential."""

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        """Make the `approval_key` member that ends a registration."""

    def evidence(self, decision: bytes) -> dict[str, Any]:
        """Sign a decision: the `evidence` member of an approval."""

    def stored(self) -> dict[str, Any]:
        """Write the key down for the phone's own file."""


class RawApprovalKey:
    """The native app's kind: a key in the Secure Enclave or Keystore, its use bound to biometrics there."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def prove(self, registration: Registration, *, device_key: Key) -> dict[str, Any]:
        """Sign this registration, its challenge and the device key: the approval key serves nobody else."""
        bound = (registration.registration_id, registration.challenge, device_key.thumbprint)
        message = ":".join(("smartident-approval-key", "v1", *bound))
        signature = base64url.encode(self.key.sign(message.encode()))
        return {"type": "jwk", "jwk": self.key.public_jwk(), "signature": signature}

    def evidence(self, decision: bytes) -> dict[str, Any]:
        """Sign the decision's bytes as a compact JWS."""
        header = {"typ": "smartident-approval+jws", "kid": self.key.thumbprint}
        return {"type": "jws", "jws": compact_jws(header, decision, self.key)}

    def stored(self) -> dict[str, Any]:
        """Write the key down."""
        return {"type": "jwk", "key": self.key.private_jwk()}


def revocation_statement(account_id: str, device: Device, *, now: int) -> bytes:
    """Write down which device is to be removed, as the person was shown it."""
    statement = {
        "v": 2,
        "purpose": "smartident-revoke-device",
        "account_id": account_id,
        "device_id": device.device_id,
        "device_name": device.name,
        "requested_at": now,
        "expires_at": now + REVOCATION_SECONDS,
    }
    return json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode()


def signed_revocation(approval_key: ApprovalKey, account_id: str, device: Device, *, now: int) -> dict[str, Any]:
    """Sign the removal of a device: the body of the request."""
    statement = base64url.encode(revocation_statement(account_id, device, now=now))
    payload = decision_payload(statement=statement, transfer_code="", now=now)
    return {"statement": statement, "evidence": approval_key.evidence(payload)}


def opening_statement(account_id: str, frozen_at: int, *, now: int) -> bytes:
    """Write down which account is to be opened again, after which freeze."""
    statement = {
        "v": 2,
        "purpose": "smartident-open-account",
        "account_id": account_id,
        "frozen_at": frozen_at,
        "requested_at": now,
        "expires_at": now + REVOCATION_SECONDS,
    }
    return json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode()


def signed_opening(approval_key: ApprovalKey, account_id: str, frozen_at: int, *, now: int) -> dict[str, Any]:
    """Sign the opening of an account: the body of the request."""
    statement = base64url.encode(opening_statement(account_id, frozen_at, now=now))
    payload = decision_payload(statement=statement, transfer_code="", now=now)
    return {"statement": statement, "evidence": approval_key.evidence(payload)}


def signed_approval(
    key: ApprovalKey, statement: str, transfer_code: str, *, retire_device: str | None, now: int
) -> dict[str, object]:
    """Say yes, with what the approval key signs of it."""
    payload = decision_payload(statement=statement, transfer_code=transfer_code, retire_device=retire_device, now=now)
    return {"decision": "approve", "evidence": key.evidence(payload)}


def decision_payload(*, statement: str, transfer_code: str, retire_device: str | None = None, now: int) -> bytes:
    """Say what gets signed: what was shown, what was typed and what was decided; and whether this phone leaves then."""
    payload: dict[str, object] = {
        "v": 1,
        "purpose": "smartident-approval",
        "decision": "approve",
        "statement": statement,
        "transfer_code": transfer_code,
        "iat": now,
    }
    if retire_device is not None:
        payload["retire_device"] = retire_device
    return json.dumps(payload, separators=(",", ":")).encode()
