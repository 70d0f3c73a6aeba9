"""CIBA when something of the request, its login or its account changed in between, or was written by a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.ciba import tokens
from smartident.ciba.kept_request import row_of
from smartident.ciba.poll import end_reused
from smartident.logins.login import APPROVED, LoginRow
from smartident.logins.reading import read_login
from smartident.oauth.oauth_errors import InvalidGrant
from tests.support.ciba_flow import BackEnd

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def request_of(begun: dict[str, Any]) -> Any:
    """What the table keeps of a request."""
    row = row_of(begun["auth_req_id"])
    row.refresh(consistent_read=True)
    return row


def login_row_of(begun: dict[str, Any]) -> LoginRow:
    """The login that it began."""
    account_id, _, part = request_of(begun).login_id.partition(".")
    return LoginRow.get(account_id, f"LOGIN#{part}", consistent_read=True)


def test_a_request_that_our_own_code_has_not_written_gives_nothing(back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone)
    row = request_of(begun)
    row.scope = "openid profile email offline_access"
    row.save()
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


def test_a_request_whose_login_is_gone_is_over(back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone)
    login_row_of(begun).delete()
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


def test_an_approval_that_no_phone_gave_completes_nothing(back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.ask()[2]
    row = login_row_of(begun)
    row.state, row.decided_by, row.decided_at = APPROVED, phone.key.thumbprint, row.created_at
    row.save()
    assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


def test_what_comes_again_ends_though_it_gave_nothing(back_end: BackEnd) -> None:
    begun = back_end.ask()[2]
    with pytest.raises(InvalidGrant):
        end_reused(read_login(request_of(begun).login_id))


def test_another_phone_revoked_in_between_takes_no_approval_back(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    other = world.paired_phone(phone, anna)
    begun = back_end.approved(phone)
    world.aws.before("TransactWriteItems", lambda: world.revoke(phone, other.key.thumbprint))
    assert back_end.poll(begun["auth_req_id"])[0] == 200


def test_an_account_read_before_its_next_epoch_is_read_again(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    other = world.paired_phone(phone, anna)
    begun = back_end.approved(phone)
    read = tokens.__dict__["read_standing"]
    earlier = [read(anna.id)]
    world.revoke(phone, other.key.thumbprint)
    world.monkeypatch.setattr(tokens, "read_standing", lambda account: earlier.pop() if earlier else read(account))
    assert back_end.poll(begun["auth_req_id"])[0] == 200
    assert earlier == []


def test_a_lookup_that_leads_to_nobody_is_a_name_that_nobody_has(world: World, back_end: BackEnd) -> None:
    account = world.account("300100200")
    account.item.delete()
    unknown, gone = back_end.ask(login_hint="300100201"), back_end.ask(login_hint="300100200")
    assert (unknown[0], unknown[2].keys()) == (gone[0], gone[2].keys())
    assert gone[0] == 200
