"""Two at once, lost ground and forged items: a set and its codes count as our own code wrote them last, and once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import read_account
from smartident.admin.change import change_password
from smartident.admin.erase import erase_account
from smartident.admin.two_factor import revoke_recovery_codes
from smartident.admin.unlock import unlock
from smartident.devices.device import read_device
from smartident.devices.revoke import revoke
from smartident.errors import (
    AccountFrozen,
    DeviceLimitReached,
    DeviceRevoked,
    RecoveryCodesExpired,
    RecoveryCodeWrong,
    RecoveryRefused,
    RegistrationExpired,
)
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.notices.outbox import recent_notices
from smartident.notices.texts import SENTENCES
from smartident.recovery.authenticate import MAX_WRONG_CODES
from smartident.recovery.code_set import RecoveryCodesRow
from smartident.storage import keys
from tests.support.concurrency import at_once
from tests.support.concurrency import codes as outcomes
from tests.support.recovery import NO_CODE, codes, left, make, recover, recovered_phone, type_back
from tests.support.world import NOW, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account


def rows(account_id: str) -> tuple[RecoveryCodesRow, RecoveryCodesRow]:
    """The valid set and the one that was made last, as they lie in the table."""
    both = (keys.valid_recovery_codes(account_id), keys.made_recovery_codes(account_id))
    valid, made = (RecoveryCodesRow.get(*key, consistent_read=True) for key in both)
    return valid, made


def test_a_set_that_was_replaced_is_not_confirmed_by_its_own_code(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    first = make(world, phone)
    second = make(world, phone)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, phone, first)
    with pytest.raises(RecoveryCodeWrong):
        type_back(world, phone, second, first["codes"][0])
    assert type_back(world, phone, second)["left"] == 10


def test_confirming_again_changes_nothing(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    made = make(world, phone)
    told = [type_back(world, phone, made, code) for code in made["codes"][:2]]
    assert told == [{"left": 10, "made_at": NOW}] * 2
    events = [event["type"] for event in world.events(phone)["events"]]
    assert events.count("recovery_codes_made") == 1


def test_a_code_is_typed_back_within_the_hour_and_on_the_phone_that_made_it(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    other = world.paired_phone(phone, anna)
    made = make(world, phone)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, other, made)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, phone, {**made, "set_id": "another"})
    world.later(3600)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, phone, made)


def test_what_ends_an_epoch_ends_a_set_that_nobody_confirmed(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    made = make(world, phone)
    change_password(anna.id, "Acht-Igel-88", now=world.now)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, phone, made)


def test_a_new_password_keeps_the_codes(world: World) -> None:
    anna = world.account()
    known = codes(world, world.phone(anna))
    change_password(anna.id, "Acht-Igel-88", now=world.now)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
    new = world.new_phone()
    world.verify(recover(world, anna, new, known[0], password="Acht-Igel-88"), new)


def test_a_new_password_ends_a_registration_by_code(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    known = codes(world, old)
    registered = recover(world, anna, new, known[0])
    change_password(anna.id, "Acht-Igel-88", now=world.now)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert left(world, old)["left"] == 10


def test_a_freeze_ends_the_codes_for_good(world: World) -> None:
    anna = world.account()
    phone, new = world.phone(anna), world.new_phone()
    known = codes(world, phone)
    registered = recover(world, anna, new, known[0])
    freeze_account(anna.id, operator="ops", now=world.now)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[1])
    with pytest.raises(AccountFrozen):
        make(world, phone)
    open_account(anna.id, operator="ops", now=world.now)
    assert left(world, phone) == {"left": 0, "made_at": None}
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[1])
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert len(codes(world, phone)) == 10
    assert "Wiederherstellungscodes von vor der Sperre gelten nicht mehr" in SENTENCES["de"]["account_opened"]
    assert "Recovery codes from before are of no use any more" in SENTENCES["en"]["account_opened"]


def test_the_operator_ends_the_codes_and_the_person_is_told(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    known = codes(world, phone)
    for _ in range(2):
        revoke_recovery_codes(anna.id, operator="ops", now=world.now)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
    ended = [event for event in world.events(phone)["events"] if event["type"] == "recovery_codes_revoked"]
    assert [event["by"] for event in ended] == ["operator"]


def test_the_operator_removes_a_lost_phone_and_its_codes_still_count(world: World) -> None:
    anna = world.account()
    lost = world.phone(anna)
    known = codes(world, lost)
    revoke(anna.id, lost.key.thumbprint, by=None, now=world.now)
    recovered_phone(world, anna, known[0])


def test_unlocking_forgets_wrong_codes(world: World) -> None:
    world.set(PASSWORD_TRIES=50, FAILURES_PER_HOUR=50, ADDRESS_FAILURES=50)
    anna = world.account()
    known = codes(world, world.phone(anna))
    for _ in range(MAX_WRONG_CODES):
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), NO_CODE)
    unlock(anna.id, now=world.now)
    recovered_phone(world, anna, known[0])


def test_no_code_makes_room_for_one_more_phone(world: World) -> None:
    world.set(DEVICES_PER_ACCOUNT=1)
    anna = world.account()
    known = codes(world, world.phone(anna))
    with pytest.raises(DeviceLimitReached):
        recover(world, anna, world.new_phone(), known[0])


def test_of_many_phones_with_one_code_at_once_one_is_in(world: World) -> None:
    world.set(DEVICES_PER_ACCOUNT=20, PASSWORD_TRIES=50, FAILURES_PER_HOUR=50)
    anna = world.account()
    old = world.phone(anna)
    known = codes(world, old)
    phones = [world.new_phone() for _ in range(6)]
    begun = [(phone, recover(world, anna, phone, known[0])) for phone in phones]

    told = outcomes(at_once(*(partial(world.verify, registered, phone) for phone, registered in begun)))
    assert sorted(told) == ["ok", *["registration_expired"] * 5]
    assert sum(read_device(anna.id, phone.key.thumbprint) is not None for phone in phones) == 1
    assert left(world, old)["left"] == 9


def test_a_used_code_that_is_put_back_lets_nobody_in(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    known = codes(world, phone)
    before, _ = rows(anna.id)
    recovered_phone(world, anna, known[0])
    before.save()
    for code in known[:2]:
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), code)
    assert left(world, phone)["left"] == 0


def test_a_set_that_was_never_confirmed_counts_nowhere_else(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    codes(world, phone)
    made = make(world, phone)
    _, waiting = rows(anna.id)
    forged = RecoveryCodesRow(*keys.valid_recovery_codes(anna.id), **_members(waiting))
    forged.save()
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), made["codes"][0])


@pytest.mark.parametrize("spoil", ["code_macs", "made_by", "set_id"])
def test_a_set_that_somebody_changed_counts_as_none(world: World, spoil: str) -> None:
    anna = world.account()
    phone = world.phone(anna)
    known = codes(world, phone)
    valid, made = rows(anna.id)
    for row in (valid, made):
        setattr(row, spoil, "anders")
        row.save()
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, phone, {"set_id": made.set_id, "codes": known})


def erase(world: World, account: Account) -> None:
    erase_account(account.id, number=account.number, email=None)


def test_an_account_that_is_erased_meanwhile_has_no_codes(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.before("GetItem", lambda: erase(world, anna))
    assert left(world, phone) == {"left": 0, "made_at": None}


def test_an_account_that_is_erased_meanwhile_gets_none(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.before("GetItem", lambda: erase(world, anna))
    with pytest.raises(DeviceRevoked):
        make(world, phone)


def test_a_phone_that_is_removed_meanwhile_gets_none(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: revoke(anna.id, phone.key.thumbprint, by=None, now=world.now))
    with pytest.raises(DeviceRevoked):
        make(world, phone)


def test_a_phone_that_is_removed_meanwhile_confirms_none(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    made = make(world, phone)
    world.aws.before("TransactWriteItems", lambda: revoke(anna.id, phone.key.thumbprint, by=None, now=world.now))
    with pytest.raises(DeviceRevoked):
        type_back(world, phone, made)


def test_a_login_that_begins_meanwhile_delays_nothing(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    made = make(world, phone)
    world.aws.before("TransactWriteItems", lambda: world.start(anna))
    assert type_back(world, phone, made)["left"] == 10


def test_a_phone_confirms_nothing_that_nobody_made(world: World) -> None:
    anna = world.account()
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, world.phone(anna), {"set_id": "none", "codes": [NO_CODE]})


def test_a_set_that_is_confirmed_while_its_code_is_tried_counts(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    codes(world, phone)
    made = make(world, phone)
    world.aws.before("GetItem", lambda: type_back(world, phone, made), after=1)
    assert recover(world, anna, world.new_phone(), made["codes"][0]).confirm_by == "recovery"


@pytest.mark.parametrize("meanwhile", [lambda world, anna: world.start(anna), erase], ids=["login", "erased"])
def test_the_last_wrong_code_of_a_day_is_told_whatever_happens_meanwhile(
    world: World, meanwhile: Callable[[World, Account], object]
) -> None:
    world.set(PASSWORD_TRIES=50, FAILURES_PER_HOUR=50, ADDRESS_FAILURES=50)
    anna = world.account()
    world.phone(anna)
    for _ in range(MAX_WRONG_CODES - 1):
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), NO_CODE)
    world.aws.before("TransactWriteItems", lambda: meanwhile(world, anna))
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), NO_CODE)
    account = read_account(anna.id)
    blocked = [one.event for one in recent_notices(anna.id, since=NOW - 1) if one.event == "recovery_codes_blocked"]
    assert len(blocked) == (account is not None)


def _members(row: RecoveryCodesRow) -> dict[str, Any]:
    return {name: value for name, value in row.attribute_values.items() if name not in {"pk", "sk", "kind"}}
