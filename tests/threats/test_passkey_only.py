"""Ways round "passkey only": each begins with the right password, and mostly with the owner's phone as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from complete.step import finish_login
from login.step import Credentials, start_login
from passkeys.step import NewPasskey, make
from register_key import step
from smartident.admin.change import change_password
from smartident.admin.two_factor import switch_two_factor
from smartident.approvals import begin_recovery
from smartident.clients.changes import add_client
from smartident.clients.client import Client
from smartident.clients.login_policy import PASSKEY_ONLY, PHONE, PHONE_OR_PASSKEY
from smartident.devices.device import read_device
from smartident.enrolment.issue import issue_enrolment_code
from smartident.errors import (
    FreshLoginRequired,
    InvalidCredentials,
    LastPasskey,
    LoginPending,
    PasskeyRequired,
    PasskeyTooNew,
    RecoveryCodesExpired,
    RecoveryCodesNotAllowed,
    RecoveryDelayed,
    RecoveryRefused,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.passkeys.change_policy import order_login_policy
from smartident.passkeys.passkey import passkey_id_of
from smartident.statements.login import RequestOrigin
from smartident_client import base64url
from tests.support.login_passkey import LoginPasskey, from_page, listed, made, options, removed, sign_in
from tests.support.passkey_policy import Owner, choose, with_passkeys_only, with_two_passkeys
from tests.support.recovery import codes, recover, type_back
from tests.support.recovery import make as make_codes
from tests.support.world import AGENT, ELSEWHERE, ORIGIN, PASSWORD, World

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin


@pytest.fixture
def owner(world: World) -> Owner:
    """A person who has just decided that nothing but a passkey logs in."""
    return with_passkeys_only(world)


def typed(world: World, identifier: str, client: str | None = None, token: str | None = None) -> StartedLogin:
    """What the page gets for the right password."""
    ask = Credentials(identifier, PASSWORD, client, token)
    return start_login(ask, request_origin=RequestOrigin(ELSEWHERE, AGENT, ORIGIN), now=world.now)


def nobody_logs_in(world: World, owner: Owner) -> None:
    """The right password rings no phone."""
    with pytest.raises(PasskeyRequired):
        typed(world, owner.account.number)
    assert world.listed(owner.phone) == []


def test_the_password_and_the_phone_are_not_enough(world: World, owner: Owner) -> None:
    nobody_logs_in(world, owner)


def test_a_new_phone_by_pairing(world: World, owner: Owner) -> None:
    """Nor is the old phone asked: it could be talked into letting one in."""
    with pytest.raises(PasskeyRequired):
        world.register(owner.account, world.new_phone())
    assert world.listed(owner.phone) == []


def test_a_new_phone_by_sms_after_every_phone_was_removed(world: World, owner: Owner) -> None:
    sent = len(world.sms)
    world.revoke(owner.phone, owner.phone.key.thumbprint)
    with pytest.raises(PasskeyRequired):
        world.register(owner.account, world.new_phone())
    assert len(world.sms) == sent


def test_a_registration_that_began_before(world: World) -> None:
    """Whether the old phone has let it in by then or not."""
    owner, new = with_two_passkeys(world), world.new_phone()
    registered = world.register(owner.account, new)
    world.let_in(owner.phone, registered)
    choose(world, owner.session)
    with pytest.raises((RegistrationExpired, RegistrationNotFound)):
        world.verify(registered, new)


def test_a_phone_that_is_in_does_not_log_in(world: World) -> None:
    """However it came in."""
    owner = with_two_passkeys(world)
    other = world.paired_phone(owner.phone, owner.account)
    choose(world, owner.session)
    nobody_logs_in(world, owner)
    assert world.listed(other) == []


def test_a_new_phone_by_an_enrolment_code_cools_off_and_does_not_log_in(world: World, owner: Owner) -> None:
    """The operator's last resort lets a phone in, and nobody with it."""
    code = issue_enrolment_code(owner.account.id, issued_by="arn:aws:iam::123456789012:user/petra", now=world.now).code
    new = world.new_phone()
    world.verify(world.enrol(owner.account, new, code), new)
    device = read_device(owner.account.id, new.key.thumbprint)
    assert device is not None
    assert device.cool_off_until == world.now + 24 * 3600
    nobody_logs_in(world, owner)
    assert world.listed(new) == []


