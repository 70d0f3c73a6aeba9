"""One push message to one browser: encrypted, sent once, and what its push service made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.crypto.base64url import decode
from smartident.push.encryption import encrypt
from smartident.push.endpoint import is_allowed, origin_of
from smartident.push.message import LENGTH, REQUEST, message_of
from smartident.push.subscription import forget_subscription, keep_silent
from smartident.push.vapid import application_server_key, authorization
from smartident.settings import settings
from smartident.storage.table import DAY
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.push.push_service import PushAnswer, PushService
    from smartident.push.subscription import Subscription

SUCCESSFUL, GONE, BUSY = 2, {404, 410}, 429
# A push service that does not say for how long it is busy, and the longest that it is believed.
SILENT_SECONDS, MAX_SILENT_SECONDS = 60, 3600


def is_ours(subscription: Subscription) -> bool:
    """Whether the browser takes messages of us: it subscribed to our key of today."""
    return subscription.application_server_key == application_server_key()


def may_send(subscription: Subscription, *, now: int) -> bool:
    """Whether to send to it now: our key, an allowed push service, and no silence asked for."""
    return is_ours(subscription) and is_allowed(subscription.endpoint) and subscription.silent_until <= now


def send(subscription: Subscription, topic: str, *, service: PushService, now: int) -> PushAnswer:
    """Send one message, once."""
    headers = {
        "Authorization": authorization(origin_of(subscription.endpoint), now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        # A request is over with its login; news may wait until the phone is back.
        "TTL": str(settings().login_lifetime if topic == REQUEST else DAY),
        "Topic": topic,
        "Urgency": "high" if topic == REQUEST else "normal",
    }
    p256dh, auth = (decode(one, field="keys") for one in (subscription.p256dh, subscription.auth))
    body = encrypt(message_of(topic, subscription.language), p256dh=p256dh, auth=auth, length=LENGTH)
    return service.post(subscription.endpoint, headers, body)


def settle(subscription: Subscription, answer: PushAnswer, *, now: int) -> bool:
    """Whether the message is on its way; a subscription that is gone is forgotten, a busy service left alone."""
    if answer.status // 100 == SUCCESSFUL:
        log_event("push_sent")
        return True
    log_event("push_failed", reason=str(answer.status))
    account_id, device_id = subscription.account_id, subscription.device_id
    if answer.status in GONE:
        forget_subscription(account_id, device_id, endpoint=subscription.endpoint, now=now)
    elif answer.status == BUSY:
        keep_silent(subscription, until=now + _seconds(answer.retry_after))
    return False


def _seconds(retry_after: str) -> int:
    """How long to be silent; a date (RFC 9110 10.2.3) counts as not said."""
    wished = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else SILENT_SECONDS
    return min(max(wished, 1), MAX_SILENT_SECONDS)
