"""Who can only write the table gets no token of CIBA: requests altered, re-pointed, moved and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_external_id
from smartident.crypto.random import digest
from smartident.freeze.freeze import freeze_account
from tests.ciba.test_in_between import login_row_of, request_of
from tests.support.ciba_flow import BACKEND, BackEnd, pinged
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

# How often the client may ask.
TOLD_REQUEST = {"interval", "next_poll_at"}


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_no_member_of_a_request_is_altered(back_end: BackEnd, writer: Writer, phone: Phone) -> None:
    begun = back_end.approved(phone)
    for name in writer.spoil(request_of(begun), TOLD_REQUEST):
        # Another client's request is none before anybody looks at its MAC.
        with alarm() if name == "client" else alarm("backchannel_request"):
            assert back_end.error(begun["auth_req_id"]) == "invalid_grant", name
    assert back_end.poll(begun["auth_req_id"])[0] == 200


def test_a_request_re_pointed_at_a_login_of_somebody_else_gives_nothing(
    world: World, back_end: BackEnd, writer: Writer, anna: Account, phone: Phone
) -> None:
    """The client's own request for its own person, turned to what another person approved."""
    mine = world.account()
    change_external_id(mine.id, BACKEND, "K-7", now=world.now)
    own = back_end.approved(world.phone(mine), login_hint="K-7")
    theirs = back_end.approved(phone)
    writer.alter(request_of(own), login_id=request_of(theirs).login_id)
    with alarm("backchannel_request"):
        assert back_end.error(own["auth_req_id"]) == "invalid_grant"
    assert anna.id in request_of(theirs).login_id
    assert back_end.poll(theirs["auth_req_id"])[0] == 200


def test_a_request_moved_under_another_clients_auth_req_id_gives_nothing(
    world: World, back_end: BackEnd, writer: Writer, phone: Phone
) -> None:
    theirs, thief = back_end.approved(phone), pinged(world)
    item = writer.item(request_of(theirs)) | {"pk": {"S": f"OAUTH#{digest('chosen')}"}}
    writer.put(item | {"client": {"S": thief.client_id}})
    with alarm("backchannel_request"):
        assert thief.error("chosen") == "invalid_grant"


@pytest.mark.parametrize("state", ["approved", "completed"])
def test_an_approval_written_by_hand_gives_nothing(
    world: World, back_end: BackEnd, writer: Writer, phone: Phone, state: str
) -> None:
    begun = back_end.ask()[2]
    row, now = login_row_of(begun), world.now
    writer.alter(row, state=state, decided_by=phone.key.thumbprint, decided_at=now, complete_by=now + 50)
    with alarm(*(["login"] if state == "approved" else [])):
        assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


def test_an_approval_that_a_freeze_ended_is_not_put_back(
    world: World, back_end: BackEnd, writer: Writer, anna: Account, phone: Phone
) -> None:
    begun = back_end.approved(phone)
    before = writer.keep()
    freeze_account(anna.id, operator="petra", now=world.now)
    writer.put_back(before, "LOGIN#", pk=anna.id)
    with alarm("login"):
        assert back_end.error(begun["auth_req_id"]) == "invalid_grant"


def test_a_denial_is_turned_into_no_approval(world: World, back_end: BackEnd, writer: Writer, phone: Phone) -> None:
    begun = back_end.approved(phone)
    row = login_row_of(begun)
    writer.alter(row, amr="pop user mfa hwk")
    with alarm("login"):
        assert back_end.error(begun["auth_req_id"]) == "invalid_grant"
    assert world.listed(phone) == []