def waits_for_the_phone(world: World, owner: Owner, code: str) -> None:
    """Password and code let nobody in: neither the phone that asks, nor the owner's by a login."""
    new = world.new_phone()
    with pytest.raises(RecoveryDelayed):
        recover(world, owner.account, new, code)
    assert read_device(owner.account.id, new.key.thumbprint) is None
    nobody_logs_in(world, owner)


def test_a_recovery_code_that_a_relay_got(world: World) -> None:
    """With the password it begins a wait, of which everybody is told; the owner's passkey ends it."""
    owner = with_two_passkeys(world)
    known = codes(world, owner.phone)
    choose(world, owner.session)
    waits_for_the_phone(world, owner, known[0])
    choose(world, owner.session_by_passkey())
    world.later(48 * 3600)
    waits_for_the_phone(world, owner, known[0])


def test_a_recovery_code_after_which_the_owner_freezes(world: World) -> None:
    """The freeze ends the wait and the codes; opening begins neither again."""
    owner = with_two_passkeys(world)
    known = codes(world, owner.phone)
    choose(world, owner.session)
    waits_for_the_phone(world, owner, known[0])
    freeze_account(owner.account.id, operator="petra", now=world.now)
    open_account(owner.account.id, operator="petra", now=world.now)
    world.later(48 * 3600)
    nobody_logs_in(world, owner)
    with pytest.raises(RecoveryRefused):
        recover(world, owner.account, world.new_phone(), known[0])


def test_recovery_codes_that_the_phone_makes_afterwards(world: World) -> None:
    """They would loosen what the phone alone must not; those that wait to be typed back are over."""
    owner = with_two_passkeys(world)
    waiting = make_codes(world, owner.phone)
    choose(world, owner.session)
    with pytest.raises(RecoveryCodesNotAllowed):
        make_codes(world, owner.phone)
    with pytest.raises(RecoveryCodesExpired):
        type_back(world, owner.phone, waiting)


def test_a_registration_by_recovery_code_that_began_before(world: World) -> None:
    owner, new = with_two_passkeys(world), world.new_phone()
    registered = recover(world, owner.account, new, codes(world, owner.phone)[0])
    choose(world, owner.session)
    with pytest.raises((RegistrationExpired, RegistrationNotFound)):
        world.verify(registered, new)


def test_a_registration_by_recovery_code_that_forgot_to_ask(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin_recovery, "check_phones_allowed", lambda *_, **__: None)
    order_login_policy(owner.account.id, PHONE_OR_PASSKEY, now=world.now)
    world.later(24 * 3600)
    known = codes(world, owner.phone)
    order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)
    new = world.new_phone()
    registered = recover(world, owner.account, new, known[0])
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)


def test_a_passkey_of_ones_own_made_in_a_login_by_phone(world: World) -> None:
    owner = with_two_passkeys(world)
    credential = LoginPasskey().create(listed(world, owner.session)["creation"])
    choose(world, owner.session)
    with pytest.raises(FreshLoginRequired):
        make(NewPasskey(credential, "Mine"), bearer=owner.session, request_origin=from_page(), now=world.now)


def test_a_new_passkey_needs_a_passkey(world: World, owner: Owner) -> None:
    session = owner.session_by_passkey()
    assert made(world, session)
    assert len(listed(world, session)["passkeys"]) == 3


def test_a_looser_policy_by_the_phone(world: World, owner: Owner) -> None:
    with pytest.raises(FreshLoginRequired):
        choose(world, owner.session, PHONE_OR_PASSKEY)
    nobody_logs_in(world, owner)


def test_removing_the_last_passkeys(world: World, owner: Owner) -> None:
    """With none left, nothing falls back to the phone."""
    first, last = (passkey_id_of(base64url.encode(one.credential_id)) for one in owner.passkeys)
    with pytest.raises(FreshLoginRequired):
        removed(world, owner.session, first)
    session = owner.session_by_passkey(1)
    removed(world, session, first)
    with pytest.raises(LastPasskey):
        removed(world, session, last)
    nobody_logs_in(world, owner)


