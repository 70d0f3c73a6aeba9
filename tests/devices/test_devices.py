"""After the story: the phones of an account, seen and managed from a phone."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from msgspec import to_builtins

from devices.step import NewName, rename
from smartident.accounts.item.row import AccountRow
from smartident.devices import snapshot
from smartident.devices.revoke import revoke
from smartident.devices.snapshot import AccountSnapshot
from smartident.errors import (
    DeviceNotFound,
    DeviceRevoked,
    KeyRegistrationRequired,
    LoginDecided,
    LoginDenied,
    ProofInvalid,
)
from tests.support.log_lines import logged
from tests.support.scenarios import NOT_ME, Scene
from tests.support.world import NOW, Phone, World


def renamed(world: World, phone: Phone, device_id: str, name: str) -> dict[str, object]:
    request = phone.request("PATCH", f"/v1/devices/{device_id}", b"{}", now=world.now)
    return rename(device_id, NewName(name), request=request, now=world.now)


def test_each_phone_sees_all_phones_of_its_account_oldest_first(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    world.later(5)
    second = world.paired_phone(first, anna, "webauthn")
    world.phone(world.account())
    seen = [(one["device_id"], one["approval_key"], one["current"]) for one in world.devices(second)]
    assert seen == [(first.key.thumbprint, "jwk", False), (second.key.thumbprint, "webauthn", True)]
    assert [one["current"] for one in world.devices(first)] == [True, False]


def test_keys_are_not_shown(scene: Scene) -> None:
    shown = json.dumps(scene.world.devices(scene.phone))
    assert scene.phone.key.public_jwk()["x"] not in shown


def test_a_phones_last_use_is_its_last_decision(world: World) -> None:
    anna = world.account()
    first = world.phone(anna)
    second = world.paired_phone(first, anna)
    world.approve(first, world.start(anna))
    world.later(100)
    world.decide(first, world.start(anna).login.id, NOT_ME)
    world.later(100)
    assert {one["device_id"]: one["last_used_at"] for one in world.devices(second)} == {
        first.key.thumbprint: NOW + 100,
        second.key.thumbprint: None,
    }


def test_a_phone_gets_another_name_on_record(scene: Scene) -> None:
    world, own = scene.world, scene.phone.key.thumbprint
    world.later(1)
    told = renamed(world, scene.phone, own, "Küchentelefon")
    assert told == world.devices(scene.phone)[0]
    assert told["name"] == "Küchentelefon"
    assert world.events(scene.phone)["events"][0]["type"] == "device_renamed"
    assert world.events(scene.phone)["events"][0]["device_id"] == own


def test_a_phone_that_is_called_so_already_is_on_record_once(scene: Scene) -> None:
    own = scene.phone.key.thumbprint
    for _ in range(3):
        assert renamed(scene.world, scene.phone, own, "Tablet")["name"] == "Tablet"
    kinds = [event["type"] for event in scene.world.events(scene.phone)["events"]]
    assert kinds.count("device_renamed") == 1


def test_one_phone_names_another(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    assert renamed(scene.world, scene.phone, second.key.thumbprint, "Tablet")["current"] is False
    assert {one["name"] for one in scene.world.devices(second)} == {"Annas Telefon", "Tablet"}


@pytest.mark.parametrize("whose", ["nobody's", "another account's"])
def test_a_phone_that_is_not_of_this_account_is_not_found(scene: Scene, whose: str) -> None:
    stranger = scene.world.phone(scene.world.account())
    device_id = stranger.key.thumbprint if whose == "another account's" else "x"
    with pytest.raises(DeviceNotFound):
        renamed(scene.world, scene.phone, device_id, "Meins")
    with pytest.raises(DeviceNotFound):
        scene.world.revoke(scene.phone, device_id)
    assert scene.world.devices(stranger)[0]["name"] == "Annas Telefon"
    assert scene.world.devices(stranger)[0]["state"] == "active"


def test_a_revoked_phone_is_out_at_once_and_stays_in_the_list(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.revoke(scene.phone, second.key.thumbprint)
    asks = (
        lambda: world.listed(second),
        lambda: world.devices(second),
        lambda: world.events(second),
        lambda: renamed(world, second, second.key.thumbprint, "x"),
        lambda: world.revoke(second, scene.phone.key.thumbprint),
    )
    for ask in asks:
        with pytest.raises(DeviceRevoked):
            ask()
    states = {one["device_id"]: one["state"] for one in world.devices(scene.phone)}
    assert states == {scene.phone.key.thumbprint: "active", second.key.thumbprint: "revoked"}


def test_a_removed_phone_hears_who_removed_it_and_nobody_else_does(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    renamed(world, scene.phone, scene.phone.key.thumbprint, "Annas grünes")
    world.later(60)
    world.revoke(scene.phone, second.key.thumbprint)
    with pytest.raises(DeviceRevoked) as refused:
        world.listed(second)
    assert refused.value.details == {"revoked_at": world.now, "revoked_by": "Annas grünes"}
    with pytest.raises(ProofInvalid):
        world.listed(replace(second, key=world.new_phone().key))


def test_revoking_twice_changes_nothing_more(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    for _ in range(3):
        world.revoke(scene.phone, second.key.thumbprint)
    assert AccountRow.get(scene.anna.id, "ACCOUNT").active_devices == 1
    kinds = [event["type"] for event in world.events(scene.phone)["events"]]
    assert kinds.count("device_revoked") == 1


def test_what_a_revoked_phone_approved_never_completes(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.approve(second, scene.started)
    world.revoke(scene.phone, second.key.thumbprint)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    (event,) = [one for one in world.events(scene.phone)["events"] if one["type"] == "login_denied"]
    assert event["reason"] == "device_revoked"


def test_what_another_phone_approved_lives_on(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.approve(scene.phone, scene.started)
    world.revoke(scene.phone, second.key.thumbprint)
    assert world.complete(scene.started)["token_type"] == "Bearer"


def test_a_session_that_stands_is_not_undone(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.approve(second, scene.started)
    world.complete(scene.started)
    world.revoke(scene.phone, second.key.thumbprint)
    with pytest.raises(LoginDecided):
        world.decide(scene.phone, scene.started.login.id, NOT_ME)


def test_what_waits_still_waits_for_the_other_phone(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.revoke(scene.phone, second.key.thumbprint)
    assert world.approve(scene.phone, scene.started) == "approved"


def test_an_approval_that_is_over_hinders_no_revocation(scene: Scene) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    world.approve(second, scene.started)
    world.later(60)
    world.revoke(scene.phone, second.key.thumbprint)
    assert {one["state"] for one in world.devices(scene.phone)} == {"active", "revoked"}


def test_the_last_phone_may_revoke_itself(scene: Scene) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    world.revoke(scene.phone, scene.phone.key.thumbprint)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    with pytest.raises(KeyRegistrationRequired):
        world.start(scene.anna)
    assert world.phone(scene.anna).account_id == scene.anna.id


def test_an_account_that_is_gone_revokes_nothing(scene: Scene) -> None:
    AccountRow.get(scene.anna.id, "ACCOUNT").delete()
    with pytest.raises(ProofInvalid):
        scene.world.revoke(scene.phone, scene.phone.key.thumbprint)


def test_the_routes_over_http(world: World) -> None:
    world.now = int(time.time())
    anna = world.account()
    phone = world.phone(anna)
    second = world.paired_phone(phone, anna)
    status, _, told = world.send(phone, "GET", "/v1/devices")
    assert (status, len(told["devices"])) == (200, 2)
    path = f"/v1/devices/{second.key.thumbprint}"
    status, _, told = world.send(phone, "PATCH", path, {"name": "Tablet"})
    assert (status, told["name"]) == (200, "Tablet")
    ask = to_builtins(world.revocation(phone, second.key.thumbprint))
    status, _, told = world.send(phone, "POST", f"{path}/revoke", ask)
    assert (status, told) == (204, None)
    status, _, told = world.send(phone, "GET", "/v1/events")
    kinds = {event["type"] for event in told["events"]}
    assert (status, kinds) == (
        200,
        {*("device_registered", "pairing_started", "pairing_approved", "device_renamed", "device_revoked")},
    )
    status, _, problem = world.send(second, "GET", "/v1/devices")
    assert (status, problem["code"]) == (401, "device_revoked")


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 65}, {"name": 7}, {"name": "x", "state": "active"}])
def test_a_name_that_is_none_is_refused_over_http(world: World, body: dict[str, Any]) -> None:
    world.now = int(time.time())
    phone = world.phone(world.account())
    status, _, problem = world.send(phone, "PATCH", f"/v1/devices/{phone.key.thumbprint}", body)
    assert (status, problem["code"]) == (400, "invalid_request")


def test_a_query_that_meets_a_revocation_half_way_is_asked_again(scene: Scene) -> None:
    """It shows the account of before and the phones of after: no alarm, and no phone turned away."""
    world, read = scene.world, snapshot._read
    half = iter([True])

    def met(account_id: str, *, now: int) -> AccountSnapshot:
        found = read(account_id, now=now)
        return replace(found, devices={}, forged=("device",)) if next(half, False) else found

    world.monkeypatch.setattr(snapshot, "_read", met)
    with logged() as log:
        assert len(world.listed(scene.phone)) == 1
    assert log.lines("event") == []


def test_an_operator_revokes_no_device_that_is_not_there(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    for account_id, device_id in ((anna.id, "no-such-device"), ("nobody", phone.key.thumbprint)):
        with pytest.raises(DeviceNotFound):
            revoke(account_id, device_id, by=None, now=world.now)
    assert [device.active for device in snapshot.read_snapshot(anna.id, now=world.now).devices.values()] == [True]
