"""Telemetry: one log line per request, made of fields that are named here; nothing else is ever logged."""

from __future__ import annotations

import traceback
from functools import cache
from pathlib import PurePath
from typing import Any

from aws_lambda_powertools import Logger


@cache
def _logger() -> Logger:
    return Logger()


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
