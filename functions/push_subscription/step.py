"""Beside the story: a phone lets itself be woken, on a tap, and no more, on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from smartident.devices.authenticate import authenticate_device
from smartident.errors import DeviceNotFound
from smartident.outbound.address import MAX_URL
from smartident.push.subscribe import checked_subscription, push_of
from smartident.push.subscription import WEB_PUSH, forget_subscription, keep_subscription

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device


class BrowserKeys(Struct, forbid_unknown_fields=True):
    """What encrypts for the browser (Push API, PushSubscription.getKey)."""

    p256dh: Annotated[str, Meta(max_length=100)]
    auth: Annotated[str, Meta(max_length=40)]


class WebPushSubscription(Struct, forbid_unknown_fields=True, tag_field="type", tag=WEB_PUSH):
    """What a browser made of our key; another `type` will bring the token of a native app."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=MAX_URL)]
    keys: BrowserKeys
    application_server_key: Annotated[str, Meta(max_length=100)]


def show_push(device_id: str, *, request: Request, now: int) -> dict[str, object]:
    """The key that this phone's browser subscribes to, and by which endpoint it is woken, if at all."""
    asking = _asking(device_id, request=request, now=now)
    return push_of(asking.account_id, asking.id)


def subscribe(device_id: str, ask: WebPushSubscription, *, language: str, request: Request, now: int) -> None:
    """Wake this phone in this language from now on; raises PushEndpointRefused."""
    asking = _asking(device_id, request=request, now=now)
    subscription = checked_subscription(
        account_id=asking.account_id,
        device_id=asking.id,
        endpoint=ask.endpoint,
        p256dh=ask.keys.p256dh,
        auth=ask.keys.auth,
        application_server_key=ask.application_server_key,
        language=language,
    )
    keep_subscription(subscription)


def unsubscribe(device_id: str, *, request: Request, now: int) -> None:
    """Wake this phone no more."""
    asking = _asking(device_id, request=request, now=now)
    forget_subscription(asking.account_id, asking.id, now=now)


def _asking(device_id: str, *, request: Request, now: int) -> Device:
    """The phone that asks, about itself; raises DeviceNotFound for any other."""
    asking, _ = authenticate_device(request, now=now)
    if device_id != asking.id:
        raise DeviceNotFound
    return asking
