"""A push service on the laptop (RFC 8030): it takes messages for whoever subscribed here, and shows that they came.

Nobody but the subscriber can read them, this push service neither.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BYTES = 4096
NEEDED = ("authorization", "ttl", "content-encoding")


@dataclass(frozen=True)
class PushMessage:
    """One message as it came."""

    number: int
    subscription: str
    topic: str
    ttl: str
    urgency: str
    authorization: str
    body: str
    sent_at: float


@dataclass
class PushService:
    """Takes every message for `/push/<subscription>`; a subscription that is called `gone` is gone."""

    taken: list[PushMessage] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """Take a message: 201, or what real push services answer to a wrong one."""
        body, subscription = await request.body(), request.path_params["subscription"]
        if len(body) > MAX_BYTES:
            return Response(status_code=413)
        if any(name not in request.headers for name in NEEDED):
            return Response(status_code=400)
        if subscription == "gone":
            return Response(status_code=410)
        told = {name: request.headers.get(name, "") for name in ("topic", "ttl", "urgency", "authorization")}
        text = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
        self.taken.append(PushMessage(len(self.taken) + 1, subscription, body=text, sent_at=time.time(), **told))
        return Response(status_code=201, headers={"location": f"/push/{subscription}/{len(self.taken)}"})

    def messages(self, since: int = 0) -> list[PushMessage]:
        """The messages of a higher number than `since`, oldest first."""
        return [one for one in list(self.taken) if one.number > since]
