"""The log of an account: every entry names the place it came to, and however many come at once, there is one chain."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from devices.step import NewName, rename
from login.step import Credentials, start_login
from smartident.accounts.account import (
    AccountRow,
    read_account,
)
from smartident.accounts.audit_log import AuditRecordRow, add_record
from smartident.admin.erase import erase_account
from smartident.admin.export import export_account
from smartident.admin.two_factor import switch_two_factor
from smartident.crypto.hash_chain import (
    Head,
    head_after_login,
    head_after_record,
    read_head,
    root,
)
from smartident.devices.device import (
    DeviceRow,
    read_device,
)
from smartident.devices.rename import (
    write_name,
)
from smartident.errors import DeviceNotFound, ServiceUnavailable
from smartident.logins.login import LoginRow
from smartident.statements.login import RequestOrigin, read_statement
from smartident.storage.table import Conflict, transact
from smartident_cli.receipts.audit_log_check import AuditLogCheck
from tests.support.concurrency import at_once, codes
from tests.support.scenarios import Scene
from tests.support.world import AGENT, NOW, ORIGIN, PASSWORD, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def faults(account: Account, *, now: int = NOW) -> list[str]:
    """What the operator would be told of the account's log."""
    logbook = AuditLogCheck(account.id, now)
    for row in export_account(account):
        logbook.take(row)
    return [finding.sentence for finding in logbook.findings()]


def length(account: Account) -> int:
    """How many entries the account says that there are."""
    return read_head(AccountRow.get(account.id, "ACCOUNT", consistent_read=True).log).number


def name(world: World, phone: Phone, device_id: str, said: str) -> dict[str, object]:
    request = phone.request("PATCH", f"/v1/devices/{device_id}", b"{}", now=world.now)
    return rename(device_id, NewName(said), request=request, now=world.now)


def test_the_phone_signs_where_the_log_stood(scene: Scene) -> None:
    """So whoever has its signature has all that was there before."""
    anna = read_account(scene.anna.id)
    assert anna is not None
    (record,) = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    first = head_after_record(root(anna.id), anna.id, record.sk.removeprefix("RECORD#"), record.to_simple_dict())
    assert read_statement(scene.opened.login.statement)["log"] == str(first)
    row = scene.row()
    assert anna.log == head_after_login(first, anna.id, row.sk.removeprefix("LOGIN#"), row.to_simple_dict())


def test_no_two_accounts_begin_alike(world: World) -> None:
    one, other = world.account(), world.account()
    assert root(one.id) != root(other.id)
    assert one.log == root(one.id)


@pytest.mark.parametrize("text", ["", "1.2", "1.2.h.h", "a.2.h", "1.b.h"])
def test_what_is_no_position_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_head(text)


@pytest.mark.parametrize("ttl", [None, "1", True, 1.5])
def test_an_entry_without_end_has_no_position(ttl: object) -> None:
    with pytest.raises(ValueError):
        head_after_record(Head(0, 0, ""), "a", "b", {"ttl": ttl})


def test_members_do_not_run_into_each_other() -> None:
    """The same letters under other names, or cut elsewhere, are another entry."""
    texts = [("ab", "c"), ("a", "bc"), ("abc", None), (None, "abc"), ('a","b', "c")]
    heads = {
        head_after_record(root("a"), "a", "p", {"type": one, "detail": other, "ttl": 0}).head for one, other in texts
    }
    heads |= {
        head_after_login(root("a"), "a", "p", {"client": one, "amr": other, "ttl": 0}).head for one, other in texts
    }
    assert len(heads) == 10


def test_64_starts_at_once_keep_one_chain(world: World) -> None:
    jonas = world.account(two_factor=False)
    ask = Credentials(jonas.number, PASSWORD)
    askers = [RequestOrigin(f"198.51.100.{number}", AGENT, ORIGIN) for number in range(64)]
    answers = codes(
        at_once(*[partial(start_login, ask, request_origin=request_origin, now=world.now) for request_origin in askers])
    )
    assert answers == ["ok"] * 64
    assert length(jonas) == 64
    assert faults(jonas) == []


