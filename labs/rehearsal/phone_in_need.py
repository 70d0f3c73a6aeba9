"""What a phone does in time and in need: it lets itself be woken, makes codes for its loss, freezes its account."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from labs.rehearsal.receiver import GONE_PATH
from labs.rehearsal.sockets import waiting_page
from labs.rehearsal.walker import refused
from smartident_cli.story.play import Differs, expect
from smartident_client.freeze import freeze, frozen, open_again
from smartident_client.push import PushSubscription, vapid_claims
from smartident_client.recovery_codes import confirm_recovery_codes, make_recovery_codes, recovery_codes_left

if TYPE_CHECKING:
    from labs.rehearsal.receiver import Heard
    from labs.rehearsal.walker import Walker


class PushState(msgspec.Struct):
    """The key that browsers subscribe to, and what this phone's subscription is known by."""

    application_server_key: str
    endpoint_sha256: str | None


def be_woken(walker: Walker) -> None:
    """The phone subscribes; a login wakes it, by a message that only it can read; it unsubscribes.

    What its browser gave up by itself, the service forgets when the push service says so.
    """
    phone, account = walker.phone, walker.account
    path = f"/v1/devices/{account.device_id}/push"
    key = phone.as_device(account, "GET", path, answer=PushState).application_server_key
    subscription, message = _subscribed(walker, key, f"/push/{account.device_id}")
    expect(bool(subscription.read(message.body)), "the phone is woken by an empty message")
    expect(vapid_claims(message.headers)[1] == key, "another key than the phone's wakes it")
    phone.as_device(account, "DELETE", path, answer=type(None))
    _subscribed(walker, key, f"{GONE_PATH}/{account.device_id}")
    deadline = time.monotonic() + walker.patience
    while phone.as_device(account, "GET", path, answer=PushState).endpoint_sha256:
        expect(time.monotonic() < deadline, "a subscription that is gone is kept")
        time.sleep(0.2)


def _subscribed(walker: Walker, key: str, endpoint: str) -> tuple[PushSubscription, Heard]:
    """A subscription at the receiver, and the message by which a login wakes the phone."""
    account, receiver = walker.account, walker.deployment.stand_in.receiver
    subscription = PushSubscription.make(receiver.url + endpoint)
    path = f"/v1/devices/{account.device_id}/push"
    walker.phone.as_device(account, "PUT", path, body=subscription.ask(key), answer=type(None))
    login = walker.start()
    message = receiver.heard(endpoint, walker.patience)
    walker.browser.cancel(login)
    return subscription, message


def make_codes(walker: Walker) -> None:
    """Ten recovery codes, which count once one of them is typed back."""
    made = make_recovery_codes(walker.phone, walker.account)
    confirm_recovery_codes(walker.phone, walker.account, made.set_id, made.codes[0])
    left = recovery_codes_left(walker.phone, walker.account).left
    expect(left == len(made.codes), f"{left} recovery codes are left")


def freeze_account(walker: Walker) -> None:
    """The phone freezes its account: a page that waits is told, and so is the phone, which may not open it today."""
    phone, account = walker.phone, walker.account
    with waiting_page(walker, walker.waiting or walker.start()) as heard:
        freeze(phone, account)
        expect(heard() != "pending", "the page that waits is not told of the freeze")
    since = frozen(phone, account)
    if since is None:
        raise Differs("the phone is not told that the account is frozen")
    with refused("opening_not_allowed"):
        open_again(phone, account, since)
