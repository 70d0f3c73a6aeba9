"""What an account may be logged in with: who changes it, from when it holds, and what ends with it."""

from __future__ import annotations

from typing import Any

import pytest

from complete.step import finish_login
from login.step import Credentials, start_login
from passkeys.step import NewPasskey, make
from smartident.accounts.account import AccountNotFound
from smartident.accounts.account_change import change_of
from smartident.accounts.audit_log import read_records
from smartident.accounts.item.login_policy import login_policy_of, looser_from, set_login_policy
from smartident.admin.erase import erase_account
from smartident.clients.changes import add_client
from smartident.clients.client import Client
from smartident.clients.client_cache import check_client
from smartident.clients.login_policy import LOGIN_POLICIES, PASSKEY_ONLY, PHONE, PHONE_OR_PASSKEY, allows, stricter
from smartident.errors import (
    CoolingOff,
    FreshLoginRequired,
    InvalidCredentials,
    LastPasskey,
    LoginDenied,
    LoginNotFound,
    PasskeyNotAllowed,
    PasskeyRequired,
    RegistrationExpired,
    RegistrationNotFound,
    ServiceUnavailable,
    TwoPasskeysRequired,
)
from smartident.freeze.freeze import freeze_account
from smartident.history.events import read_page
from smartident.logins import start
from smartident.logins.start import StartedLogin
from smartident.notices.outbox import recent_notices
from smartident.passkeys import change_policy
from smartident.passkeys.change_policy import order_login_policy
from smartident.passkeys.passkey import passkey_id_of
from smartident.statements.login import RequestOrigin
from smartident.storage.writes import write
from smartident_client import base64url
from tests.support.login_passkey import LoginPasskey, from_page, listed, options, removed, sign_in, signed_in
from tests.support.passkey_policy import Owner, choose, with_passkeys_only, with_two_passkeys
from tests.support.recovery import codes
from tests.support.world import ABROAD, AGENT, HOME, ORIGIN, PASSWORD, URL, World

HOUR = 3600


@pytest.fixture
def owner(world: World) -> Owner:
    return with_two_passkeys(world)


@pytest.fixture
def strict(world: World) -> Owner:
    return with_passkeys_only(world)


def passkey_id(passkey: LoginPasskey) -> str:
    return passkey_id_of(base64url.encode(passkey.credential_id))


def told(owner: Owner) -> list[str]:
    """The events that the owner was to be told of, newest first, by when they happened."""
    notices = recent_notices(owner.account.id, since=0)
    return [one.event for one in sorted(notices, key=lambda one: -one.at)]


def client_with(world: World, policy: str | None) -> str:
    """A client of this policy, on the same page."""
    client = Client("depot", "Depot", (ORIGIN,), (f"{ORIGIN}/depot",), login_policy=policy)
    add_client(client, by="anna", now=world.now)
    return "depot"


def start_at(world: World, owner: Owner, client: str | None, *, identifier: str | None = None) -> StartedLogin:
    """What the browser gets for the password, at a client."""
    ask = Credentials(identifier or owner.account.number, PASSWORD, client)
    return start_login(ask, request_origin=RequestOrigin(HOME, AGENT, ORIGIN), now=world.now)


@pytest.mark.parametrize("one", LOGIN_POLICIES)
@pytest.mark.parametrize("other", LOGIN_POLICIES)
def test_of_two_policies_the_stricter_holds(one: str, other: str) -> None:
    held = stricter(one, other)
    assert held in {one, other}
    assert (PASSKEY_ONLY in {one, other}) == (held == PASSKEY_ONLY)
    assert (held == PHONE_OR_PASSKEY) == (one == other == PHONE_OR_PASSKEY)


def test_an_account_may_be_logged_in_with_phone_or_passkey(world: World, owner: Owner) -> None:
    assert login_policy_of(owner.now(), now=world.now) == PHONE_OR_PASSKEY
    seen = listed(world, owner.session)
    assert (seen["login_policy"], seen["looser_from"]) == (PHONE_OR_PASSKEY, None)


def test_her_phone_lets_the_owner_demand_a_passkey(world: World, owner: Owner) -> None:
    assert choose(world, owner.session) == {"login_policy": PASSKEY_ONLY}
    with pytest.raises(PasskeyRequired):
        world.start(owner.account)
    assert owner.session_by_passkey()
    assert "passkey_only_on" in told(owner)


