"""Recovery codes in place of a second passkey: the way back where only passkeys log in, after a wait that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.item.login_policy import login_policy_of, looser_from
from smartident.clients.login_policy import PASSKEY_ONLY, PHONE_OR_PASSKEY
from smartident.devices.device import read_device
from smartident.errors import RecoveryDelayed, RecoveryRefused, ServiceUnavailable, TwoPasskeysRequired
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.history.events import read_page
from smartident.notices.outbox import recent_notices
from smartident.passkeys.change_policy import order_login_policy
from smartident.passkeys.passkey import passkey_id_of
from smartident.recovery import passkey_only
from smartident.storage.writes import write
from smartident_client import base64url
from tests.support.login_passkey import removed
from tests.support.passkey_policy import Owner, choose, with_two_passkeys
from tests.support.recovery import NO_CODE, codes, make, recover, recovered_phone, type_back

if TYPE_CHECKING:
    from tests.support.world import World

DAY = 24 * 3600


def with_one_passkey(world: World) -> Owner:
    owner = with_two_passkeys(world)
    removed(world, owner.session, passkey_id_of(base64url.encode(owner.passkeys[1].credential_id)))
    return owner


@pytest.fixture
def strict(world: World) -> tuple[Owner, list[str]]:
    """A person with one passkey and ten codes on paper, who has just decided that nothing but a passkey logs in."""
    owner = with_one_passkey(world)
    known = codes(world, owner.phone)
    choose(world, owner.session)
    return owner, known


def refused_for(world: World, owner: Owner, code: str) -> object:
    """In how many seconds phones are allowed again."""
    with pytest.raises(RecoveryDelayed) as refusal:
        recover(world, owner.account, world.new_phone(), code)
    return refusal.value.details["retry_after"]


def times_told(owner: Owner) -> int:
    return [one.event for one in recent_notices(owner.account.id, since=0)].count("passkey_only_ending")


def test_one_passkey_and_codes_are_enough_to_demand_a_passkey(world: World, strict: tuple[Owner, list[str]]) -> None:
    assert login_policy_of(strict[0].now(), now=world.now) == PASSKEY_ONLY
    assert strict[0].session_by_passkey()


def test_the_operator_demands_it_too(world: World) -> None:
    owner = with_one_passkey(world)
    with pytest.raises(TwoPasskeysRequired):
        order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)
    codes(world, owner.phone)
    assert order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now) == world.now


def test_codes_that_nobody_typed_back_do_not_count(world: World) -> None:
    owner = with_one_passkey(world)
    made = make(world, owner.phone)
    with pytest.raises(TwoPasskeysRequired):
        choose(world, owner.session)
    type_back(world, owner.phone, made)
    choose(world, owner.session)


def test_codes_without_a_passkey_are_not_enough(world: World) -> None:
    account = world.account()
    codes(world, world.phone(account))
    with pytest.raises(TwoPasskeysRequired):
        order_login_policy(account.id, PASSKEY_ONLY, now=world.now)


def test_codes_that_ended_do_not_count(world: World) -> None:
    """A freeze ends them: nobody knows who has the paper."""
    owner = with_one_passkey(world)
    codes(world, owner.phone)
    freeze_account(owner.account.id, operator="petra", now=world.now)
    open_account(owner.account.id, operator="petra", now=world.now)
    with pytest.raises(TwoPasskeysRequired):
        order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)


def test_password_and_code_allow_phones_again_after_the_cool_off(world: World, strict: tuple[Owner, list[str]]) -> None:
    owner, known = strict
    assert refused_for(world, owner, known[0]) == DAY
    assert looser_from(owner.now(), now=world.now) == world.now + DAY
    world.later(DAY - 1)
    assert refused_for(world, owner, known[0]) == 1
    world.later(1)
    assert world.approve(owner.phone, world.start(owner.account)) == "approved"


def test_after_the_wait_the_same_code_lets_a_new_phone_in(world: World, strict: tuple[Owner, list[str]]) -> None:
    """Phone and passkey were one device, and are lost."""
    owner, known = strict
    refused_for(world, owner, known[0])
    world.later(DAY)
    new = recovered_phone(world, owner.account, known[0])
    device = read_device(owner.account.id, new.key.thumbprint)
    assert device is not None
    assert device.cool_off_until == world.now + DAY
    assert world.approve(new, world.start(owner.account)) == "approved"


def test_asking_again_begins_no_new_wait_and_tells_once(world: World, strict: tuple[Owner, list[str]]) -> None:
    owner, known = strict
    refused_for(world, owner, known[0])
    world.later(3600)
    assert refused_for(world, owner, known[0]) == DAY - 3600
    assert refused_for(world, owner, known[1]) == DAY - 3600
    assert times_told(owner) == 1


def test_the_wait_that_the_operator_began_goes_on(world: World, strict: tuple[Owner, list[str]]) -> None:
    owner, known = strict
    order_login_policy(owner.account.id, PHONE_OR_PASSKEY, now=world.now)
    world.later(3600)
    assert refused_for(world, owner, known[0]) == DAY - 3600
    assert times_told(owner) == 0


def test_it_is_in_the_history(world: World, strict: tuple[Owner, list[str]]) -> None:
    owner, known = strict
    world.later(60)
    refused_for(world, owner, known[0])
    page: dict[str, Any] = read_page(owner.account.id, before=None, now=world.now)
    newest = page["events"][0]
    assert (newest["type"], newest["by"]) == ("passkey_only_ending", None)


def test_a_wrong_code_or_password_begins_no_wait(world: World, strict: tuple[Owner, list[str]]) -> None:
    owner, known = strict
    with pytest.raises(RecoveryRefused):
        recover(world, owner.account, world.new_phone(), NO_CODE)
    with pytest.raises(RecoveryRefused):
        recover(world, owner.account, world.new_phone(), known[0], password="Vier-Esel-43")
    assert looser_from(owner.now(), now=world.now) is None
    assert times_told(owner) == 0


def test_an_account_that_changes_meanwhile_begins_no_wait(
    world: World, strict: tuple[Owner, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, known = strict
    genuine = passkey_only.__dict__["change_of"]

    def meanwhile(account: object) -> object:
        monkeypatch.undo()
        change = genuine(owner.now())
        change.record("account_unlocked", now=world.now)
        write(*change.operations(), on_conflict=lambda conflict: pytest.fail(str(conflict)))
        return genuine(account)

    monkeypatch.setattr(passkey_only, "change_of", meanwhile)
    with pytest.raises(ServiceUnavailable):
        recover(world, owner.account, world.new_phone(), known[0])
    assert looser_from(owner.now(), now=world.now) is None
