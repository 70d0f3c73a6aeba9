"""The outbox: each event is written with what happened or not at all, and one worker at a time tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_email, change_language, change_password, change_phone
from smartident.approvals.decide import Deny
from smartident.devices.revoke import revoke
from smartident.errors import DeviceRevoked
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.notices.outbox import (
    CLAIM_SECONDS,
    FAILED,
    SENT,
    Notice,
    NoticeClaimed,
    NoticeRow,
    claim,
    give_back,
    mark,
    notice,
    recent_notices,
)
from smartident.statements.login import where_asked
from smartident.storage import keys
from smartident.storage.operations import Put
from smartident.storage.writes import write
from tests.support.concurrency import at_once
from tests.support.enrolment import start
from tests.support.scenarios import Scene
from tests.support.world import ELSEWHERE, HOME, NOW, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account

DAY = 86_400


def outbox(account: Account) -> list[Notice]:
    """What is to be told of an account, oldest first."""
    return sorted(recent_notices(account.id, since=0), key=lambda one: (one.at, one.event))


def events(account: Account) -> list[str]:
    return [one.event for one in outbox(account)]


def test_a_new_phone_is_told_by_its_name(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    (told,) = outbox(anna)
    assert (told.event, told.device_name, told.at) == ("device_registered", "Annas Telefon", NOW)


def test_a_registration_of_a_further_phone_is_told_and_the_first_is_not(world: World) -> None:
    anna = world.account()
    world.register(anna, world.new_phone())
    assert events(anna) == []
    world.phone(world.account())
    world.phone(anna)
    world.later(60)
    world.register(anna, world.new_phone(), client_address=ELSEWHERE)
    assert events(anna) == ["device_registered", "registration_waiting"]
    assert outbox(anna)[1].origin == f"Frankfurt, DE ({ELSEWHERE})"


def test_the_same_registration_asked_for_twice_is_told_once(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    phone = world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    for _ in range(2):
        start(world, anna, phone, request)
    assert events(anna) == ["device_registered", "registration_waiting"]


def test_a_removed_phone_is_told_with_who_removed_it(scene: Scene) -> None:
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    world.revoke(scene.phone, other.key.thumbprint)
    revoke(scene.anna.id, scene.phone.key.thumbprint, by=None, now=world.now)
    told = [one for one in outbox(scene.anna) if one.event == "device_revoked"]
    assert {(one.by, one.device_name) for one in told} == {
        ("Annas Telefon", "Annas Telefon"),
        ("operator", "Annas Telefon"),
    }


def test_not_me_is_told_with_where_the_login_was_asked_for_and_a_change_of_mind_is_not(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    for client_address, reason in ((HOME, "changed_my_mind"), (ELSEWHERE, "not_me")):
        world.decide(phone, world.start(anna, client_address=client_address).login.id, Deny(reason))  # type: ignore[arg-type]  # each a reason
    told = [one for one in outbox(anna) if one.event == "not_me"]
    assert [one.origin for one in told] == [ELSEWHERE]


def test_a_decoy_was_asked_for_nowhere_that_anybody_tells() -> None:
    assert where_asked("") == ""
    assert where_asked('{"ip": "192.0.2.1", "place": "Köln, DE"}') == "Köln, DE (192.0.2.1)"


def test_what_an_operator_changes_is_told_with_what_stood_there_before(world: World) -> None:
    anna = world.account(email="anna@example.org")
    change_password(anna.id, "Sieben-Esel-77", now=world.now)
    change_phone(anna.id, "+491709999999", now=world.now + 1)
    change_email(anna.id, "neu@example.org", now=world.now + 2)
    freeze_account(anna.id, operator="petra", now=world.now + 3)
    open_account(anna.id, operator="petra", now=world.now + 4)
    assert [(one.event, one.by, one.former_phone, one.former_email) for one in outbox(anna)] == [
        ("password_changed", "operator", None, None),
        ("phone_changed", "operator", anna.phone, None),
        ("email_changed", "operator", None, "anna@example.org"),
        ("account_frozen", "operator", None, None),
        ("account_opened", "operator", None, None),
    ]


def test_what_changes_nothing_is_not_told(world: World) -> None:
    anna = world.account(email="anna@example.org")
    change_phone(anna.id, anna.phone or "", now=world.now)
    change_email(anna.id, anna.email, now=world.now)
    change_language(anna.id, "de")
    change_language(anna.id, "en")
    assert events(anna) == []


def test_a_plain_login_writes_no_notice(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    scene.world.complete(scene.started)
    assert events(scene.anna) == ["device_registered"]


def test_what_did_not_happen_is_not_told(scene: Scene) -> None:
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    world.aws.before("TransactWriteItems", lambda: revoke(scene.anna.id, other.key.thumbprint, by=None, now=world.now))
    with pytest.raises(DeviceRevoked):
        world.decide(other, scene.started.login.id, Deny("not_me"))
    assert "not_me" not in events(scene.anna)


def test_a_notice_is_forgotten_after_thirty_days(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    (row,) = NoticeRow.query(anna.id, NoticeRow.sk.startswith("NOTICE#"))
    assert row.ttl == NOW + 30 * DAY


@pytest.fixture
def waiting(world: World) -> Notice:
    """One notice that nobody has told yet."""
    write(notice("anna", "not_me", now=NOW), on_conflict=lambda _: pytest.fail("it stood there"))
    (told,) = recent_notices("anna", since=0)
    return told


def take(waiting: Notice, now: int = NOW) -> Notice | None:
    return claim(*keys.notice(waiting.account_id, waiting.part), now=now)


def test_one_worker_at_a_time_has_the_claim(waiting: Notice) -> None:
    assert take(waiting)
    with pytest.raises(NoticeClaimed):
        take(waiting, NOW + CLAIM_SECONDS - 1)
    assert take(waiting, NOW + CLAIM_SECONDS)


def test_of_many_workers_at_once_one_has_the_claim(waiting: Notice) -> None:
    def attempt() -> str:
        try:
            return "has it" if take(waiting) else "told"
        except NoticeClaimed:
            return "claimed"

    assert at_once(*[attempt] * 16).count("has it") == 1


def test_a_claim_that_is_given_back_is_free_at_once(waiting: Notice) -> None:
    mine = take(waiting)
    assert mine
    give_back(mine)
    assert take(waiting)


@pytest.mark.parametrize("state", [SENT, FAILED])
def test_what_is_done_is_never_claimed_again(waiting: Notice, state: str) -> None:
    mine = take(waiting)
    assert mine
    mark(mine, reached=["anna@example.org"], unreachable=["x@example.org"], state=state)
    assert take(waiting, NOW + DAY) is None
    (told,) = recent_notices("anna", since=0)
    assert (set(told.told), set(told.untold)) == ({"anna@example.org"}, {"x@example.org"})


def test_a_worker_that_was_overtaken_keeps_nothing(waiting: Notice) -> None:
    slow = take(waiting)
    assert slow
    take(waiting, NOW + CLAIM_SECONDS)
    with pytest.raises(NoticeClaimed):
        mark(slow, state=SENT)
    with pytest.raises(NoticeClaimed):
        give_back(slow)


def test_a_notice_that_is_gone_is_told_by_nobody(world: World) -> None:
    assert claim(*keys.notice("anna", "8199999999x"), now=NOW) is None


def test_the_writer_knows_its_notice_though_it_was_told_before_the_answer_came(waiting: Notice) -> None:
    """The stream is faster than a lost answer: the same write sent again meets a notice that is claimed already."""
    row = NoticeRow("anna", f"NOTICE#{waiting.part}", event="not_me", at=NOW, state="pending")
    take(waiting)
    put = notice("anna", "not_me", now=NOW)
    write(Put(row, is_own=put.is_own), on_conflict=lambda _: pytest.fail("a stranger's"))


def test_recent_notices_begin_at_their_time(world: World) -> None:
    for at in (NOW - 1, NOW, NOW + 1):
        write(notice("anna", "not_me", now=at), on_conflict=lambda _: pytest.fail("it stood there"))
    assert [one.at for one in recent_notices("anna", since=NOW)] == [NOW + 1, NOW]
