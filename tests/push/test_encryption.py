"""What is sent is what RFC 8291 says, byte for byte, and only the subscribed browser reads it."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from smartident.crypto.base64url import decode, encode
from smartident.push.encryption import encrypt, is_point
from smartident.push.message import LENGTH, NEWS, REQUEST, message_of
from smartident_client.push import PushSubscription
from tests.support.world import World

# RFC 8291, appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
TOPICS = [(topic, language) for topic in (REQUEST, NEWS) for language in ("de", "en")]


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    key = derive_private_key(int.from_bytes(decode(AS_PRIVATE, field="d")), SECP256R1())
    p256dh, auth, salt = (decode(text, field="example") for text in (UA_PUBLIC, AUTH, SALT))
    assert encode(encrypt(PLAIN, p256dh=p256dh, auth=auth, key=key, salt=salt)) == MESSAGE


@pytest.mark.parametrize(("topic", "language"), TOPICS)
def test_a_message_says_that_something_waits_and_what_to_open(world: World, topic: str, language: str) -> None:
    browser = PushSubscription.make("https://fcm.googleapis.com/x")
    told = browser.read(encrypt(message_of(topic, language), p256dh=browser.p256dh, auth=browser.auth, length=LENGTH))
    assert told["web_push"] == 8030
    notification = told["notification"]
    assert (notification["title"], notification["lang"], notification["tag"]) == ("smartIDENT", language, topic)
    assert notification["navigate"].startswith("https://app.example.test/#/")


def test_without_a_page_to_open_the_app_itself_shows_the_message(world: World) -> None:
    world.set(APP_WEB_URL="")
    told = json.loads(message_of(REQUEST, "de"))
    assert ("web_push" in told, "navigate" in told["notification"]) == (False, False)


def test_no_message_is_longer_or_shorter_than_another(world: World) -> None:
    world.set(APP_WEB_URL=f"https://{'a' * 101}/")
    browser = PushSubscription.make("https://fcm.googleapis.com/x")
    sizes = {
        len(encrypt(message_of(topic, language), p256dh=browser.p256dh, auth=browser.auth, length=LENGTH))
        for topic, language in TOPICS
    }
    # Header, record and tag, as RFC 8188 has them.
    assert sizes == {16 + 4 + 1 + 65 + LENGTH + 16}


def test_another_browser_reads_nothing() -> None:
    first, second = (PushSubscription.make("https://fcm.googleapis.com/x") for _ in range(2))
    body = encrypt(b"{}", p256dh=first.p256dh, auth=first.auth)
    with pytest.raises(InvalidTag):
        second.read(body)


def test_two_messages_share_neither_key_nor_salt() -> None:
    browser = PushSubscription.make("https://fcm.googleapis.com/x")
    first, second = (encrypt(b"{}", p256dh=browser.p256dh, auth=browser.auth) for _ in range(2))
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


@pytest.mark.parametrize(
    ("point", "taken"),
    [(decode(UA_PUBLIC, field="p"), True), (b"\x04" + bytes(64), False), (b"", False), (b"\x02" + bytes(32), False)],
    ids=["a browser's", "off the curve", "nothing", "compressed and off"],
)
def test_only_a_point_of_the_curve_encrypts(point: bytes, taken: bool) -> None:
    assert is_point(point) is taken


def test_a_compressed_point_is_none_that_a_browser_writes() -> None:
    key = derive_private_key(int.from_bytes(decode(UA_PRIVATE, field="d")), SECP256R1()).public_key()
    assert not is_point(key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