def test_the_history_says_who_changed_it(world: World, owner: Owner) -> None:
    world.later(60)
    choose(world, owner.session)
    world.later(60)
    order_login_policy(owner.account.id, PHONE_OR_PASSKEY, now=world.now)
    events: Any = read_page(owner.account.id, before=None, now=world.now)["events"]
    ordered, changed = events[:2]
    assert (ordered["type"], ordered["by"], ordered["detail"]) == ("login_policy_ordered", "operator", PHONE_OR_PASSKEY)
    assert (changed["type"], changed["by"], changed["detail"]) == ("login_policy_changed", None, PASSKEY_ONLY)
    assert changed["device_id"] == owner.phone.key.thumbprint


def test_the_same_choice_again_changes_nothing(world: World, owner: Owner) -> None:
    """Also when the answer was lost, although the stricter policy has begun another epoch."""
    choose(world, owner.session)
    before = [row.sk for row in read_records(owner.account.id, after="", limit=50)]
    assert choose(world, owner.session) == {"login_policy": PASSKEY_ONLY}
    assert [row.sk for row in read_records(owner.account.id, after="", limit=50)] == before


def test_two_passkeys_have_to_be_there(world: World, owner: Owner) -> None:
    removed(world, owner.session, passkey_id(owner.passkeys[0]))
    with pytest.raises(TwoPasskeysRequired):
        choose(world, owner.session)
    with pytest.raises(TwoPasskeysRequired):
        order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)
    assert world.started(owner.account)


def test_a_new_phone_demands_nothing_while_it_cools_off(world: World, owner: Owner) -> None:
    other = world.paired_phone(owner.phone, owner.account, here=ABROAD)
    world.later(600)
    session = signed_in(world, other, world.started(owner.account))
    with pytest.raises(CoolingOff):
        choose(world, session)


def test_a_session_of_before_changes_nothing_after(world: World, owner: Owner) -> None:
    """What the phone approved before the policy became stricter loosens nothing, makes and removes nothing."""
    choose(world, owner.session)
    with pytest.raises(FreshLoginRequired):
        choose(world, owner.session, PHONE_OR_PASSKEY)
    with pytest.raises(FreshLoginRequired):
        listed(world, owner.session)


def test_a_passkey_loosens_it_at_once(world: World, strict: Owner) -> None:
    assert choose(world, strict.session_by_passkey(), PHONE_OR_PASSKEY) == {"login_policy": PHONE_OR_PASSKEY}
    assert world.started(strict.account)
    assert "phone_or_passkey_on" in told(strict)


def test_a_stricter_policy_ends_what_waits_for_the_phone(world: World, owner: Owner) -> None:
    waiting, approved = world.start(owner.account), world.start(owner.account)
    world.approve(owner.phone, approved)
    choose(world, owner.session)
    for login in (waiting, approved):
        with pytest.raises(LoginDenied):
            world.complete(login)


def test_a_login_that_a_passkey_approved_is_completed_after_it(world: World, owner: Owner) -> None:
    login = sign_in(world, owner.passkeys[0].get(options(world)))
    choose(world, owner.session)
    assert finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)["id_token"]


def test_where_the_phone_is_demanded_no_passkey_logs_in(world: World, owner: Owner) -> None:
    login = sign_in(world, owner.passkeys[0].get(options(world)))
    order_login_policy(owner.account.id, PHONE, now=world.now)
    with pytest.raises(LoginDenied):
        finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)
    with pytest.raises(PasskeyNotAllowed):
        sign_in(world, owner.passkeys[0].get(options(world)))
    session = signed_in(world, owner.phone, world.started(owner.account))
    assert listed(world, session)["creation"] is None
    with pytest.raises(PasskeyNotAllowed):
        choose(world, session)
    assert "phone_only_on" in told(owner)


def test_what_the_operator_loosens_holds_after_the_cool_off(world: World, strict: Owner) -> None:
    starts_at = order_login_policy(strict.account.id, PHONE_OR_PASSKEY, now=world.now)
    assert starts_at == world.now + 24 * HOUR
    assert looser_from(strict.now(), now=world.now) == starts_at
    assert listed(world, strict.session_by_passkey())["looser_from"] == starts_at
    world.later(24 * HOUR - 1)
    with pytest.raises(PasskeyRequired):
        world.start(strict.account)
    world.later(1)
    assert world.start(strict.account)
    assert login_policy_of(strict.now(), now=world.now) == PHONE_OR_PASSKEY


