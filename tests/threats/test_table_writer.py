"""Threats by somebody who may write the table, and has not the pepper: items put, swapped, put back and moved."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from pynamodb.attributes import NumberAttribute

from smartident.accounts.account import AccountNotFound
from smartident.accounts.item.mac import COUNTS, GRANTED
from smartident.accounts.item.row import AccountRow
from smartident.admin.change import change_external_id, change_password
from smartident.admin.renew import renew_grants
from smartident.admin.two_factor import switch_two_factor
from smartident.clients.changes import add_client
from smartident.clients.client import Client, read_row
from smartident.clients.client_cache import find_client
from smartident.crypto.random import digest
from smartident.devices.device import DeviceRow
from smartident.devices.registration import RegistrationRow
from smartident.devices.revoke import revoke
from smartident.devices.snapshot import read_snapshot
from smartident.enrolment.enrolment_code import EnrolmentCodeRow
from smartident.enrolment.issue import issue_enrolment_code
from smartident.errors import (
    DeviceRevoked,
    InvalidCredentials,
    LoginDenied,
    LoginNotFound,
    PasskeyRefused,
    ProofInvalid,
    Refusal,
    RegistrationExpired,
    RegistrationNotFound,
    ServiceUnavailable,
)
from smartident.freeze.freeze import freeze_account
from smartident.logins.login import LoginRow
from smartident.lost_phone.delayed import DelayedRow
from smartident.pairing.pairing import PairingRow
from smartident.recovery.code_set import RecoveryCodesRow
from tests.support.log_lines import logged
from tests.support.passkey_policy import with_passkeys_only
from tests.support.scenarios import NOT_ME, Scene
from tests.support.stored_items import Item, Key, everything
from tests.support.world import ORIGIN, PASSWORD, TABLE, Phone, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smartident.accounts.account import Account

# What every item says of itself, and what no decision reads.
OWN = {"pk", "sk", "kind", "ttl"}
TOLD_LOGIN = {
    # Whether a client is pinged: it polls anyway.
    "delivery",
    "ticket_hash",
    "connection_id",
    "receipt",
    "reason",
    "barred_device_ids",
    "denial_evidence",
    "outcomes",
    "state_if_cancelled",
    "address_blocked_until",
    # Among whose tries it counts.
    "trusted_browser",
    "trust_epoch",
}
TOLD_ACCOUNT = {
    # What people read.
    *("display_name", "language", "created_at"),
    # Covered by `password_mac`.
    "password_hash",
    # What is counted, and until when somebody waits for it.
    *("failed_attempts", "locked_until", "lockout_count", "blocked_until", "failures_by_hour", "past_failures"),
    *("unlocked_at", "pending_logins", "uniform_starts", "wrong_sms_codes", "wrong_sms_codes_day"),
    # Among whose tries an attempt counts.
    *("trusted_addresses", "trust_epoch"),
    # Signed by the phones, or compared with what they signed.
    *("audit_log_head", "open_outcomes", "countries"),
}
TOLD_DEVICE = {"name", "platform", "revoked_at", "revoked_by"}
# How often the phones were rung lately.
TOLD_PAIRING = {"earlier"}
COUNTED_REGISTRATION = {
    "code_attempts",
    "sends",
    "last_send",
    "last_claim",
    "is_sent",
    "resend_at",
    "created_at",
    "phone_hint",
}


class Writer:
    """Writes the table as its administrator may."""

    def __init__(self) -> None:
        self._dynamodb = boto3.client("dynamodb")

    def keep(self) -> dict[Key, Item]:
        """All items as they are now, to be put back later."""
        return everything()

    def put(self, item: Item) -> None:
        self._dynamodb.put_item(TableName=TABLE, Item=item)

    def put_back(self, kept: dict[Key, Item], *sort_keys: str, pk: str) -> None:
        """The items of one partition whose sort keys begin like this, as they were."""
        for (partition, sort_key), item in kept.items():
            if partition == pk and sort_key.startswith(sort_keys):
                self.put(item)

    def item(self, row: Any) -> Item:
        return everything()[(row.pk, row.sk)]

    def alter(self, row: Any, **members: Any) -> None:
        """Write these members into an item: texts, numbers, None for no such member."""
        item = self.item(row)
        for name, value in members.items():
            item.pop(name, None)
            if value is not None:
                item[name] = _typed(value)
        self.put(item)

    def spoil(self, row: Any, told: Iterable[str] = ()) -> Iterator[str]:
        """Every member of an item that decides something, there or not, altered one after the other and put back."""
        item, attributes = self.item(row), type(row).get_attributes()
        for name in sorted(attributes.keys() - OWN - set(told)):
            blank = {"N": "0"} if isinstance(attributes[name], NumberAttribute) else {"S": ""}
            self.put(item | {name: _typed(_other(item.get(name, blank)))})
            yield name
            self.put(item)


def _typed(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, set):
        return {"SS": sorted(value)}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _other(held: dict[str, Any]) -> Any:
    """Another value of the same kind."""
    [(kind, value)] = held.items()
    if kind == "BOOL":
        return not value
    if kind == "SS":
        return {*value, "depot=D-7"}
    return int(value) + 1 if kind == "N" else value + "x"


@pytest.fixture
def writer() -> Writer:
    return Writer()


@contextmanager
def alarm(*kinds: str) -> Iterator[None]:
    """ForgedItems rings while this lasts, for these kinds of items and no others."""
    with logged() as log:
        yield
    rung = {one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"}
    assert rung == set(kinds)


def account_row(account: Account) -> AccountRow:
    return AccountRow.get(account.id, "ACCOUNT", consistent_read=True)


def device_row(phone: Phone) -> DeviceRow:
    return DeviceRow.get(phone.account_id, f"DEVICE#{phone.key.thumbprint}", consistent_read=True)


# Put by hand


@pytest.mark.parametrize("state", ["approved", "completed"])
def test_a_login_put_by_hand_is_no_session(scene: Scene, writer: Writer, state: str) -> None:
    """The attacker knows everything in the table, and chooses the token."""
    item = writer.item(scene.row())
    now = scene.world.now
    own: dict[str, Any] = {"state": state, "token_hash": digest("mine"), "complete_by": now + 50, "decided_at": now}
    own |= {"decided_by": scene.phone.key.thumbprint, "completed_at": now if state == "completed" else None}
    put = item | {name: _typed(value) for name, value in own.items() if value is not None}
    part = scene.started.login.part[:-3] + "aaa"
    writer.put(put | {"sk": {"S": f"LOGIN#{part}"}})
    with alarm("login"), pytest.raises(LoginNotFound):
        scene.world.complete(_started_as(scene, f"{scene.anna.id}.{part}", "mine"))


def _started_as(scene: Scene, login_id: str, token: str) -> Any:
    return SimpleNamespace(login=SimpleNamespace(id=login_id), token=token)


def test_a_phone_put_by_hand_asks_and_decides_nothing(scene: Scene, writer: Writer) -> None:
    world = scene.world
    thief = world.phone(world.account())
    item = writer.item(device_row(thief))
    writer.put(item | {"pk": {"S": scene.anna.id}})
    thief.account_id = scene.anna.id
    for ask in (lambda: world.listed(thief), lambda: world.approve(thief, scene.started), lambda: world.devices(thief)):
        with alarm("device"), pytest.raises(ProofInvalid):
            ask()
    with alarm("device"):
        assert len(world.listed(scene.phone)) == 1
    assert scene.still_waits()


def test_a_registration_put_into_another_account_confirms_nothing(world: World, writer: Writer) -> None:
    anna, thief = world.account(), world.new_phone()
    registered = world.register(world.account(), thief)
    code = world.sms.code()
    own, _, part = registered.registration_id.partition(".")
    writer.put(everything()[(own, f"REGISTRATION#{part}")] | {"pk": {"S": anna.id}})
    moved = type(registered)(**{**vars_of(registered), "registration_id": f"{anna.id}.{part}"})
    with alarm("registration"), pytest.raises(RegistrationNotFound):
        world.verify(moved, thief, code)


def vars_of(registered: Any) -> dict[str, Any]:
    return {name: getattr(registered, name) for name in registered.__struct_fields__}


# Swapped


def attacker(world: World) -> Account:
    """An account of the attacker's own, with a password that nobody else has."""
    account = world.account()
    change_password(account.id, "Mein-Passwort-42", now=world.now)
    return account