def test_names_logins_phones_and_switches_at_once_keep_one_chain(world: World) -> None:
    anna = world.account()
    phone, other = world.phone(anna), world.phone(anna)
    new = world.new_phone()
    registered = world.register(anna, new)
    code = world.sms.code()
    names = [partial(name, world, phone, other.key.thumbprint, f"Telefon {number}") for number in range(4)]
    logins = [partial(world.start, anna, source=f"198.51.100.{number}") for number in range(3)]
    answers = codes(at_once(*names, *logins, partial(world.verify, registered, new, code)))
    assert set(answers) <= {"ok", "service_unavailable"}
    assert length(anna) == 2 + answers.count("ok")
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


@pytest.mark.parametrize("times", [7, 8])
def test_a_name_outrun_too_often_asks_to_come_back(scene: Scene, times: int) -> None:
    world = scene.world
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", times=times, reason="ConditionalCheckFailed")
    if times < 8:
        assert name(world, scene.phone, scene.phone.key.thumbprint, "Meins")["name"] == "Meins"
        return
    with pytest.raises(ServiceUnavailable) as refused:
        name(world, scene.phone, scene.phone.key.thumbprint, "Meins")
    assert refused.value.details == {"retry_after": 1}
    assert length(scene.anna) == 2


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
    with pytest.raises(Conflict):
        transact(partial(write_name, account=account, device=stale, name="Meins", now=NOW))
    assert DeviceRow.get(account.id, f"DEVICE#{device.id}").name == device.name


def test_no_name_for_a_phone_that_is_gone(scene: Scene) -> None:
    with pytest.raises(DeviceNotFound):
        name(scene.world, scene.phone, "nobody's", "Meins")


def test_no_entry_makes_an_account_that_is_gone(world: World) -> None:
    anna = world.account()
    erase_account(anna.id, number=anna.number, email=None)
    with pytest.raises(Conflict):
        transact(lambda transaction: add_record(transaction, anna, "two_factor_changed", now=NOW))
    with pytest.raises(AccountRow.DoesNotExist):
        AccountRow.get(anna.id, "ACCOUNT")


def begin_as_the_release_before(account: Account) -> None:
    """It takes a place and enters nothing into the log: while a deploy shifts, both releases are at work."""
    AccountRow(account.id, "ACCOUNT").update(actions=[AccountRow.pending_logins.set({"LOGIN#x": NOW + 180})])


def test_a_start_keeps_the_place_that_the_release_before_took_meanwhile(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: begin_as_the_release_before(anna))
    world.start(anna)
    assert "LOGIN#x" in AccountRow.get(anna.id, "ACCOUNT").pending_logins.as_dict()


def test_a_revocation_sees_a_login_begun_by_the_release_before(scene: Scene) -> None:
    other, looks = scene.world.phone(scene.anna), scene.world.aws
    looks.clear()
    looks.before("TransactWriteItems", lambda: begin_as_the_release_before(scene.anna))
    scene.world.revoke(scene.phone, other.key.thumbprint)
    assert looks.operations().count("TransactWriteItems") == 2


def test_a_login_that_is_given_up_or_runs_out_stays_in_the_log(scene: Scene) -> None:
    scene.world.later(500)
    opened = scene.world.start(scene.anna)
    scene.world.approve(scene.phone, opened)
    scene.world.complete(opened)
    assert length(scene.anna) == 3
    assert faults(scene.anna) == []


def test_a_statement_of_a_start_that_was_outrun_names_the_place_it_got(scene: Scene) -> None:
    world = scene.world
    world.aws.before("TransactWriteItems", lambda: world.start(scene.anna))
    opened = world.start(scene.anna)
    stood = str(json.loads(opened.login.statement)["log"])
    assert read_head(stood).number == 3
    rows = list(LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#")))
    assert len({json.loads(row.statement)["log"] for row in rows}) == 3
