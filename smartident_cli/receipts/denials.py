"""Denials: proof, from an export alone, that the phone said no for the reason that the login tells."""

import json
from typing import Any

from smartident.crypto.dpop import Request, verify_proof
from smartident.crypto.jwk import load_public_key, payload_of
from smartident_client import base64url

Row = dict[str, Any]
PATH = "/v1/approvals/"


def verify_denial(login_id: str, login: Row, device: Row) -> None:
    """Raise a Refusal, KeyError, TypeError or ValueError unless this device sent this login's denial at its time."""
    kept, key = json.loads(login["denial_evidence"]), load_public_key(device["device_key"])
    body = base64url.decode(kept["body"])
    if json.loads(body) != {"decision": "deny", "reason": login["reason"]}:
        raise ValueError("denied for another reason")
    # Under which host the service was then, nobody knows offline; which login it was, the path tells.
    url = str(json.loads(payload_of(kept["proof"], key))["htu"])
    if not url.endswith(PATH + login_id):
        raise ValueError("denied another login")
    verify_proof(Request("POST", url, body, kept["proof"]), key=key, active=True, now=login["decided_at"])
