"""Who can only write the table gets no token of OpenID Connect: items altered, put, put back and moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_password
from smartident.crypto.random import digest
from smartident.freeze.freeze import freeze_account
from smartident.oauth.authorization import AuthorizationRow
from smartident.oidc.pushed_request import PushedRequestRow
from smartident.sign_out.everywhere import sign_out_everywhere
from tests.support.oidc_flow import SPA, Flow
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

OFFLINE = "openid profile email offline_access"
# By which login it was used up: whoever takes that out may log in once more within the minute.
TOLD_REQUEST = {"used_by"}


@pytest.fixture
def writer() -> Writer:
    return Writer()


def authorization_row(code: str) -> AuthorizationRow:
    """The item of a code, or of what was given for it."""
    account_id, part, *_ = code.split(".")
    return AuthorizationRow.get(account_id, f"AUTHORIZATION#{part}", consistent_read=True)


def request_row(flow: Flow) -> PushedRequestRow:
    """The item of a pushed request."""
    return PushedRequestRow.get(f"OAUTH#{digest(flow.reference)}", "REQUEST", consistent_read=True)


def test_no_member_of_a_code_is_altered(flow: Flow, writer: Writer, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    for name in writer.spoil(authorization_row(code)):
        with alarm("authorization"):
            assert flow.token(code)[2].get("error") == "invalid_grant", name
    assert flow.token(code)[0] == 200


def test_no_member_of_what_a_client_got_is_altered(flow: Flow, writer: Writer, anna: Account, phone: Phone) -> None:
    flow.changes = {"scope": OFFLINE}
    told = flow.token(flow.answered(anna, phone)["code"])[2]
    for name in writer.spoil(authorization_row(told["access_token"])):
        with alarm("authorization"):
            assert flow.userinfo(told["access_token"])[0] == 401, name
        with alarm("authorization"):
            assert flow.refresh(told["refresh_token"])[2].get("error") == "invalid_grant", name
    assert flow.userinfo(told["access_token"])[0] == 200
    assert flow.refresh(told["refresh_token"])[0] == 200


@pytest.mark.parametrize("client", [None, SPA], ids=["the same client", "another client"])
def test_a_code_of_ones_own_is_put_into_no_other_account(
    world: World, flow: Flow, writer: Writer, anna: Account, client: str | None
) -> None:
    """The attacker's own code, named after the account that he wants, with the digest that fits it."""
    mine = flow.answered(world.account(two_factor=False), None)["code"]
    row, name = authorization_row(mine), mine.split(".", 1)[1]
    code = f"{anna.id}.{name}"
    writer.put(writer.item(row) | {"pk": {"S": anna.id}, "code_hash": {"S": digest(code)}})
    sent = {} if client is None else {"headers": {}, "client_id": client}
    if client is not None:
        writer.alter(authorization_row(code), client=client)
    with alarm("authorization"):
        assert flow.token(code, **sent)[2]["error"] == "invalid_grant"


def test_an_access_token_of_ones_own_choice_is_none(flow: Flow, writer: Writer, anna: Account, phone: Phone) -> None:
    code = flow.answered(anna, phone)["code"]
    chosen = f"{code.rpartition('.')[0]}.chosen"
    row, until = authorization_row(code), flow.world.now + 300
    writer.alter(row, state="active", access_token_hash=digest(chosen), access_expires_at=until)
    with alarm("authorization"):
        assert flow.userinfo(chosen)[0] == 401


@pytest.mark.parametrize("ends", ["signed out everywhere", "new password", "frozen"])
def test_what_ended_with_its_epoch_is_not_put_back(
    flow: Flow, writer: Writer, anna: Account, phone: Phone, ends: str
) -> None:
    world = flow.world
    flow.changes = {"scope": OFFLINE}
    told = flow.token(flow.answered(anna, phone)["code"])[2]
    code, before = flow.answered(anna, phone)["code"], writer.keep()
    if ends == "new password":
        change_password(anna.id, "Neu-Wort-4711", now=world.now)
    elif ends == "frozen":
        freeze_account(anna.id, operator="petra", now=world.now)
    else:
        sign_out_everywhere(anna.id, by=None, now=world.now)
    writer.put_back(before, "AUTHORIZATION#", "SESSION#", pk=anna.id)
    assert flow.userinfo(told["access_token"])[0] == 401
    assert flow.refresh(told["refresh_token"])[2]["error"] == "invalid_grant"
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_no_member_of_a_pushed_request_is_altered(flow: Flow, writer: Writer) -> None:
    flow.push_and_refer()
    for name in writer.spoil(request_row(flow), TOLD_REQUEST):
        with alarm("pushed_request"):
            assert flow.authorize()[0] == 400, name
    assert flow.authorize()[0] == 303


def test_a_pushed_request_is_found_under_no_other_reference(flow: Flow, writer: Writer) -> None:
    """Neither one that a link of the attacker's own names, nor one that lasts longer than its minute."""
    flow.push_and_refer()
    item = writer.item(request_row(flow))
    flow.reference = "urn:ietf:params:oauth:request_uri:mine"
    writer.put(item | {"pk": {"S": f"OAUTH#{digest(flow.reference)}"}})
    with alarm("pushed_request"):
        assert flow.authorize()[0] == 400


def test_a_used_reference_that_is_put_back_is_over_after_its_minute(
    world: World, flow: Flow, writer: Writer, anna: Account, phone: Phone
) -> None:
    flow.push_and_refer()
    item = writer.item(request_row(flow))
    flow.answered(anna, phone)
    world.later(60)
    writer.put(item)
    assert flow.authorize()[0] == 400
