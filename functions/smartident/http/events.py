"""What an event of an HTTP API (payload format 2.0) holds of its request."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """The headers by their names in lower case; API Gateway joins those of one name by commas."""
    return {name.lower(): value for name, value in event.get("headers", {}).items()}


def body_of(event: Mapping[str, Any]) -> bytes:
    """The body as it was sent."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def is_compressed(event: Mapping[str, Any]) -> bool:
    """Whether the body says that it is encoded, which nobody here undoes: a small one could hold gigabytes."""
    return headers_of(event).get("content-encoding", "").strip().lower() not in {"", "identity"}
