"""How a phone lets itself be woken (RFC 8030), in the test vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from smartident_client.push import PushSubscription
from tests.phone.by_code import FIRST, RECOVERED
from tests.phone.without_chance import fixed_key

if TYPE_CHECKING:
    from tests.phone.recording import Recording
    from tests.support.world import Phone

SUBSCRIBER = "subscription"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/carlas-telefon"


def waking(recording: Recording, phone: Phone, other: Phone) -> None:
    """A subscription comes, is told by its digest, and goes; what is no subscription; and the end of all sessions."""
    path = f"/v1/devices/{phone.key.thumbprint}/push"
    key = recording.send("push: our key", phone, "GET", path, by=FIRST)["application_server_key"]
    own = fixed_key(SUBSCRIBER).private
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    made = PushSubscription(ENDPOINT, own, bytes(range(16)))
    elsewhere = PushSubscription("https://push.example.test/carlas-telefon", own, made.auth)
    recording.send("push: a service that is not allowed", phone, "PUT", path, elsewhere.ask(key), by=FIRST)
    before = {**made.ask(key), "application_server_key": made.ask(key)["keys"]["p256dh"]}  # type: ignore[index]  # ours
    recording.send("push: another key than ours", phone, "PUT", path, before, by=FIRST)
    recording.send("push: for another device", other, "PUT", path, made.ask(key), by=RECOVERED)
    recording.send("push: subscribe", phone, "PUT", path, made.ask(key), by=FIRST)
    recording.send("push: how it is woken", phone, "GET", path, by=FIRST)
    recording.send("push: unsubscribe", phone, "DELETE", path, by=FIRST)
    recording.send("sign out everywhere", phone, "DELETE", "/v1/sessions", by=FIRST)
