"""The one table from a refusal to its status and its sentences (RFC 9457), German first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.http.languages import language
from smartident.problems.accounts import ACCOUNTS
from smartident.problems.devices import DEVICES
from smartident.problems.logins import LOGINS
from smartident.problems.passkeys import PASSKEYS
from smartident.problems.requests import REQUESTS

if TYPE_CHECKING:
    from smartident.errors import Refusal
    from smartident.problems.problem import Problem

TYPE = "urn:smartident:problem:"
PROBLEMS: dict[str, Problem] = {**REQUESTS, **ACCOUNTS, **DEVICES, **LOGINS, **PASSKEYS}


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
