"""How many SMS a day: per account, phone number, block of numbers, and for the whole service.

The last part of the daily budget is a reserve for accounts that never had a device: stolen passwords of accounts that
had one cannot keep new customers from enrolling their first.
"""

from __future__ import annotations

from smartident.crypto.pepper import mac
from smartident.errors import SmsUnavailable, TooManyAttempts
from smartident.rate_limiting.counters import RateLimit
from smartident.settings import settings
from smartident.telemetry import log_event

# Fraudsters who earn by SMS rent blocks of ten thousand numbers, which differ in their last four digits.
BLOCK_DIGITS = 4
# Limits that many people share. No single person reaches one, so the refusal says nothing about this person.
SHARED = {"sms-prefix": "prefix", "sms-budget": "budget"}


def count_send(account_id: str, phone: str, *, had_device: bool, now: int) -> int:
    """Count an SMS before it is sent, and return which one of the day it is over the whole service.

    Raises TooManyAttempts for the account or the phone, SmsUnavailable for its block of numbers or the whole service.
    """
    counted: list[RateLimit] = []
    used = 0
    for limit in [*_narrow_limits(account_id, phone), _budget(reserved=_reserve() if had_device else 0)]:
        try:
            used = limit.count_one(now=now)
        except TooManyAttempts:
            _give_back(counted, now=now)
            if limit.scope in SHARED:
                log_event("sms_failed", reason=SHARED[limit.scope])
                raise SmsUnavailable(f"the daily {limit.scope} is used up") from None
            raise
        counted.append(limit)
    return used


def count_notice(*, now: int) -> int:
    """Count an SMS that tells what happened, and return which one of the day it is; raises SmsUnavailable.

    The outbox limits them by account; here only the day's budget, whose reserve they leave alone.
    """
    try:
        return _budget(reserved=_reserve()).count_one(now=now)
    except TooManyAttempts:
        raise SmsUnavailable("the daily budget is used up") from None


def give_notice_back(*, now: int) -> None:
    """Take back what one SMS counted that did not go out."""
    _budget(reserved=0).give_back(now=now)


def give_back(account_id: str, phone: str, *, now: int) -> None:
    """Take back what one send counted, for an SMS that did not go out."""
    _give_back([*_narrow_limits(account_id, phone), _budget(reserved=0)], now=now)


def limit_of_account(account_id: str) -> RateLimit:
    """The limit of a day that an account has, whatever its phone."""
    return RateLimit("sms-account", account_id, max=settings().sms_per_account_day)


def limits_of_person(account_id: str, phone: str) -> list[RateLimit]:
    """The limits of a day that one person reaches alone: the account's and the phone's."""
    return [
        limit_of_account(account_id),
        RateLimit("sms-phone", mac("sms-phone", phone), max=settings().sms_per_phone_day),
    ]


def _narrow_limits(account_id: str, phone: str) -> list[RateLimit]:
    """The limits of a day below that of the whole service, the narrowest first."""
    return [
        *limits_of_person(account_id, phone),
        RateLimit("sms-prefix", mac("sms-prefix", phone[:-BLOCK_DIGITS]), max=settings().sms_per_prefix_day),
    ]


def _budget(*, reserved: int) -> RateLimit:
    """The day's budget of the whole service, short of what is reserved for others."""
    return RateLimit("sms-budget", "all", max=settings().sms_daily_budget - reserved)


def _reserve() -> int:
    return settings().sms_daily_budget * settings().sms_reserve_percent // 100


def _give_back(limits: list[RateLimit], *, now: int) -> None:
    for limit in limits:
        limit.give_back(now=now)
