"""A program of others reads what the service sends to phones: http_ece, by the author of RFC 8291."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from smartident.crypto.base64url import encode
from smartident.push.encryption import encrypt
from smartident.push.message import LENGTH, NEWS, REQUEST, message_of
from smartident_client.push import PushSubscription
from smartident_laptop.template import ROOT
from tests.push.test_encryption import AUTH, MESSAGE, PLAIN, UA_PRIVATE

if TYPE_CHECKING:
    from tests.support.world import World

COMMAND = ("node", str(ROOT / "tests/interop/decrypt.mjs"))


def run(told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What http_ece makes of a body, with a browser's keys."""
    environment = {"PATH": os.environ["PATH"], "NODE_MODULES": str(ROOT / ".cache/interop/node_modules")}
    asked = json.dumps(told)
    return subprocess.run(COMMAND, input=asked, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  the tools that make has installed


def read_by_others(browser: PushSubscription, body: bytes) -> subprocess.CompletedProcess[str]:
    """What http_ece makes of a message for this browser."""
    number = browser.key.private_numbers().private_value.to_bytes(32)
    return run({"d": encode(number), "auth": encode(browser.auth), "body": encode(body)})


@pytest.mark.parametrize("topic", [REQUEST, NEWS])
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_sent_to_a_phone_others_read_as_it_was_meant(world: World, topic: str, language: str) -> None:
    browser, meant = PushSubscription.make("https://fcm.googleapis.com/x"), message_of(topic, language)
    read = read_by_others(browser, encrypt(meant, p256dh=browser.p256dh, auth=browser.auth, length=LENGTH))
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout) == json.loads(meant)
    assert browser.read(encrypt(meant, p256dh=browser.p256dh, auth=browser.auth)) == json.loads(meant)


def test_what_is_sent_to_another_phone_others_do_not_read() -> None:
    first, second = (PushSubscription.make("https://fcm.googleapis.com/x") for _ in range(2))
    assert read_by_others(second, encrypt(b"{}", p256dh=first.p256dh, auth=first.auth)).returncode != 0


def test_the_example_of_the_rfc_is_read_by_others_too() -> None:
    """What reads here reads what nobody of us has written."""
    told = {"d": UA_PRIVATE, "auth": AUTH, "body": MESSAGE}
    assert run(told).stdout.encode() == PLAIN
