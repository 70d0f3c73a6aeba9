"""The audit log of an account: each entry names the head before it, and so many at once still make one chain."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from devices.step import NewName, rename
from login.step import Credentials, start_login
from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.audit_log import AuditRecordRow, head_of
from smartident.admin.erase import erase_account
from smartident.admin.export import export_account
from smartident.admin.two_factor import switch_two_factor
from smartident.crypto.hash_chain import Head, head_after_login, head_after_record, read_head, root
from smartident.devices.device import DeviceRow, read_device
from smartident.devices.rename import write_name
from smartident.errors import DeviceNotFound
from smartident.logins.login import LoginRow
from smartident.statements.login import RequestOrigin, read_statement
from smartident.storage.operations import Again
from smartident.storage.writes import write
from smartident.webauthn.relying_party import own_party
from smartident_cli.receipts.audit_log_check import AuditLogCheck
from tests.support.concurrency import at_once, codes
from tests.support.password_guesses import item_of
from tests.support.scenarios import Scene
from tests.support.stored_items import everything
from tests.support.world import AGENT, NOW, ORIGIN, PASSWORD, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def faults(account: Account, *, now: int = NOW) -> list[str]:
    """What the operator would be told of the account's log."""
    check = AuditLogCheck(account.id, now, own_party())
    for row in export_account(account):
        check.take(row)
    return [finding.sentence for finding in check.findings()]


def length(account: Account) -> int:
    """How many entries the account says that there are."""
    return head_of(item_of(account)).entries


def name(world: World, phone: Phone, device_id: str, said: str) -> dict[str, object]:
    request = phone.request("PATCH", f"/v1/devices/{device_id}", b"{}", now=world.now)
    return rename(device_id, NewName(said), request=request, now=world.now)


def test_the_phone_signs_the_head_of_the_audit_log(scene: Scene) -> None:
    """So whoever has its signature has all that was there before."""
    anna = read_account(scene.anna.id)
    assert anna is not None
    (record,) = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    first = head_after_record(root(anna.id), anna.id, record.sk.removeprefix("RECORD#"), record.to_simple_dict())
    assert read_statement(scene.started.login.statement)["audit_log"] == str(first)
    row = scene.row()
    assert head_of(anna.item) == head_after_login(first, anna.id, row.sk.removeprefix("LOGIN#"), row.to_simple_dict())


def test_no_two_accounts_begin_alike(world: World) -> None:
    one, other = world.account(), world.account()
    assert root(one.id) != root(other.id)
    assert head_of(one.item) == root(one.id)


@pytest.mark.parametrize("text", ["", "1.2", "1.2.h.h", "a.2.h", "1.b.h"])
def test_what_is_no_head_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_head(text)


@pytest.mark.parametrize("ttl", [None, "1", True, 1.5])
def test_an_entry_without_end_has_no_head(ttl: object) -> None:
    with pytest.raises(ValueError):
        head_after_record(Head(0, 0, ""), "a", "b", {"ttl": ttl})


def test_members_do_not_run_into_each_other() -> None:
    """The same letters under other names, or cut elsewhere, are another entry."""
    texts = [("ab", "c"), ("a", "bc"), ("abc", None), (None, "abc"), ('a","b', "c")]
    heads = {
        head_after_record(root("a"), "a", "p", {"type": one, "detail": other, "ttl": 0}).digest for one, other in texts
    }
    heads |= {
        head_after_login(root("a"), "a", "p", {"client": one, "amr": other, "ttl": 0}).digest for one, other in texts
    }
    assert len(heads) == 10


def test_starts_at_once_keep_one_chain(world: World) -> None:
    jonas = world.account(two_factor=False)
    ask = Credentials(jonas.number, PASSWORD)
    origins = [RequestOrigin(f"198.51.100.{number}", AGENT, ORIGIN) for number in range(16)]
    starts = [partial(start_login, ask, request_origin=request_origin, now=world.now) for request_origin in origins]
    assert codes(at_once(*starts)) == ["ok"] * 16
    assert length(jonas) == 16
    assert faults(jonas) == []