def test_a_password_hash_of_ones_own_opens_no_other_account(world: World, writer: Writer) -> None:
    anna, mine = world.account(), attacker(world)
    own = account_row(mine)
    writer.alter(account_row(anna), password_hash=own.password_hash)
    for password in ("Mein-Passwort-42", PASSWORD):
        with alarm("password"), pytest.raises(InvalidCredentials):
            world.start(anna, password=password)
    writer.alter(account_row(anna), password_mac=own.password_mac)
    with alarm("account"), pytest.raises(InvalidCredentials):
        world.start(anna, password="Mein-Passwort-42")


def test_two_factor_switched_off_by_hand_lets_nobody_in(scene: Scene, writer: Writer) -> None:
    writer.alter(account_row(scene.anna), two_factor=False)
    with alarm("account"), pytest.raises(InvalidCredentials):
        scene.world.start(scene.anna)


@pytest.mark.parametrize("policy", [None, "phone_or_passkey", "phone", "phone_or_passkey from 1"])
def test_a_policy_written_by_hand_lets_no_phone_log_in(world: World, writer: Writer, policy: str | None) -> None:
    owner = with_passkeys_only(world)
    writer.alter(account_row(owner.account), account_login_policy=policy)
    with alarm("account"), pytest.raises(InvalidCredentials):
        world.start(owner.account)
    with alarm("account"), pytest.raises(PasskeyRefused):
        owner.session_by_passkey()


