"""Who can only write the table has nobody told in our name: neither somebody else, nor of what did not happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.step import publish_event
from smartident.accounts.account import read_account
from smartident.admin.change import change_email, change_password
from smartident.errors import FreezeLinkInvalid
from smartident.freeze.by_notice import freeze_by_notice
from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import NoticeRow, recent_notices
from tests.notices.test_events_out import PaperBus
from tests.support.iam_roles import EVENT_BUS
from tests.support.postman import Postman, outbox
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

MAIL, CROOK, PREMIUM = "anna@example.org", "crook@example.com", "+4916090999999"
# Who has been told by now, by which worker, and whether its link was used.
COUNTED = {"state", "claim", "claimed_until", "told", "untold", "link_used_at", "published_at"}


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def postman(world: World) -> Postman:
    return Postman(world)


@pytest.fixture
def anna(world: World) -> Account:
    account = world.account(email=MAIL)
    change_password(account.id, "Vier-Esel-42", now=world.now)
    return account


def row_of(place: int = 0) -> NoticeRow:
    """One of the notices, the newest first."""
    return NoticeRow.get(*sorted(outbox(), key=lambda key: key[1])[place], consistent_read=True)


@pytest.mark.usefixtures("anna")
def test_no_member_of_a_notice_is_altered(writer: Writer, postman: Postman) -> None:
    for name in writer.spoil(row_of(), COUNTED):
        with alarm("notice"):
            postman.round()
        assert postman.addresses == [], name
    assert postman.round() == ["sent"]
    assert postman.addresses == [MAIL]


@pytest.mark.usefixtures("anna")
def test_a_notice_put_by_hand_tells_nobody_and_no_program(world: World, writer: Writer, postman: Postman) -> None:
    """It would bring a stranger the link that freezes the account, or an SMS to any number."""
    postman.round()
    world.set(EVENT_BUS=EVENT_BUS)
    told, bus = writer.item(row_of()), PaperBus()
    own = {name: value for name, value in told.items() if name in {"pk", "kind", "at", "mac", "ttl"}}
    put = own | {"sk": {"S": told["sk"]["S"] + "x"}, "state": {"S": "pending"}}
    writer.put(put | {"event": {"S": "email_changed"}, "former_email": {"S": CROOK}, "former_phone": {"S": PREMIUM}})
    with alarm("notice"):
        postman.round()
    with alarm("notice"):
        publish_event(*sorted(outbox(), key=lambda key: key[1])[1], bus=bus, now=world.now)
    assert (postman.addresses, len(world.sms), bus.sent) == ([MAIL], 0, [])


def test_a_former_address_written_by_hand_hears_of_nothing_that_happens_later(
    world: World, writer: Writer, anna: Account, postman: Postman
) -> None:
    world.later(60)
    change_email(anna.id, "anna@example.net", now=world.now)
    writer.alter(row_of(), former_email=CROOK, former_phone=PREMIUM)
    world.later(60)
    change_password(anna.id, "Fuenf-Esel-42", now=world.now)
    with alarm("notice"):
        postman.bring(*min(outbox(), key=lambda key: key[1]))
    assert postman.addresses == ["anna@example.net"]


def test_the_link_of_a_notice_that_was_altered_freezes_nothing(world: World, writer: Writer, anna: Account) -> None:
    (told,) = recent_notices(anna.id, since=0)
    writer.alter(row_of(), device_name="somebody's")
    with alarm("notice"), pytest.raises(FreezeLinkInvalid):
        freeze_by_notice(freeze_token(told), now=world.now)
    current = read_account(anna.id)
    assert current is not None
    assert not current.frozen
