"""How a phone subscribes: what its browser made of our key, checked before it is kept."""

from __future__ import annotations

from typing import Any

from smartident.crypto.base64url import decode
from smartident.crypto.random import digest
from smartident.errors import InvalidRequest, PushEndpointRefused
from smartident.push.encryption import SALT_BYTES, is_point
from smartident.push.endpoint import is_allowed
from smartident.push.subscription import Subscription, read_subscription
from smartident.push.vapid import application_server_key
from smartident.settings import PushSettings, settings_of

# RFC 8291, 3.2: the browser's authentication secret.
_AUTH_BYTES = SALT_BYTES


def push_of(account_id: str, device_id: str) -> dict[str, object]:
    """What the phone compares with its browser's subscription; no key where push messages are switched off."""
    if not settings_of(PushSettings).push_hosts:
        return {"application_server_key": None, "endpoint_sha256": None}
    found = read_subscription(account_id, device_id)
    is_ours = found is not None and found.application_server_key == application_server_key()
    return {
        "application_server_key": application_server_key(),
        "endpoint_sha256": digest(found.endpoint) if found is not None and is_ours else None,
    }


def checked_subscription(**members: Any) -> Subscription:
    """The subscription; raises PushEndpointRefused, or InvalidRequest for keys that encrypt nothing."""
    asked = Subscription(**members)
    if not is_allowed(asked.endpoint):
        raise PushEndpointRefused
    if not is_point(decode(asked.p256dh, field="keys")) or len(decode(asked.auth, field="keys")) != _AUTH_BYTES:
        raise InvalidRequest("keys of a browser", field="keys")
    if asked.application_server_key != application_server_key():
        raise InvalidRequest("a key of before", field="application_server_key")
    return asked
