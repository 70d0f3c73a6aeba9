"""Web Push (RFC 8030): the push services of browsers, reached as all that others name (outbound/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.outbound.post import NotDelivered, post
from smartident.push.push_service import PushAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping


class WebPush:
    """Posts a message to the push service that an endpoint names."""

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> PushAnswer:
        """Post once; nobody's answer is an answer of status 0."""
        try:
            answer = post(endpoint, body, headers)
        except NotDelivered:
            return PushAnswer(0)
        return PushAnswer(answer.status, answer.retry_after or "")
