"""Refusals that concern passkeys."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class PasskeyRefused(Refusal):
    """The passkey does not count: unknown, removed, without a fingerprint, on another page, or too late."""

    code = "passkey_refused"


class PasskeyLimitReached(Refusal):
    """The account has reached its limit of passkeys."""

    code = "passkey_limit_reached"


class FreshLoginRequired(Refusal):
    """This login was completed too long ago for what is asked, or not by a phone."""

    code = "fresh_login_required"