def test_asking_the_operator_again_does_not_begin_the_wait_again(world: World, strict: Owner) -> None:
    first = order_login_policy(strict.account.id, PHONE_OR_PASSKEY, now=world.now)
    world.later(HOUR)
    assert order_login_policy(strict.account.id, PHONE_OR_PASSKEY, now=world.now) == first
    assert order_login_policy(strict.account.id, PHONE, now=world.now) == first


def test_the_owner_takes_back_what_the_operator_loosened(world: World, strict: Owner) -> None:
    order_login_policy(strict.account.id, PHONE_OR_PASSKEY, now=world.now)
    choose(world, strict.session_by_passkey())
    world.later(48 * HOUR)
    with pytest.raises(PasskeyRequired):
        world.start(strict.account)


def test_what_began_after_the_wait_ends_with_it_whatever_the_operators_clock_says(world: World, strict: Owner) -> None:
    order_login_policy(strict.account.id, PHONE_OR_PASSKEY, now=world.now)
    world.later(24 * HOUR)
    login = world.start(strict.account)
    world.approve(strict.phone, login)
    order_login_policy(strict.account.id, PASSKEY_ONLY, now=world.now - HOUR)
    with pytest.raises(LoginDenied):
        world.complete(login)


def test_the_operator_demands_a_passkey_at_once(world: World, owner: Owner) -> None:
    assert order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now) == world.now
    with pytest.raises(PasskeyRequired):
        world.start(owner.account)


def test_there_has_to_be_an_account(world: World, owner: Owner) -> None:
    session, account = owner.session, owner.now()
    erase_account(account.id, number=account.number, email=account.email)
    with pytest.raises(AccountNotFound):
        order_login_policy(account.id, PASSKEY_ONLY, now=world.now)
    with pytest.raises(LoginNotFound):
        choose(world, session)


def test_a_wrong_password_says_nothing_of_the_policy(world: World, strict: Owner) -> None:
    with pytest.raises(InvalidCredentials):
        world.start(strict.account, password="Vier-Esel-43")
    with pytest.raises(InvalidCredentials):
        start_at(world, strict, None, identifier="99999999")


def test_right_passwords_count_as_no_tries(world: World, strict: Owner) -> None:
    for _ in range(12):
        with pytest.raises(PasskeyRequired):
            world.start(strict.account)


def test_a_frozen_account_chooses_nothing(world: World, owner: Owner) -> None:
    freeze_account(owner.account.id, operator="anna", now=world.now)
    with pytest.raises(LoginNotFound):
        choose(world, owner.session)