def test_the_looser_policy_of_a_client_is_not_written_by_hand(world: World, writer: Writer) -> None:
    depot = Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",), login_policy="passkey_only")
    add_client(depot, by="anna", now=world.now)
    writer.alter(read_row("depot"), login_policy=None)
    with alarm("client"):
        assert find_client("depot", now=world.now) is None


def test_a_phone_number_written_by_hand_gets_no_sms(world: World, writer: Writer) -> None:
    anna = world.account()
    writer.alter(account_row(anna), phone="+4915123456789")
    with alarm("account"), pytest.raises(InvalidCredentials):
        world.register(anna, world.new_phone())
    assert len(world.sms) == 0


def test_a_number_written_while_a_code_is_on_its_way_confirms_nothing(world: World, writer: Writer) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    writer.alter(account_row(anna), phone="+4915123456789")
    with alarm("account"), pytest.raises(RegistrationNotFound):
        world.verify(registered, phone)
    world.later(30)
    with alarm("account"), pytest.raises(RegistrationNotFound):
        world.resend(registered, phone)


@pytest.mark.parametrize("typed", ["number", "email"])
def test_a_lookup_turned_to_another_account_opens_it_to_nobody(world: World, writer: Writer, typed: str) -> None:
    anna, mine = world.account(email="anna@example.org"), attacker(world)
    if typed == "number":
        writer.put(everything()[(f"NUMBER#{anna.number}", "LOOKUP")] | {"account_id": {"S": mine.id}})
    else:
        writer.put(everything()[("EMAIL#anna@example.org", anna.id)] | {"sk": {"S": mine.id}})
        boto3.client("dynamodb").delete_item(
            TableName=TABLE, Key={"pk": {"S": "EMAIL#anna@example.org"}, "sk": {"S": anna.id}}
        )
    with alarm("lookup"):
        status, _, problem = world.http(
            "POST",
            "/v1/logins",
            {"identifier": getattr(anna, typed), "password": "Mein-Passwort-42"},
        )
    assert (status, problem["code"]) == (401, "invalid_credentials")


# Put back


def test_a_login_that_a_revocation_ended_is_not_put_back(scene: Scene, writer: Writer) -> None:
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    world.approve(scene.phone, scene.started)
    kept = writer.keep()
    world.revoke(other, scene.phone.key.thumbprint)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    writer.put_back(kept, "LOGIN#", pk=scene.anna.id)
    for _ in range(2):
        with alarm("login"), pytest.raises(LoginNotFound):
            world.complete(scene.started)
    writer.alter(scene.row(), state="completed", completed_at=world.now)
    with alarm("login"), pytest.raises(LoginNotFound):
        world.complete(scene.started)


def test_a_denied_login_put_back_under_the_key_of_another_kind_rings_no_phone_again(
    scene: Scene, writer: Writer
) -> None:
    """A copy beside the login, which itself stays denied: an id is of the key, its kind included."""
    world, waiting = scene.world, writer.item(scene.row())
    world.decide(scene.phone, scene.started.login.id, NOT_ME)
    for kind in ("DEVICE#", "E#"):
        writer.put(waiting | {"sk": {"S": kind + scene.started.login.part}})
        with alarm("login"):
            assert world.listed(scene.phone) == []


