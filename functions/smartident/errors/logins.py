"""Refusals that concern logins and approvals."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class LoginNotFound(Refusal):
    """No such login, or it is not the caller's."""

    code = "login_not_found"


class LoginExpired(Refusal):
    """The login has expired."""

    code = "login_expired"


class LoginDecided(Refusal):
    """The login is already decided differently."""

    code = "login_decided"


class TransferCodeWrong(Refusal):
    """The transfer code is wrong; the login is now denied."""

    code = "transfer_code_wrong"


class ApprovalInvalid(Refusal):
    """Signature, statement or user verification is invalid."""

    code = "approval_invalid"


class ApprovalRequired(Refusal):
    """Only a decision of the approval key may do this; the device key alone is not enough."""

    code = "approval_required"


class LoginPending(Refusal):
    """The login is not decided yet."""

    code = "login_pending"


class LoginDenied(Refusal):
    """The login was denied or cancelled."""

    code = "login_denied"