def test_a_policy_that_changes_while_the_password_is_checked_is_noticed(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = start.new_login

    def meanwhile(*args: Any, **named: Any) -> Any:
        monkeypatch.undo()
        choose(world, owner.session)
        return genuine(*args, **named)

    monkeypatch.setattr(start, "new_login", meanwhile)
    with pytest.raises(ServiceUnavailable):
        world.start(owner.account)


def test_the_last_passkey_stays(world: World, strict: Owner) -> None:
    session = strict.session_by_passkey()
    removed(world, session, passkey_id(strict.passkeys[1]))
    with pytest.raises(LastPasskey):
        removed(world, session, passkey_id(strict.passkeys[0]))
    assert strict.session_by_passkey()


def test_a_change_that_somebody_was_faster_with_is_composed_again(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = change_policy.__dict__["read_passkeys"]

    def meanwhile(account: Any) -> Any:
        found = genuine(account)
        monkeypatch.undo()
        removed(world, owner.session, passkey_id(owner.passkeys[0]))
        return found

    monkeypatch.setattr(change_policy, "read_passkeys", meanwhile)
    with pytest.raises(TwoPasskeysRequired):
        order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)


def test_of_an_account_that_is_gone_meanwhile_nothing_is_chosen(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_policy, "read_account", lambda _: None)
    with pytest.raises(LoginNotFound):
        choose(world, owner.session)


def test_a_client_demands_a_passkey_of_everybody(world: World, owner: Owner) -> None:
    depot = client_with(world, PASSKEY_ONLY)
    with pytest.raises(PasskeyRequired):
        start_at(world, owner, depot)
    world.later(24 * HOUR)
    assert sign_in(world, owner.passkeys[0].get(options(world)), client=depot)["status"] == "approved"
    assert world.started(owner.account)


def test_a_client_demands_the_phone_of_everybody(world: World, owner: Owner) -> None:
    depot = client_with(world, PHONE)
    with pytest.raises(PasskeyNotAllowed):
        sign_in(world, owner.passkeys[0].get(options(world)), client=depot)
    assert start_at(world, owner, depot)


def test_the_operators_own_client_has_the_policy_of_the_template(world: World, owner: Owner) -> None:
    world.set(LOGIN_POLICY=PASSKEY_ONLY)
    with pytest.raises(PasskeyRequired):
        world.start(owner.account)
    world.later(24 * HOUR)
    assert owner.session_by_passkey()
    assert start_at(world, owner, client_with(world, None))
    assert check_client("depot", now=world.now).login_policy is None


def demanded_in_silence(owner: Owner) -> None:
    """As if a policy were written that ends nothing: a login of the phone's is as fresh as before."""
    change = change_of(owner.now())
    set_login_policy(change, PASSKEY_ONLY)
    write(*change.operations(), on_conflict=lambda conflict: pytest.fail(str(conflict)))


def test_a_login_by_phone_makes_removes_and_loosens_nothing_however_fresh(world: World, owner: Owner) -> None:
    credential = LoginPasskey().create(listed(world, owner.session)["creation"])
    demanded_in_silence(owner)
    assert listed(world, owner.session)["creation"] is None
    with pytest.raises(PasskeyRequired):
        make(NewPasskey(credential, "Mine"), bearer=owner.session, request_origin=from_page(), now=world.now)
    with pytest.raises(PasskeyRequired):
        removed(world, owner.session, passkey_id(owner.passkeys[0]))
    with pytest.raises(PasskeyRequired):
        choose(world, owner.session, PHONE_OR_PASSKEY)


def test_a_registration_of_before_is_not_finished_after_the_phone_is_allowed_again(world: World, owner: Owner) -> None:
    world.revoke(owner.phone, owner.phone.key.thumbprint)
    new = world.new_phone()
    registered = world.register(owner.account, new)
    order_login_policy(owner.account.id, PASSKEY_ONLY, now=world.now)
    choose(world, owner.session_by_passkey(), PHONE_OR_PASSKEY)
    with pytest.raises((RegistrationExpired, RegistrationNotFound)):
        world.verify(registered, new)


@pytest.mark.parametrize(
    ("policy", "by_phone", "by_passkey"),
    [(None, True, True), (PHONE_OR_PASSKEY, True, True), (PHONE, True, False), (PASSKEY_ONLY, False, True)],
)
def test_a_policy_knows_a_login_by_its_methods(policy: str | None, by_phone: bool, by_passkey: bool) -> None:
    assert allows(policy, ("pwd", "pop", "user", "mfa")) == by_phone
    assert allows(policy, ("swk", "user", "mfa")) == by_passkey


def lacks_codes(world: World, session: str) -> bool:
    """Whether the page points to the phone for recovery codes."""
    return bool(listed(world, session)["lacks_recovery_codes"])


def test_who_has_no_recovery_codes_is_pointed_to_the_phone_that_makes_them(world: World, owner: Owner) -> None:
    assert lacks_codes(world, owner.session)
    assert not lacks_codes(world, owner.session_by_passkey())
    codes(world, owner.phone)
    assert not lacks_codes(world, owner.session)


def test_who_may_log_in_with_the_phone_only_is_pointed_there_too(world: World, owner: Owner) -> None:
    order_login_policy(owner.account.id, PHONE, now=world.now)
    assert lacks_codes(world, signed_in(world, owner.phone, world.started(owner.account)))


def test_nobody_is_pointed_to_a_phone_that_still_cools_off(world: World, owner: Owner) -> None:
    other = world.paired_phone(owner.phone, owner.account, here=ABROAD)
    world.later(600)
    assert not lacks_codes(world, signed_in(world, other, world.started(owner.account)))
