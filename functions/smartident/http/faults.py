"""What a fault of ours, or of AWS, is told as: our own is a 500, what asking again may repair a 503."""

from __future__ import annotations

from smartident.errors import Refusal, ServiceUnavailable
from smartident.telemetry import log_fault

# Errors of AWS calls that asking again does not repair. They are our faults and must be logged as faults.
_LASTING = {"ValidationException", "AccessDeniedException", "ResourceNotFoundException"}


def refusal_of(error: Exception, request_id: str) -> Refusal:
    """The refusal that the caller of a failed request gets; the fault itself goes to the log."""
    log_fault(error, request_id)
    if type(error).__module__.partition(".")[0] not in {"pynamodb", "botocore"}:
        return Refusal()
    response = getattr(getattr(error, "cause", None) or error, "response", None) or {}
    if response.get("Error", {}).get("Code") in _LASTING:
        return Refusal()
    return ServiceUnavailable(retry_after=1)
