"""Telemetry: a log line per request and one per event of a login, made of fields that are named here and nothing else.

What each field means stands in docs/log-fields.md; template.yaml makes its metrics of these lines.
"""

from __future__ import annotations

import traceback
from contextvars import ContextVar
from functools import cache
from pathlib import PurePath
from typing import Any

from aws_lambda_powertools import Logger

_request: ContextVar[str] = ContextVar("request", default="")


@cache
def _logger() -> Logger:
    # Which line of this file wrote a line of the log tells nobody anything, and would be paid for by the byte.
    return Logger(location=None)


def begin_request(request_id: str) -> None:
    """From here on, events bear the id of this request."""
    _request.set(request_id)


def log_event(event: str, *, login_id: str | None = None, reason: str | None = None, **numbers: int) -> None:
    """What came to pass in the story. Of a login's id only the part that names no account is said."""
    login = login_id and login_id.rpartition(".")[2]
    named = {name: text for name, text in {"login": login, "reason": reason}.items() if text}
    _logger().info("event", extra={"event": event, **named, **numbers, "request_id": _request.get()})


def log_request(*, route: str, status: int, request_id: str, milliseconds: int) -> None:
    """What was asked, how it ended, how long it took."""
    fields: dict[str, Any] = {
        "route": route,
        "status": status,
        "request_id": request_id,
        "milliseconds": milliseconds,
    }
    _logger().info("request", extra=fields)


def log_refusal(code: str, why: str, request_id: str) -> None:
    """Why a request was declined: a sentence of ours, without what the caller sent."""
    _logger().info("refusal", extra={"code": code, "why": why, "request_id": request_id})


def log_fault(error: BaseException, request_id: str) -> None:
    """A fault of ours: its type and where it happened, never its text, which may hold what the caller sent."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _logger().error("fault", extra={"error": type(error).__name__, "where": where, "request_id": request_id})
