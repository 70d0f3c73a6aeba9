"""The one table from a refusal to its status and its sentences (RFC 9457), German first.

A fault of ours is told as a 500, what asking again may repair as a 503.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.aws import error_code
from smartident.errors import Refusal, ServiceUnavailable
from smartident.http.languages import language
from smartident.problems.accounts import ACCOUNTS
from smartident.problems.devices import DEVICES
from smartident.problems.freeze import FREEZE
from smartident.problems.logins import LOGINS
from smartident.problems.passkeys import PASSKEYS
from smartident.problems.recovery import RECOVERY
from smartident.problems.requests import REQUESTS
from smartident.telemetry import log_fault

if TYPE_CHECKING:
    from smartident.problems.problem import Problem

TYPE = "urn:smartident:problem:"
PROBLEMS: dict[str, Problem] = {**REQUESTS, **ACCOUNTS, **DEVICES, **FREEZE, **LOGINS, **PASSKEYS, **RECOVERY}
# Errors of AWS calls that asking again does not repair. They are our faults and must be logged as faults.
_LASTING = {"ValidationException", "AccessDeniedException", "ResourceNotFoundException"}


def body(refusal: Refusal, *, accept_language: str, request_id: str) -> dict[str, object]:
    """The problem document of a refusal: its code, its sentence and its details, but not its message."""
    problem = PROBLEMS[refusal.code]
    title = problem.en if language(accept_language) == "en" else problem.de
    return {
        "type": TYPE + refusal.code,
        "title": title,
        "status": problem.status,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.details,
    }


def refusal_of(error: Exception, request_id: str) -> Refusal:
    """The refusal that the caller of a failed request gets; the fault itself goes to the log."""
    log_fault(error, request_id)
    if type(error).__module__.partition(".")[0] not in {"pynamodb", "botocore"}:
        return Refusal()
    if error_code(error) in _LASTING:
        return Refusal()
    return ServiceUnavailable(retry_after=1)
