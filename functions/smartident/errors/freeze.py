"""Refusals that concern a freeze of an account, and its opening."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class OpeningNotAllowed(Refusal):
    """The account did not have the device a day before it was frozen: another one opens it, or the operator."""

    code = "opening_not_allowed"


class FreezeLinkInvalid(Refusal):
    """No notice of ours holds this token, or the notice is gone."""

    code = "freeze_link_invalid"


class FreezeLinkExpired(Refusal):
    """The link of the notice is older than seven days."""

    code = "freeze_link_expired"


class FreezeLinkUsed(Refusal):
    """The link of the notice has frozen the account before; it was opened again since."""

    code = "freeze_link_used"


class TooManyFreezes(Refusal):
    """Links have frozen the account twice within a day; `retry_after` says for how many seconds they do not."""

    code = "too_many_freezes"
