"""The auth_req_id (CIBA Core 7.3): 256 bits that name no account. Who has the pepper computes it from its login."""

from __future__ import annotations

from smartident.crypto.pepper import mac


def auth_req_id_of(login_id: str) -> str:
    """What the client polls with."""
    return mac("auth-req-id", login_id)
