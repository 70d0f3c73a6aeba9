"""Refusals that concern passkeys."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class PasskeyRefused(Refusal):
    """The passkey does not count: unknown, removed, without a fingerprint, on another page, or too late."""

    code = "passkey_refused"


class PasskeyRequired(Refusal):
    """Only a passkey counts here: the account or the client asks for one."""

    code = "passkey_required"


class PasskeyNotAllowed(Refusal):
    """Only the phone counts here: the account or the client lets nobody log in with a passkey."""

    code = "passkey_not_allowed"


class SyncedPasskeyRefused(Refusal):
    """The operator accepts no passkey that its maker copies to other devices."""

    code = "synced_passkey_refused"


class PasskeyTooNew(Refusal):
    """The client demands a passkey that was not made just now; `retry_after` says when this one counts."""

    code = "passkey_too_new"


class TwoPasskeysRequired(Refusal):
    """The account has neither two passkeys, nor one and recovery codes, to let nothing else in."""

    code = "two_passkeys_required"


class LastPasskey(Refusal):
    """Without this passkey nobody could log in any more."""

    code = "last_passkey"


class PasskeyLimitReached(Refusal):
    """The account has reached its limit of passkeys."""

    code = "passkey_limit_reached"


class FreshLoginRequired(Refusal):
    """This login was completed too long ago for what is asked, or not by a phone."""

    code = "fresh_login_required"
