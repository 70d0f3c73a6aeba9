"""What else a service does beside logins and enrolments, as tests/bench/test_counted_beside.py counts it.

Computing time and log are no part of it: these acts are rare beside logins, and nothing measures their processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.cost.prices import Prices


@dataclass(frozen=True)
class Act:
    """One act, with all that follows from it."""

    name: str
    read_units: int
    write_units: int
    http_requests: int
    # Functions that the table's stream and the queues behind it call, beside those of the requests.
    by_stream: int = 0
    # What goes through a queue: it is put, taken and deleted.
    messages: int = 0
    signatures: int = 0
    rsa_signatures: int = 0
    events: int = 0

    @property
    def calls(self) -> int:
        """How many functions are called."""
        return self.http_requests + self.by_stream

    def usd(self, prices: Prices) -> float:
        """What a million of them cost: the prices are those of a million."""
        return (
            self.read_units * prices.read_units
            + self.write_units * prices.write_units
            + self.http_requests * prices.http_requests
            + self.calls * prices.function_requests
            + self.signatures * prices.signatures
            + self.rsa_signatures * prices.rsa_signatures
            + self.events * prices.events
            + 3 * self.messages * prices.queue_requests
        )


BESIDE = {
    "recovery codes": Act("recovery codes made and typed back", 6, 22, 2),
    "lost phone": Act("a phone set up with a recovery code", 5, 22, 2),
    "freeze": Act("an account frozen and opened again", 6, 18, 2),
    "subscription": Act("a phone subscribed to push messages", 3, 1, 2),
    "push": Act("a phone woken for a login", 2, 0, 0, by_stream=1),
    "ciba": Act("CIBA: asked, approved, pinged and redeemed", 12, 27, 4, by_stream=2, messages=1, signatures=1),
    "code": Act("OpenID Connect around a login: link, code, tokens, userinfo", 5, 8, 5, signatures=1),
    "dpop": Act("the same with tokens bound by DPoP", 5, 10, 5, signatures=1),
    "rs256": Act("the same with an id_token by RS256", 5, 8, 5, rsa_signatures=1),
    "logout": Act("a session ended, and its client told", 3, 7, 1, by_stream=2, messages=1, signatures=1),
    "event": Act("an event for your own programs (EventBridge)", 1, 1, 0, by_stream=2, messages=1, events=1),
}
