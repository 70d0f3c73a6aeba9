"""Signing out everywhere, when the account or the phone that asks is gone meanwhile, or a session is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.password_attempts import begin_attempt
from smartident.devices.device import read_device
from smartident.errors import DeviceRevoked
from smartident.sessions.session import SessionRow, sessions_of
from smartident.sign_out.everywhere import OPERATOR, sign_out_everywhere
from tests.support.oidc_flow import Flow, add_clients
from tests.support.world import HOME

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def test_an_account_that_is_gone_has_nothing_to_sign_out(world: World) -> None:
    with pytest.raises(AccountNotFound):
        sign_out_everywhere("gone", by=None, now=world.now)


def test_a_phone_that_was_revoked_meanwhile_signs_nobody_out(world: World, anna: Account, phone: Phone) -> None:
    other = world.paired_phone(phone, anna)
    asking = read_device(anna.id, other.key.thumbprint)
    assert asking is not None
    world.revoke(phone, other.key.thumbprint)
    with pytest.raises(DeviceRevoked):
        sign_out_everywhere(anna.id, by=asking, now=world.now)


@pytest.mark.parametrize("by_phone", [True, False], ids=["the phone", "the operator"])
def test_signing_out_everywhere_is_on_record_and_no_browser_is_trusted(
    world: World, anna: Account, phone: Phone, by_phone: bool
) -> None:
    asking = read_device(anna.id, phone.key.thumbprint) if by_phone else None
    token = world.trusted_browser(anna, phone)
    assert begin_attempt(anna.number, HOME, token=token, now=world.now).browser is not None
    sign_out_everywhere(anna.id, by=asking, now=world.now)
    assert begin_attempt(anna.number, HOME, token=token, now=world.now).browser is None
    records = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    (said,) = [one.detail for one in records if one.type == "sessions_ended"]
    assert said == (phone.key.thumbprint if by_phone else OPERATOR)
    after = read_account(anna.id)
    assert after is not None
    assert after.grant_epoch == anna.grant_epoch + 1


def test_a_session_that_our_own_code_has_not_written_is_none(world: World, anna: Account, phone: Phone) -> None:
    world.stop_the_clock()
    add_clients(world)
    flow = Flow(world)
    flow.answered(anna, phone)
    assert len(list(sessions_of(anna.id))) == 1
    (row,) = SessionRow.query(anna.id, SessionRow.sk.startswith("SESSION#"), consistent_read=True)
    row.session_mac = "A" * 22
    row.save()
    assert list(sessions_of(anna.id)) == []
