"""`python -m bench.push`: from the page's `POST /v1/logins` to the push service's 201, beside the answer to the page.

Logins begin one after the other through the laptop stack, each of somebody else whose phone subscribed; its push
service listens on this machine and answers at once.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.laptop_stack import Laptop, running
from bench.results import keep
from bench.waiting import told
from labs.rehearsal.receiver import Receiver
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.browser import Browser
from smartident_client.keys import Key
from smartident_client.keystore import Account, KeyStore
from smartident_client.phone import Phone
from smartident_client.push import PushSubscription
from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

WARM, PATIENCE = 8, 10


class PushState(msgspec.Struct):
    """The key that browsers subscribe to."""

    application_server_key: str


def subscribe(laptop: Laptop, phone: Phone, account_id: str, endpoint: str) -> None:
    """The phone's browser has subscribed at an endpoint."""
    key = Key.from_jwk(laptop.key)
    account = Account(laptop.url, account_id, "", "", key, RawApprovalKey(key))
    path = f"/v1/devices/{account.device_id}/push"
    ours = phone.as_device(account, "GET", path, answer=PushState).application_server_key
    phone.as_device(account, "PUT", path, body=PushSubscription.make(endpoint).ask(ours), answer=type(None))


def timed(laptop: Laptop, receiver: Receiver, browser: Browser, number: str, path: str) -> tuple[float, float]:
    """The seconds until the page was answered, and until the push service answered 201."""
    began = time.perf_counter()
    login = browser.start(number, laptop.password)
    answered = time.perf_counter() - began
    pushed = receiver.heard(path, PATIENCE).at - began
    browser.cancel(login)
    return answered, pushed


def measured(laptop: Laptop) -> dict[str, Any]:
    """Every person's login; the first ones warm the functions."""
    found = []
    with (
        listening() as receiver,
        Browser(laptop.url) as browser,
        tempfile.TemporaryDirectory() as folder,
        Phone(laptop.url, KeyStore(Path(folder) / "phone.json")) as phone,
    ):
        # The one host on this machine that the laptop's service allows.
        service = receiver.url.replace(LOOPBACK, "localhost")
        for number, account_id in laptop.people:
            path = f"/push/{account_id}"
            subscribe(laptop, phone, account_id, service + path)
            found.append(timed(laptop, receiver, browser, number, path))
    answered, pushed = (sorted(one) for one in zip(*found[WARM:], strict=True))
    return {"logins": len(answered), "answered": told(answered), "pushed": told(pushed)}


@contextmanager
def listening() -> Iterator[Receiver]:
    """A push service, for as long as the block lasts."""
    receiver = Receiver()
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


def main(arguments: list[str]) -> None:
    """Measure, keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.push", description=__doc__)
    parser.add_argument("--logins", type=int, default=200, help="logins that wake a phone (default 200)")
    options = parser.parse_args(arguments)
    with running(WARM + options.logins) as laptop:
        found = measured(laptop)
    print(found, flush=True)
    keep("push", found)


if __name__ == "__main__":
    main(sys.argv[1:])
