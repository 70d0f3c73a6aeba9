"""The link of a notice freezes at the press of a button: once, within seven days, twice a day at most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import boto3
import pytest

from freeze.step import NoticeLink, freeze_by_link
from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.admin.erase import erase_account
from smartident.errors import FreezeLinkExpired, FreezeLinkInvalid, FreezeLinkUsed, LoginDenied, TooManyFreezes
from smartident.freeze.opening import open_account
from smartident.notices.freeze_link import LIFETIME
from smartident.notices.outbox import NoticeRow, recent_notices
from smartident.storage.table import DAY
from tests.support.concurrency import at_once
from tests.support.freeze_links import told
from tests.support.stored_items import everything
from tests.support.world import TABLE

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.scenarios import Scene
    from tests.support.world import World


def press(world: World, token: str) -> None:
    freeze_by_link(NoticeLink(token), origin="Wien (203.0.113.9)", push=world.push, now=world.now)


def frozen(account: Account) -> bool:
    found = read_account(account.id)
    assert found is not None
    return found.frozen


def open_again(world: World, account: Account) -> None:
    open_account(account.id, operator="petra", now=world.now)


def test_the_button_freezes_and_what_waits_ends(scene: Scene) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    press(world, told(scene.anna, now=world.now))
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    (row,) = [
        one
        for one in AuditRecordRow.query(scene.anna.id, AuditRecordRow.sk.startswith("RECORD#"))
        if one.type == "account_frozen"
    ]
    assert {row.device_id, row.detail} == {None}
    (event,) = [one for one in world.events(scene.phone)["events"] if one["type"] == "account_frozen"]
    assert event["by"] == "notice"
    (said,) = [one for one in recent_notices(scene.anna.id, since=0) if one.event == "account_frozen"]
    assert (said.by, said.origin) == ("notice", "Wien (203.0.113.9)")


def test_a_link_freezes_once_and_a_frozen_account_does_not_use_it_up(scene: Scene) -> None:
    world = scene.world
    first, second = told(scene.anna, now=world.now), told(scene.anna, now=world.now)
    assert first != second
    for token in (first, first, second):
        press(world, token)
    open_again(world, scene.anna)
    with pytest.raises(FreezeLinkUsed):
        press(world, first)
    assert not frozen(scene.anna)
    press(world, second)
    assert frozen(scene.anna)


def test_links_freeze_twice_a_day_at_most(scene: Scene) -> None:
    world = scene.world
    tokens = [told(scene.anna, now=world.now) for _ in range(4)]
    for token in tokens[:2]:
        press(world, token)
        open_again(world, scene.anna)
        world.later(3600)
    with pytest.raises(TooManyFreezes) as refused:
        press(world, tokens[2])
    assert refused.value.details == {"retry_after": DAY - 2 * 3600}
    world.later(DAY - 2 * 3600)
    press(world, tokens[2])
    assert frozen(scene.anna)


def test_the_link_counts_for_seven_days(scene: Scene) -> None:
    world = scene.world
    token = told(scene.anna, now=world.now)
    world.later(LIFETIME - 1)
    press(world, token)
    open_again(world, scene.anna)
    world.later(1)
    with pytest.raises(FreezeLinkExpired):
        press(world, token)


def test_what_is_no_token_reads_nothing(scene: Scene) -> None:
    world = scene.world
    token = told(scene.anna, now=world.now)
    account_id, part, expires_at, mac = token.split(".")
    world.aws.calls.clear()
    for other in (
        "x",
        f"{account_id}.{part}.{int(expires_at) + 1}.{mac}",
        f"{account_id}.{part}x.{expires_at}.{mac}",
        f"k3v7q2xw5m6n4p2rz7aybcdefg.{part}.{expires_at}.{mac}",
        f"{account_id}.{part}.²³.{mac}",
        f"{account_id}.{part}.{expires_at}.",
    ):
        with pytest.raises(FreezeLinkInvalid):
            press(world, other)
    assert [call for call in world.aws.operations() if call != "GetSecretValue"] == []


def test_a_link_whose_notice_or_account_is_gone_freezes_nothing(scene: Scene) -> None:
    world, anna = scene.world, scene.anna
    token = told(anna, now=world.now)
    for row in NoticeRow.query(anna.id, NoticeRow.sk.startswith("NOTICE#")):
        row.delete()
    with pytest.raises(FreezeLinkInvalid):
        press(world, token)
    erase_account(anna.id, number=anna.number, email=anna.email)
    with pytest.raises(FreezeLinkInvalid):
        press(world, token)


def test_of_two_presses_at_once_one_freezes(scene: Scene) -> None:
    world = scene.world
    token = told(scene.anna, now=world.now)
    at_once(*[lambda: press(world, token)] * 4)
    assert [one.event for one in recent_notices(scene.anna.id, since=0)].count("account_frozen") == 1


def test_three_links_at_once_freeze_once(scene: Scene) -> None:
    """The second finds the account frozen and stays good."""
    world = scene.world
    tokens = [told(scene.anna, now=world.now) for _ in range(3)]
    at_once(*[partial(press, world, token) for token in tokens])
    used = [row.link_used_at for row in NoticeRow.query(scene.anna.id, NoticeRow.sk.startswith("NOTICE#"))]
    assert len([one for one in used if one is not None]) == 1


def test_a_notice_that_goes_while_its_button_is_pressed_leaves_nothing_behind(scene: Scene) -> None:
    """Thirty days are over just then: its link freezes no more, and no half of an item comes back."""
    world, token = scene.world, told(scene.anna, now=scene.world.now)
    part = token.split(".")[1]
    gone = partial(
        boto3.client("dynamodb").delete_item,
        TableName=TABLE,
        Key={"pk": {"S": scene.anna.id}, "sk": {"S": f"NOTICE#{part}"}},
    )
    world.aws.before("TransactWriteItems", lambda: at_once(gone))
    with pytest.raises(FreezeLinkInvalid):
        press(world, token)
    assert (scene.anna.id, f"NOTICE#{part}") not in everything()
    assert not frozen(scene.anna)
