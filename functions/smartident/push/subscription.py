"""Push subscriptions: where a device lets itself be woken. One ends with its device, by the device's state.

Nothing here grants anything: who is woken in vain, or not at all, still finds every request in the app.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.storage import push_keys
from smartident.storage.operations import Put, Update
from smartident.storage.table import Row
from smartident.storage.writes import write

if TYPE_CHECKING:
    from collections.abc import Sequence

WEB_PUSH = "web_push"


class PushSubscriptionRow(Row, discriminator="push_subscription"):
    """`<account_id>` | `PUSH#<device_id>`: the push service's URL for the device, and the keys of its browser."""

    # Another type of subscription has other members.
    type = UnicodeAttribute(default=WEB_PUSH)
    endpoint = UnicodeAttribute(null=True)
    p256dh = UnicodeAttribute(null=True)
    auth = UnicodeAttribute(null=True)
    application_server_key = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    # The push service asked for silence until then (429).
    silent_until = NumberAttribute(null=True)


@dataclass(frozen=True)
class Subscription:
    """One device's subscription to Web Push (RFC 8030): its endpoint, and what encrypts for its browser (RFC 8291)."""

    account_id: str
    device_id: str
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    # The public key that the browser was told to accept messages of (RFC 8292).
    application_server_key: str
    language: str
    silent_until: int = 0


def keep_subscription(subscription: Subscription) -> None:
    """Wake the device here from now on, and nowhere else."""
    row = PushSubscriptionRow(
        *push_keys.subscription(subscription.account_id, subscription.device_id),
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        application_server_key=subscription.application_server_key,
        language=subscription.language,
    )
    write(Put(row, replaces=True), on_conflict=lambda _: None)


def read_subscription(account_id: str, device_id: str) -> Subscription | None:
    """The device's subscription, or None."""
    key = push_keys.subscription(account_id, device_id)
    try:
        return _subscription_of(PushSubscriptionRow.get(*key, consistent_read=True))
    except PushSubscriptionRow.DoesNotExist:
        return None


def read_subscriptions(account_id: str) -> Sequence[Subscription]:
    """All subscriptions of an account, those of revoked devices included."""
    wanted = PushSubscriptionRow.sk.between(*push_keys.subscriptions())
    rows = PushSubscriptionRow.query(account_id, wanted, consistent_read=True)
    return [one for row in rows if (one := _subscription_of(row))]


def forget_subscription(account_id: str, device_id: str, *, endpoint: str | None = None, now: int) -> None:
    """Wake the device no more; with `endpoint`, only if it did not subscribe elsewhere meanwhile."""
    held = PushSubscriptionRow.endpoint.exists() if endpoint is None else PushSubscriptionRow.endpoint == endpoint
    # No function may delete items: this one is empty from now on, and DynamoDB clears it away.
    emptied = ("endpoint", "p256dh", "auth", "application_server_key", "silent_until")
    actions: list[Any] = [PushSubscriptionRow.ttl.set(now)]
    actions += [getattr(PushSubscriptionRow, attribute).remove() for attribute in emptied]
    row = PushSubscriptionRow(*push_keys.subscription(account_id, device_id))
    write(Update(row, actions, held), on_conflict=lambda _: None)


def keep_silent(subscription: Subscription, *, until: int) -> None:
    """Send this subscription nothing before then, as its push service asked."""
    row = PushSubscriptionRow(*push_keys.subscription(subscription.account_id, subscription.device_id))
    actions = [PushSubscriptionRow.silent_until.set(until)]
    same = PushSubscriptionRow.endpoint == subscription.endpoint
    write(Update(row, actions, same), on_conflict=lambda _: None)


def _subscription_of(row: PushSubscriptionRow) -> Subscription | None:
    # What is emptied is emptied whole.
    if not row.endpoint:
        return None
    return Subscription(
        account_id=row.pk,
        device_id=push_keys.device_id(row.sk),
        endpoint=row.endpoint,
        p256dh=row.p256dh or "",
        auth=row.auth or "",
        application_server_key=row.application_server_key or "",
        language=row.language,
        silent_until=int(row.silent_until or 0),
    )
