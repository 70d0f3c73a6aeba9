"""Enrolment codes: with its access number, a code lets one phone into an account, without password and SMS.

An account has one at a time. The table keeps a MAC of it; what ends a grant epoch ends the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.pepper import constant_time_equals, mac
from smartident.enrolment.spelling import as_made
from smartident.storage.enrolment_keys import enrolment_code as key_of
from smartident.storage.operations import Put, Update
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.accounts.account import Account

# How `issued_by` begins where a client issued it; the ARN of an operator begins otherwise.
CLIENT = "client:"
# `UNCONFIRMED` waits for a second operator.
UNCONFIRMED, OPEN, USED = "unconfirmed", "open", "used"


class EnrolmentCodeRow(Row, discriminator="enrolment_code"):
    """`<account_id>` | `SECRET#ENROLMENT`: the latest enrolment code of the account."""

    code_id = UnicodeAttribute()
    code_mac = UnicodeAttribute()
    state = UnicodeAttribute()
    issued_by = UnicodeAttribute()
    confirmed_by = UnicodeAttribute(null=True)
    issued_at = NumberAttribute()
    expires_at = NumberAttribute()
    # Of the account when it was issued: a revocation, a new password, a freeze, and its use end it.
    grant_epoch = NumberAttribute(default=0)
    credential_version = NumberAttribute(default=0)
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class EnrolmentCode:
    """One enrolment code as it stood when it was read; what the person types is not in it."""

    account_id: str
    id: str
    state: str
    issued_by: str
    issued_at: int
    expires_at: int
    grant_epoch: int
    credential_version: int
    confirmed_by: str | None = None
    code_mac: str = field(default="", repr=False)
    mac: str | None = field(default=None, compare=False, repr=False)

    def counts(self, account: Account, *, now: int) -> bool:
        """Whether it may let a phone into the account now: one that a client issued, the first phone alone."""
        too_late = self.is_of_client and account.had_device
        return self.state == OPEN and self.is_current(account, now=now) and not too_late

    def is_current(self, account: Account, *, now: int) -> bool:
        """Whether its time lasts, and the account is as it was when the code was issued."""
        issued_in = (self.grant_epoch, self.credential_version)
        return self.expires_at > now and issued_in == (account.grant_epoch, account.credential_version)

    @property
    def is_of_one_operator(self) -> bool:
        """Whether one operator alone issued it; a client issues codes for new accounts of its own."""
        return self.confirmed_by is None and not self.is_of_client

    @property
    def is_of_client(self) -> bool:
        """Whether a client issued it."""
        return self.issued_by.startswith(CLIENT)

    def is_typed(self, typed: str) -> bool:
        """Whether this is what somebody typed or scanned."""
        return constant_time_equals(self.code_mac, typed_mac(self.account_id, self.id, typed))


def typed_mac(account_id: str, code_id: str, typed: str) -> str:
    """What the table keeps of the code with this id."""
    return mac("enrolment-code", account_id, code_id, as_made(typed))


def enrolment_code_mac(code: EnrolmentCode) -> str:
    """The MAC of a code over all that its state lets in, in its epoch of the account."""
    operators, times = (code.issued_by, code.confirmed_by), (code.issued_at, code.expires_at)
    members = (code.credential_version, code.id, code.code_mac, code.state, *operators, *times)
    return grant_mac("enrolment-code", code.account_id, code.grant_epoch, *members)


def enrolment_code_of(row: EnrolmentCodeRow) -> EnrolmentCode:
    """The code that a row holds."""
    return EnrolmentCode(
        account_id=row.pk,
        id=row.code_id,
        state=row.state,
        issued_by=row.issued_by,
        confirmed_by=row.confirmed_by,
        issued_at=int(row.issued_at),
        expires_at=int(row.expires_at),
        grant_epoch=int(row.grant_epoch),
        credential_version=int(row.credential_version),
        code_mac=row.code_mac,
        mac=row.mac,
    )


def read_enrolment_code(account_id: str) -> EnrolmentCode | None:
    """The latest code of the account, whatever its state; None for none, or for one that our own code wrote not."""
    try:
        found = enrolment_code_of(EnrolmentCodeRow.get(*key_of(account_id), consistent_read=True))
    except EnrolmentCodeRow.DoesNotExist:
        return None
    if not is_genuine(found.mac, enrolment_code_mac(found)):
        report_forged("enrolment_code")
        return None
    return found


def put_enrolment_code(code: EnrolmentCode) -> Put:
    """Keep a new code, in place of the one before: that lets nobody in any more."""
    row = EnrolmentCodeRow(
        *key_of(code.account_id),
        code_id=code.id,
        code_mac=code.code_mac,
        state=code.state,
        issued_by=code.issued_by,
        confirmed_by=code.confirmed_by,
        issued_at=code.issued_at,
        expires_at=code.expires_at,
        grant_epoch=code.grant_epoch,
        credential_version=code.credential_version,
        mac=enrolment_code_mac(code),
        ttl=code.expires_at + DAY,
    )
    return Put(row, replaces=True)


def confirm_enrolment_code(code: EnrolmentCode, *, by: str) -> Update:
    """Let a code count that a second operator confirmed, as it was read."""
    return _moved(replace(code, state=OPEN, confirmed_by=by), [EnrolmentCodeRow.confirmed_by.set(by)], code)


def use_enrolment_code(code: EnrolmentCode, *, now: int) -> Update:
    """Use a code up: it lets one phone in, while its time lasts and as it was read."""
    moved = _moved(replace(code, state=USED), [], code)
    return Update(moved.row, moved.actions, moved.condition & (EnrolmentCodeRow.expires_at > now))


def _moved(code: EnrolmentCode, actions: list[Any], read: EnrolmentCode) -> Update:
    actions += [EnrolmentCodeRow.state.set(code.state), EnrolmentCodeRow.mac.set(enrolment_code_mac(code))]
    return Update(EnrolmentCodeRow(*key_of(code.account_id)), actions, EnrolmentCodeRow.mac == read.mac)
