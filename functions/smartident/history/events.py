"""History: the logins and the records of an account as one list of events, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.accounts.audit_log import read_records
from smartident.errors import InvalidRequest
from smartident.logins.login import APPROVED, CANCELLED, COMPLETED, DENIED, EXPIRED, Login
from smartident.logins.reading import latest_logins
from smartident.statements.login import read_statement
from smartident.storage import keys

if TYPE_CHECKING:
    from smartident.accounts.audit_log import AuditRecordRow

PAGE = 50
SESSIONS_ENDED = "sessions_ended"
DEVICE_REVOKED, DEVICE_RENAMED, OPERATOR = "device_revoked", "device_renamed", "operator"
DEVICE_RETIRED = "device_retired"
LOGIN_POLICY_CHANGED = "login_policy_changed"
# Only operators do these.
BY_OPERATOR = {
    "two_factor_changed",
    "password_changed",
    "phone_changed",
    "email_changed",
    "external_id_changed",
    "login_policy_ordered",
    "account_unlocked",
    "grants_renewed",
    "browsers_forgotten",
    "enrolment_code_issued",
    "enrolment_code_confirmed",
}
# By a device, the operator, or the link of a notice, which has neither device nor detail. Which operator it was, the
# audit log keeps; a phone is not told.
NAMES_OPERATOR = {"enrolment_code_issued", "enrolment_code_confirmed"}
FREEZES, NOTICE = {"account_frozen", "account_opened"}, "notice"
# A device does, or an operator.
RECOVERY_CODES_REVOKED = "recovery_codes_revoked"
MAX_CURSOR_LENGTH = 40
_LOGIN_EVENTS = {
    APPROVED: "login_approved",
    COMPLETED: "login_completed",
    DENIED: "login_denied",
    CANCELLED: "login_cancelled",
    EXPIRED: "login_expired",
}


@dataclass(frozen=True)
class Event:
    """One line of the history; `id` sorts newest first and is the cursor of the page after it."""

    id: str
    members: dict[str, object]


def read_page(account_id: str, *, before: str | None, now: int) -> dict[str, object]:
    """Fifty events from before a cursor on, and the cursor of the next page or none."""
    after = _cursor(before)
    logins = latest_logins(account_id, after=after, limit=PAGE + 1)
    records = _records(account_id, after)
    # A login that still waits is no event yet. So where the logins were cut off they may fill no page, and what is
    # older than their last could belong in between.
    cut = logins[-1].part if len(logins) > PAGE else None
    found = [*(event for login in logins if (event := _of_login(login, now))), *records]
    events = sorted((event for event in found if cut is None or event.id <= cut), key=lambda event: event.id)
    page = events[:PAGE]
    following = page[-1].id if len(events) > PAGE else cut
    return {"events": [{"event_id": event.id, **event.members} for event in page], "next": following}


def _cursor(before: str | None) -> str:
    if before is None:
        return ""
    if len(before) > MAX_CURSOR_LENGTH or not (before.isascii() and before.isalnum()):
        raise InvalidRequest("cursor", field="before")
    return before + "!"


def _records(account_id: str, after: str) -> list[Event]:
    return [_of_record(row) for row in read_records(account_id, after=after, limit=PAGE + 1)]


def _of_record(row: AuditRecordRow) -> Event:
    """Who did it and how, as far as the record says. Its other details serve the hash chain."""
    by, detail = None, None
    if row.type in {DEVICE_REVOKED, DEVICE_RETIRED, SESSIONS_ENDED}:
        by = row.detail
    elif row.type in BY_OPERATOR:
        by, detail = OPERATOR, None if row.type in NAMES_OPERATOR else row.detail
    elif row.type in FREEZES:
        by = row.device_id or (OPERATOR if row.detail else NOTICE)
    elif row.type == RECOVERY_CODES_REVOKED:
        by = None if row.device_id else OPERATOR
    elif row.type in {DEVICE_RENAMED, LOGIN_POLICY_CHANGED}:
        detail = row.detail
    part = keys.part_of(row.sk)
    return _event(part, row.type, int(row.at), device_id=row.device_id, by=by, detail=detail)


def _of_login(login: Login, now: int) -> Event | None:
    kind = _LOGIN_EVENTS.get(login.status(now))
    if kind is None:
        return None
    said = read_statement(login.statement)
    return _event(
        login.part,
        kind,
        login.completed_at or login.decided_at or login.created_at,
        login_id=login.id,
        device_id=login.decided_by,
        reason=login.reason,
        browser=said["browser"],
        os=said["os"],
        ip=said["ip"],
        origin=said["origin"],
    )


def _event(event_id: str, kind: str, at: int, **members: object) -> Event:
    empty = dict.fromkeys(("device_id", "login_id", "browser", "os", "ip", "origin", "reason", "by", "detail"))
    return Event(event_id, {"type": kind, "at": at, **empty, **members})