def test_names_logins_phones_and_switches_at_once_keep_one_chain(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    other = world.paired_phone(phone, anna)
    new = world.new_phone()
    registered = world.register(anna, new)
    world.let_in(phone, registered)
    names = [partial(name, world, phone, other.key.thumbprint, f"Telefon {number}") for number in range(4)]
    logins = [partial(world.start, anna, client_address=f"198.51.100.{number}") for number in range(3)]
    answers = codes(at_once(*names, *logins, partial(world.verify, registered, new)))
    assert answers == ["ok"] * 8
    assert length(anna) == 14
    assert faults(anna) == []


def test_a_switch_finds_another_entry_and_is_made_all_the_same(scene: Scene) -> None:
    scene.world.aws.before("TransactWriteItems", lambda: scene.world.start(scene.anna))
    switch_two_factor(scene.anna.id, on=False, now=NOW)
    assert length(scene.anna) == 4
    assert faults(scene.anna) == []


def test_a_name_finds_another_entry_and_is_given_all_the_same(scene: Scene) -> None:
    scene.world.aws.before("TransactWriteItems", lambda: scene.world.start(scene.anna))
    assert name(scene.world, scene.phone, scene.phone.key.thumbprint, "Meins")["name"] == "Meins"
    assert length(scene.anna) == 4
    assert faults(scene.anna) == []


def test_the_same_name_again_is_no_entry(scene: Scene) -> None:
    for _ in range(2):
        name(scene.world, scene.phone, scene.phone.key.thumbprint, "Meins")
    assert length(scene.anna) == 3


def test_a_name_finds_another_given_meanwhile(scene: Scene) -> None:
    """The log is known as it stands; the name that was read is not the present one."""
    device = read_device(scene.anna.id, scene.phone.key.thumbprint)
    account = read_account(scene.anna.id)
    assert device is not None
    assert account is not None
    stale = replace(device, name="Früher")
    assert write_name(account, stale, name="Meins", now=NOW) == Again(None)
    assert DeviceRow.get(account.id, f"DEVICE#{device.id}").name == device.name


def test_no_name_for_a_phone_that_is_gone(scene: Scene) -> None:
    with pytest.raises(DeviceNotFound):
        name(scene.world, scene.phone, "nobody's", "Meins")


def test_no_entry_makes_an_account_that_is_gone(world: World) -> None:
    anna = world.account()
    erase_account(anna.id, number=anna.number, email=None)
    change = change_of(anna)
    change.record("two_factor_changed", now=NOW)
    assert write(*change.operations(), on_conflict=lambda _: "refused") == "refused"
    assert everything() == {}


def test_two_records_of_one_moment_make_one_entry_each_or_none(world: World) -> None:
    """Both were composed after the same head: the second is not written."""
    anna = world.account()
    changes = [change_of(anna) for _ in range(2)]
    written = []
    for change in changes:
        change.record("password_changed", now=NOW)
        written.append(write(*change.operations(), on_conflict=lambda _: "refused"))
    assert written == [None, "refused"]
    assert length(anna) == 1
    assert faults(anna) == []


def test_starts_at_once_keep_each_others_slots(scene: Scene) -> None:
    world, others = scene.world, []
    world.aws.before("TransactWriteItems", lambda: others.append(world.start(scene.anna)))
    begun = [scene.started, world.start(scene.anna), *others]
    assert set(item_of(scene.anna).pending_logins.as_dict()) == {one.login.part for one in begun}


def test_a_revocation_sees_a_login_begun_meanwhile(scene: Scene) -> None:
    world, other = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.aws.before("TransactWriteItems", lambda: world.start(scene.anna))
    world.revoke(scene.phone, other.key.thumbprint)
    barred = {row.barred_device_ids for row in LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#"))}
    assert barred == {other.key.thumbprint}


def test_a_login_that_is_given_up_or_runs_out_stays_in_the_log(scene: Scene) -> None:
    scene.world.later(500)
    started = scene.world.start(scene.anna)
    scene.world.approve(scene.phone, started)
    scene.world.complete(started)
    assert length(scene.anna) == 3
    assert faults(scene.anna) == []


def test_a_statement_of_a_start_that_was_outrun_names_the_head_it_came_after(scene: Scene) -> None:
    world = scene.world
    world.aws.before("TransactWriteItems", lambda: world.start(scene.anna))
    started = world.start(scene.anna)
    before = str(json.loads(started.login.statement)["audit_log"])
    assert read_head(before).entries == 3
    rows = list(LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#")))
    assert len({json.loads(row.statement)["audit_log"] for row in rows}) == 3