def test_a_revoked_phone_is_not_put_back(scene: Scene, writer: Writer) -> None:
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    kept = writer.keep()
    world.revoke(other, scene.phone.key.thumbprint)
    writer.put_back(kept, f"DEVICE#{scene.phone.key.thumbprint}", pk=scene.anna.id)
    with alarm("device"), pytest.raises(ProofInvalid):
        world.approve(scene.phone, scene.started)


def test_an_older_account_put_back_alone_leaves_its_phones_outside(scene: Scene, writer: Writer) -> None:
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    kept = writer.keep()
    world.revoke(other, scene.phone.key.thumbprint)
    writer.put_back(kept, "ACCOUNT", pk=scene.anna.id)
    with alarm("device", "login"), pytest.raises(ProofInvalid):
        world.listed(other)


def test_the_old_password_is_not_put_back_into_the_account_of_today(world: World, writer: Writer) -> None:
    anna = world.account()
    before = account_row(anna)
    change_password(anna.id, "Vier-Esel-42", now=world.now)
    writer.alter(account_row(anna), password_hash=before.password_hash, password_mac=before.password_mac)
    with alarm("account"), pytest.raises(InvalidCredentials):
        world.start(anna)


def test_a_session_of_the_password_alone_is_not_put_back(world: World, writer: Writer) -> None:
    anna = world.account(two_factor=False)
    started, kept = world.start(anna), writer.keep()
    switch_two_factor(anna.id, on=True, now=world.now)
    writer.put_back(kept, "LOGIN#", pk=anna.id)
    with alarm("login"), pytest.raises(LoginNotFound):
        world.complete(started)


def test_a_whole_older_account_put_back_is_the_account_of_then(scene: Scene, writer: Writer) -> None:
    """Said in docs/security.md: nothing outside the table tells which of two whole accounts is the later one."""
    world = scene.world
    other = world.paired_phone(scene.phone, scene.anna)
    kept = writer.keep()
    world.revoke(other, scene.phone.key.thumbprint)
    writer.put_back(kept, "ACCOUNT", "DEVICE#", "LOGIN#", pk=scene.anna.id)
    with alarm():
        assert world.approve(scene.phone, scene.started) == "approved"


def test_after_a_renewal_nothing_from_before_it_is_put_back(scene: Scene, writer: Writer) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    registered = world.register(scene.anna, newer := world.new_phone())
    kept = writer.keep()
    renew_grants(scene.anna.id, now=world.now)
    with pytest.raises(LoginDenied):
        world.complete(scene.started)
    assert world.listed(scene.phone) == []
    writer.put_back(kept, "DEVICE#", "LOGIN#", "REGISTRATION#", pk=scene.anna.id)
    with alarm("login"), pytest.raises(LoginNotFound):
        world.complete(scene.started)
    with alarm("device", "login"), pytest.raises(ProofInvalid):
        world.listed(scene.phone)
    with alarm(), pytest.raises(Refusal):
        world.verify(registered, newer)


# In the middle of a request of ours


def test_a_key_swapped_while_its_code_is_tried_becomes_no_phone(world: World, writer: Writer) -> None:
    """Between the registration that was genuine and the one that the attempt was counted on."""
    anna, phone, thief = world.account(), world.new_phone(), world.new_phone()
    registered = world.register(anna, phone)
    (row,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    world.aws.before("UpdateItem", lambda: writer.alter(row, device_key=str(thief.key.public_jwk())))
    with alarm("registration"), pytest.raises(RegistrationNotFound):
        world.verify(registered, phone)
    assert read_snapshot(anna.id, now=world.now).devices == {}


@pytest.mark.parametrize("ahead", [0, 90, 300])
def test_a_login_put_by_hand_is_not_granted_by_the_next_revocation(scene: Scene, writer: Writer, ahead: int) -> None:
    """By an operator whose clock is ahead: the login seems over, and is not looked at."""
    world, lost = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    writer.alter(scene.row(), state="approved", token_hash=digest("mine"), complete_by=world.now + 50)
    revoke(scene.anna.id, lost.key.thumbprint, by=None, now=world.now + ahead)
    with pytest.raises(LoginNotFound):
        world.complete(_started_as(scene, scene.started.login.id, "mine"))


# Every member of every item


def covered(row: Any, told: set[str]) -> list[str]:
    """The members of an item that decide something."""
    return sorted(set(everything()[(row.pk, row.sk)]) - OWN - told - {"mac", "account_mac"})


def test_no_member_of_an_approved_login_is_altered(scene: Scene, writer: Writer) -> None:
    world = scene.world
    world.approve(scene.phone, scene.started)
    kept = scene.row()
    members = covered(kept, TOLD_LOGIN)
    assert {"state", "token_hash", "client", "amr", "statement", "decided_by", "grant_epoch"} <= set(members)
    for name in members:
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item[name]))})
        with pytest.raises(Refusal):
            world.complete(scene.started)
        writer.put(item)
    assert world.complete(scene.started)["id_token"]


