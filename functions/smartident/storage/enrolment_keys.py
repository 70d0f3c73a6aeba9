"""The keys of what lets a phone in without an old one; keys.py spells all others."""

from __future__ import annotations

from smartident.storage.keys import Key

_ENROLMENT_CODE, _DELAYED = "SECRET#ENROLMENT", "DELAYED_REGISTRATION"


def enrolment_code(account_id: str) -> Key:
    """The one enrolment code of an account, outside what a decision reads."""
    return Key(account_id, _ENROLMENT_CODE)


def delayed_registration(account_id: str) -> Key:
    """The one registration of an account that waits; a phone's Query reads it too."""
    return Key(account_id, _DELAYED)
