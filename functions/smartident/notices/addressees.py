"""Whom a notice reaches: every e-mail of the account, and a phone only where there is no e-mail that it had before.

What was replaced within a day is told too, and what came within a day is never the only one told. Otherwise a change
of the address would keep its owner from hearing of anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.storage.table import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.accounts.account import Account
    from smartident.notices.outbox import Notice

REGISTRATION_WAITING = "registration_waiting"
# So many of an account go out by SMS a day: each costs money, and the password is enough to cause them.
MAX_SMS_A_DAY = 5
# The password is enough to cause these without end: each is told once in this time.
REPEATABLE, REPEAT_SECONDS = {REGISTRATION_WAITING, "not_me"}, 3600


@dataclass(frozen=True)
class Addressees:
    """The e-mails and the phone numbers that are to be told."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


def addressees(account: Account, notice: Notice, recent: Sequence[Notice]) -> Addressees:
    """Whom to tell, by the account as it is and what was replaced since a day before the event.

    `recent` is what the person was to be told since then, this notice among it.
    """
    changes = [one for one in recent if one.event == "email_changed"]
    former = [one.former_email for one in changes]
    emails = _held(account.email, former)
    phones = _held(account.phone, [one.former_phone for one in recent if one.event == "phone_changed"])
    has_older_email = any(former) or bool(account.email and not changes)
    # Without a device the SMS of the code says it already; with one, no code is sent.
    is_said = notice.event == REGISTRATION_WAITING and not account.active_devices
    if has_older_email or is_said or _sms_of(recent) >= MAX_SMS_A_DAY:
        return Addressees(emails)
    return Addressees(emails, phones)


def is_repetition(notice: Notice, recent: Sequence[Notice]) -> bool:
    """Whether the same was told within the hour, and says nothing new."""
    same = [one for one in recent if one.event == notice.event and one.part != notice.part and one.told]
    earlier = [one for one in same if notice.at - REPEAT_SECONDS < one.at <= notice.at]
    return notice.event in REPEATABLE and bool(earlier)


def since(notice: Notice) -> int:
    """Since when notices say whom this one has to reach."""
    return notice.at - DAY


def _held(now: str | None, formerly: Sequence[str | None]) -> tuple[str, ...]:
    """The address of today and those before it, each once."""
    return tuple(dict.fromkeys(address for address in (now, *formerly) if address))


def _sms_of(recent: Sequence[Notice]) -> int:
    return sum(address.startswith("+") for one in recent for address in one.told)