def test_no_member_of_a_waiting_login_is_altered(scene: Scene, writer: Writer) -> None:
    kept = scene.row()
    for name in covered(kept, TOLD_LOGIN):
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item[name]))})
        assert scene.world.listed(scene.phone) == [], name
        writer.put(item)
    assert len(scene.world.listed(scene.phone)) == 1


def test_no_member_of_a_phone_is_altered(scene: Scene, writer: Writer) -> None:
    kept = device_row(scene.phone)
    for name in covered(kept, TOLD_DEVICE):
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item[name]))})
        with pytest.raises((ProofInvalid, DeviceRevoked)):
            scene.world.listed(scene.phone)
        writer.put(item)
    assert len(scene.world.listed(scene.phone)) == 1


def test_no_member_of_a_registration_is_altered(world: World, writer: Writer) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    (kept,) = RegistrationRow.query(anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    members = covered(kept, COUNTED_REGISTRATION)
    assert {"device_key", "thumbprint", "state", "expires_at", "code_number"} <= set(members)
    for name in members:
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item[name]))})
        with pytest.raises(RegistrationNotFound):
            world.verify(registered, phone)
        writer.put(item)
    assert world.verify(registered, phone) == phone.key.thumbprint


def _absent(name: str) -> dict[str, Any]:
    """What no member yet says the same as: False, none of what is counted, or the loosest policy."""
    texts = {"account_login_policy", "recovery_codes_mac"}
    return {"S": ""} if name in texts else {"N": "0"} if name in COUNTS else {"BOOL": False}


def code_row(account: Account) -> EnrolmentCodeRow:
    (kept,) = EnrolmentCodeRow.query(account.id, EnrolmentCodeRow.sk.startswith("SECRET#"))
    return kept


def test_no_member_of_an_enrolment_code_is_altered(world: World, writer: Writer) -> None:
    anna, phone = world.account(), world.new_phone()
    issued = issue_enrolment_code(anna.id, issued_by="petra", now=world.now)
    for name in covered(kept := code_row(anna), set()):
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item[name]))})
        with alarm("enrolment_code"), pytest.raises(InvalidCredentials):
            world.enrol(anna, phone, issued.code)
        writer.put(item)
        world.later(3700)
    assert world.enrol(anna, phone, issued.code).confirm_by == "enrolment_code"


def test_an_enrolment_code_that_was_replaced_and_put_back_lets_nobody_in(world: World, writer: Writer) -> None:
    anna, phone = world.account(), world.new_phone()
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    begun, before = world.enrol(anna, phone, code), writer.keep()
    issue_enrolment_code(anna.id, issued_by="petra", now=world.now)
    writer.put_back(before, "SECRET#", pk=anna.id)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), code)
    with pytest.raises(RegistrationExpired):
        world.verify(begun, phone)


def test_an_enrolment_code_that_was_used_and_put_back_lets_nobody_in(world: World, writer: Writer) -> None:
    anna, phone = world.account(), world.new_phone()
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    before = writer.keep()
    world.verify(world.enrol(anna, phone, code), phone)
    writer.put_back(before, "SECRET#", pk=anna.id)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), code)


def test_an_enrolment_code_of_another_account_is_none(world: World, writer: Writer) -> None:
    anna, bert = world.account(), world.account()
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    writer.put(writer.item(code_row(anna)) | {"pk": {"S": bert.id}})
    with alarm("enrolment_code"), pytest.raises(InvalidCredentials):
        world.enrol(bert, world.new_phone(), code)


def test_nothing_that_an_account_grants_is_altered(world: World, writer: Writer) -> None:
    anna = world.account(email="anna@example.org")
    phone = world.phone(anna)
    change_external_id(anna.id, "financeapp", "K-42", now=world.now)
    kept = account_row(anna)
    for name in GRANTED:
        item = writer.item(kept)
        writer.put(item | {name: _typed(_other(item.get(name, _absent(name))))})
        with pytest.raises(InvalidCredentials):
            world.start(anna)
        with alarm("device"), pytest.raises(ProofInvalid):
            world.listed(phone)
        writer.put(item)
        world.later(3700)
    assert world.start(anna).login.state == "pending"


