"""The kinds of events that the outbox holds, by the names that the wire has for them."""

from __future__ import annotations

from typing import Literal

Event = Literal[
    "account_frozen",
    "account_opened",
    "device_registered",
    "device_registered_by_code",
    "device_retired",
    "device_revoked",
    "email_changed",
    "enrolment_code_issued",
    "external_id_changed",
    "not_me",
    "passkey_made",
    "passkey_only_ending",
    "passkey_only_on",
    "passkey_removed",
    "password_changed",
    "phone_changed",
    "phone_only_on",
    "phone_or_passkey_on",
    "recovery_codes_blocked",
    "recovery_codes_made",
    "recovery_codes_revoked",
    "recovery_used",
    "registration_delayed",
    "registration_waiting",
    "two_factor_off",
    "two_factor_on",
]
# Only for the operator's own programs (events.py); the person is told nothing.
UNTOLD = {"external_id_changed"}