@pytest.mark.parametrize("policy", [PHONE, PHONE_OR_PASSKEY])
def test_another_client_that_asks_for_less(world: World, owner: Owner, policy: str) -> None:
    add_client(Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",), login_policy=policy), by="anna", now=world.now)
    with pytest.raises(PasskeyRequired):
        typed(world, owner.account.number, "depot")


def test_two_factor_switched_off(world: World, owner: Owner) -> None:
    switch_two_factor(owner.account.id, on=False, now=world.now)
    with pytest.raises(PasskeyRequired):
        typed(world, owner.account.number)


def test_a_client_of_passkeys_only_and_an_account_of_the_password_alone(world: World) -> None:
    anna = world.account(two_factor=False)
    add_client(
        Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",), login_policy=PASSKEY_ONLY), by="anna", now=world.now
    )
    with pytest.raises(PasskeyRequired):
        typed(world, anna.number, "depot")


def test_a_passkey_made_at_another_client_by_the_phone(world: World) -> None:
    """A relayed approval is enough to make one, but not to use it at once where one is demanded."""
    owner = with_two_passkeys(world)
    strict = Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",), login_policy=PASSKEY_ONLY)
    add_client(strict, by="anna", now=world.now)
    for _ in range(2):
        with pytest.raises(PasskeyTooNew) as refused:
            sign_in(world, owner.passkeys[0].get(options(world)), client="depot")
        assert refused.value.details["retry_after"] == 24 * 3600
        # The account's own policy, which the same approval may set, makes the passkey no older.
        choose(world, owner.session)
    world.later(24 * 3600)
    assert sign_in(world, owner.passkeys[0].get(options(world)), client="depot")["status"] == "approved"


def test_a_way_in_that_forgets_to_ask(world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever begins a registration, a phone comes in at one place only."""
    monkeypatch.setattr(step, "check_password_allowed", lambda *_, **__: None)
    new = world.new_phone()
    registered = world.register(owner.account, new)
    world.let_in(owner.phone, registered)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    world.revoke(owner.phone, owner.phone.key.thumbprint)
    first = world.new_phone()
    registered = world.register(owner.account, first)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, first)


def test_the_e_mail_in_place_of_the_number(world: World) -> None:
    owner = with_two_passkeys(world, world.account(email="anna@example.org"))
    choose(world, owner.session)
    with pytest.raises(PasskeyRequired):
        typed(world, "Anna@Example.org")


def test_a_new_password(world: World, owner: Owner) -> None:
    change_password(owner.account.id, PASSWORD, now=world.now)
    nobody_logs_in(world, owner)


def test_a_browser_that_was_trusted_before(world: World) -> None:
    owner = with_two_passkeys(world)
    token = world.trusted_browser(owner.account, owner.phone)
    choose(world, owner.session)
    with pytest.raises(PasskeyRequired):
        typed(world, owner.account.number, token=token)


def test_the_operator_as_last_resort_lets_everybody_know_first(world: World, owner: Owner) -> None:
    order_login_policy(owner.account.id, PHONE_OR_PASSKEY, now=world.now)
    nobody_logs_in(world, owner)
    with pytest.raises(PasskeyRequired):
        world.register(owner.account, world.new_phone())


def test_with_uniform_login_the_right_password_gets_a_decoy(world: World, owner: Owner) -> None:
    """Which tells nobody whether it was right, and rings no phone."""
    world.set(UNIFORM_LOGIN="on", TRANSFER_CODE_DIGITS=6)
    right = typed(world, owner.account.number)
    wrong = world.start(owner.account, password="Vier-Esel-43")
    for login in (right, wrong):
        assert login.login.state == "decoy"
        assert login.transfer_code
        with pytest.raises(LoginPending):
            finish_login(login.login.id, login.token, issuer="https://api.example.test", now=world.now)
    assert world.listed(owner.phone) == []


def test_with_uniform_login_and_two_factor_off_too(world: World, owner: Owner) -> None:
    world.set(UNIFORM_LOGIN="on", TRANSFER_CODE_DIGITS=6)
    switch_two_factor(owner.account.id, on=False, now=world.now)
    assert typed(world, owner.account.number).login.state == "decoy"


def test_a_wrong_password_is_wrong(world: World, owner: Owner) -> None:
    with pytest.raises(InvalidCredentials):
        world.start(owner.account, password="Vier-Esel-43")
    with pytest.raises(InvalidCredentials):
        world.register(owner.account, world.new_phone(), password="Vier-Esel-43")
