"""The log: one line per request and one per event of a login, with the fields named here and no others.

docs/log-fields.md explains each field; template.yaml makes metrics from these lines.
"""

from __future__ import annotations

import traceback
from contextvars import ContextVar
from functools import cache
from pathlib import PurePath
from typing import Any

from aws_lambda_powertools import Logger

from smartident.aws import error_code

# How AWS's services say that a role lacks a permission, or that a key is switched off. Asking again repairs neither.
_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "DisabledException",
    "ForbiddenException",
    "KMSInvalidStateException",
    "NotFoundException",
}
_request: ContextVar[str] = ContextVar("request", default="")
_viewer: ContextVar[str | None] = ContextVar("viewer", default=None)


@cache
def _logger() -> Logger:
    # The line of this file that wrote a log line helps nobody, and CloudWatch charges by the byte.
    return Logger(location=None)


def begin_request(request_id: str) -> None:
    """From here on, events contain the id of this request."""
    _request.set(request_id)
    _viewer.set(None)


def note_viewer(address: str | None) -> None:
    """The line of this request says who asked, where API Gateway's own log cannot say it."""
    _viewer.set(address)


def log_event(event: str, *, login_id: str | None = None, reason: str | None = None, **numbers: int) -> None:
    """Log an event of the story. Of a login's id it logs only the part that names no account."""
    login = login_id and login_id.rpartition(".")[2]
    named = {name: text for name, text in {"login": login, "reason": reason}.items() if text}
    _logger().info("event", extra={"event": event, **named, **numbers, "request_id": _request.get()})


def log_request(*, route: str, status: int, request_id: str, milliseconds: int) -> None:
    """Log a request: its route, its status, its duration, and the viewer that was noted."""
    fields: dict[str, Any] = {
        "route": route,
        "status": status,
        "request_id": request_id,
        "milliseconds": milliseconds,
    }
    if viewer := _viewer.get():
        fields["viewer"] = viewer
    _logger().info("request", extra=fields)


def log_refusal(code: str, why: str, request_id: str) -> None:
    """Log why a request was declined, in our own words, without the caller's input."""
    _logger().info("refusal", extra={"code": code, "why": why, "request_id": request_id})


def log_fault(error: BaseException, request_id: str | None = None) -> None:
    """Log a fault of this request: its type and place, but not its text, which may contain the caller's input."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    fields = {"error": type(error).__name__, "where": where, "request_id": request_id or _request.get()}
    _logger().error("fault", extra=fields)


def log_if_denied(error: Exception) -> None:
    """Log a fault if AWS denies us the call: the caller may ask again, but the alarm Faults must ring."""
    if error_code(error) in _DENIED:
        log_fault(error)
