"""How an enrolment code comes into the world: an operator issues it, or a client for a new account of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.account_change import change_of
from smartident.crypto.random import random_id
from smartident.enrolment.enrolment_code import (
    OPEN,
    UNCONFIRMED,
    EnrolmentCode,
    confirm_enrolment_code,
    put_enrolment_code,
    read_enrolment_code,
    typed_mac,
)
from smartident.enrolment.spelling import new_code
from smartident.notices.outbox import OPERATOR, notice
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account

# A posted letter takes its time (SP 800-63B-4, 4.2.1.2: 21 days within one country).
QR_DAYS, LETTER_DAYS = 7, 21


class EnrolmentCodeDenied(Exception):  # noqa: N818  named as a refusal is; the client hears it in OAuth's words
    """The client may issue no code for this account."""


class EnrolmentCodeGone(Exception):  # noqa: N818  named as a refusal is; only operators hear it
    """No code of the account waits for a second operator."""


class SameOperator(Exception):  # noqa: N818  as above
    """The operator who issued a code cannot be the one who confirms it."""


@dataclass(frozen=True)
class IssuedCode:
    """A new enrolment code, told this once: what the person types or scans, and until when it counts."""

    access_number: str
    code: str = field(repr=False)
    expires_at: int
    is_confirmed: bool


def issue_enrolment_code(
    account_id: str,
    *,
    issued_by: str,
    told_as: str = OPERATOR,
    permitted: Callable[[Account], bool] = lambda _: True,
    for_letter: bool = False,
    two_operators: bool = False,
    now: int,
) -> IssuedCode:
    """A new code for one phone, on record with who issued it; the account's code before counts no more.

    `issued_by` is an operator's ARN, or `client:` and a client's id. The owner of an account that had a device is told,
    and of a client's code anyone. Raises AccountNotFound, or EnrolmentCodeDenied unless it is `permitted` as it stands.
    """
    code, code_id = new_code(for_letter=for_letter), random_id()
    until = now + (LETTER_DAYS if for_letter else QR_DAYS) * DAY

    def attempt(_: None) -> IssuedCode | Again[None]:
        account = _read_permitted(account_id, permitted)
        kept = EnrolmentCode(
            account_id=account_id,
            id=code_id,
            state=UNCONFIRMED if two_operators else OPEN,
            issued_by=issued_by,
            issued_at=now,
            expires_at=until,
            grant_epoch=account.grant_epoch,
            # As the account is by then: what began with the code before ends, and so does that code, put back or not.
            credential_version=account.credential_version + 1,
            code_mac=typed_mac(account_id, code_id, code),
        )
        return _put(account, kept, told_as) or IssuedCode(account.number, code, until, is_confirmed=not two_operators)

    return retry(attempt, None)


def _put(account: Account, code: EnrolmentCode, told_as: str) -> Again[None] | None:
    change = change_of(account)
    change.record("enrolment_code_issued", now=code.issued_at, detail=code.issued_by)
    change.end_registrations()
    change.also([put_enrolment_code(code)])
    if account.had_device or code.is_of_client:
        change.also([notice(account.id, "enrolment_code_issued", now=code.issued_at, by=told_as)])
    return write(*change.operations(), on_conflict=_look_again)


def confirm_issued_code(account_id: str, code_id: str, *, confirmed_by: str, now: int) -> int:
    """Let this code of the account count, on record with who confirmed it, and return until when.

    Raises AccountNotFound, EnrolmentCodeGone if it is not the account's by now, or SameOperator for who issued it.
    """

    def attempt(_: None) -> int | Again[None]:
        account = _read(account_id)
        code = read_enrolment_code(account_id)
        if code is None or code.id != code_id or not code.is_current(account, now=now):
            raise EnrolmentCodeGone
        if code.issued_by == confirmed_by:
            raise SameOperator
        if code.state != UNCONFIRMED:
            if code.confirmed_by == confirmed_by:
                return code.expires_at
            raise EnrolmentCodeGone
        change = change_of(account)
        change.record("enrolment_code_confirmed", now=now, detail=confirmed_by)
        again = write(confirm_enrolment_code(code, by=confirmed_by), *change.operations(), on_conflict=_look_again)
        return again or code.expires_at

    return retry(attempt, None)


def _read(account_id: str) -> Account:
    account = read_account(account_id)
    if account is None:
        raise AccountNotFound
    return account


def _read_permitted(account_id: str, permitted: Callable[[Account], bool]) -> Account:
    account = _read(account_id)
    if not permitted(account):
        raise EnrolmentCodeDenied
    return account


def _look_again(_: FailedConditions) -> Again[None]:
    """Something of the account or its code went on: both are read again."""
    return Again(None)