def test_an_account_that_had_a_phone_is_not_made_a_new_one_by_hand(world: World, writer: Writer) -> None:
    """A new account's code is told to nobody, its phone does not cool off, and a client may issue it."""
    anna = world.account()
    revoke(anna.id, world.phone(anna).key.thumbprint, by=None, now=world.now)
    writer.alter(account_row(anna), first_device_at=None)
    with alarm("account"), pytest.raises(AccountNotFound):
        issue_enrolment_code(anna.id, issued_by="client:backend", now=world.now)


def test_a_frozen_account_is_not_opened_by_hand(scene: Scene, writer: Writer) -> None:
    """Neither by its switch alone, nor with the account of before: what was granted then is of another epoch."""
    world, before = scene.world, writer.keep()
    world.approve(scene.phone, scene.started)
    approved = writer.keep()
    freeze_account(scene.anna.id, operator="petra", now=world.now)
    frozen = account_row(scene.anna)
    for opened in (False, None):
        writer.alter(frozen, frozen=opened)
        with alarm("account"), pytest.raises(InvalidCredentials):
            world.start(scene.anna)
    writer.put_back(approved, "LOGIN#", pk=scene.anna.id)
    with pytest.raises(Refusal):
        world.complete(scene.started)
    writer.put_back(before, "ACCOUNT", pk=scene.anna.id)
    with alarm("device"), pytest.raises(ProofInvalid):
        world.listed(scene.phone)


def test_what_grants_is_covered_and_the_rest_is_named(world: World) -> None:
    """A new member of an item is covered by its MAC, or listed here as one that decides nothing."""
    assert AccountRow.get_attributes().keys() - OWN - TOLD_ACCOUNT == {*GRANTED, "account_mac"}
    assert LoginRow.get_attributes().keys() - OWN - TOLD_LOGIN == {
        *(
            "state",
            "token_hash",
            "client",
            "nonce",
            "amr",
            "statement",
            "client_address",
            "transfer_code_mac",
            "created_at",
        ),
        *("expires_at", "complete_by", "decided_at", "decided_by", "completed_at", "grant_epoch", "mac"),
        "completion_mac",
    }
    assert DeviceRow.get_attributes().keys() - OWN - TOLD_DEVICE == {
        *("state", "device_key", "approval_kind", "approval_key", "credential_id", "registered_at", "mac"),
        *("cool_off_until", "retires", "retired_by"),
    }
    assert RegistrationRow.get_attributes().keys() - OWN - COUNTED_REGISTRATION == {
        *("state", "thumbprint", "device_key", "device_name", "platform", "challenge", "code_number", "expires_at"),
        *("credential_version", "confirm_by", "enrolment_code_id", "recovery_code_mac", "mac"),
    }
    assert DelayedRow.get_attributes().keys() - OWN == {
        *("registration_id", "state", "statement", "client_address", "began_at", "admits_at", "account_epoch"),
        *("credential_version", "mac"),
    }
    assert EnrolmentCodeRow.get_attributes().keys() - OWN == {
        *("code_id", "code_mac", "state", "issued_by", "confirmed_by", "issued_at", "expires_at", "grant_epoch"),
        *("credential_version", "mac"),
    }
    assert PairingRow.get_attributes().keys() - OWN - TOLD_PAIRING == {
        *("registration_id", "state", "statement", "client_address", "country", "asn", "created_at", "expires_at"),
        *("decided_at", "decided_by", "reason", "cools_off", "retires", "grant_epoch", "mac"),
    }
    assert RecoveryCodesRow.get_attributes().keys() - OWN == {
        *("set_id", "state", "code_macs", "made_at", "made_by", "grant_epoch", "expires_at", "statement", "receipt"),
        "mac",
    }


def test_an_account_swapped_while_a_login_begins_begins_none(world: World, writer: Writer) -> None:
    """Between the attempt, which was genuine, and the login that it was to begin."""
    anna = world.account()
    world.phone(anna)
    row = account_row(anna)
    world.aws.before("TransactWriteItems", lambda: writer.alter(row, two_factor=False, audit_log_head="9.9.x"), after=0)
    with alarm("account"), pytest.raises(ServiceUnavailable):
        world.start(anna)
