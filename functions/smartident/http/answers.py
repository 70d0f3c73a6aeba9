"""The answers of handlers that are more than a JSON body, and when they leave."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types

from smartident.http import cookies
from smartident.http.api import base_url
from smartident.http.events import headers_of
from smartident.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def to_browser(app: APIGatewayHttpResolver, body: dict[str, object]) -> Response[str]:
    """The answer; where page and API share a host, with the browser's token in a cookie that no script reads."""
    own_page = base_url(app).startswith("https:") and headers_of(app.current_event.raw_event).get("origin") == base_url(
        app
    )
    kept = [cookies.holding(str(body.pop("trusted_browser")))] if own_page and "trusted_browser" in body else []
    return Response(200, content_types.APPLICATION_JSON, msgspec.json.encode(body).decode(), cookies=kept)


def no_content() -> Response[str]:
    """204: done, without a body."""
    return Response(204, content_type=None, body="")


def cached_json(body: dict[str, Any], seconds: int) -> Response[str]:
    """A public answer that anybody may cache for so many seconds."""
    headers: dict[str, str | list[str]] = {"Cache-Control": f"public, max-age={seconds}"}
    return Response(200, content_types.APPLICATION_JSON, msgspec.json.encode(body).decode(), headers)


@contextmanager
def answered_at_fixed_time(*, when: Callable[[BaseException | None], bool]) -> Iterator[None]:
    """Let every answer of the block that `when` says leave at one fixed time after its start."""
    began = time.monotonic()
    try:
        yield
    finally:
        if when(sys.exception()):
            time.sleep(max(0.0, settings().failed_answer_ms / 1000 - (time.monotonic() - began)))
