"""How a registration begins with an enrolment code: the code was right, so that only the approval key is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.registration import (
    BY_ENROLMENT_CODE,
    Registration,
    new_row,
    registration_in_the_way,
    registration_mac,
    registration_of,
)
from smartident.storage.operations import Put
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof
    from smartident.enrolment.enrolment_code import EnrolmentCode


def begin_by_code(
    account: Account, code: EnrolmentCode, proof: NewKeyProof, *, device_name: str, platform: str, now: int
) -> Registration:
    """Keep a registration that the code admits; the same request come twice finds the first one."""
    row = new_row(account, proof, named=(device_name, platform), confirm_by=BY_ENROLMENT_CODE, now=now)
    row.enrolment_code_id = code.id
    row.mac = registration_mac(registration_of(row))
    before = write(
        Put(row), on_conflict=lambda conflict: registration_in_the_way(conflict, thumbprint=proof.thumbprint)
    )
    return before or registration_of(row)
