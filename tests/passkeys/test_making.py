"""Passkeys are made, listed and removed only right after a login; made only if a phone approved that login."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from complete.step import finish_login
from passkeys.step import NewPasskey, make
from smartident.accounts.account import read_account
from smartident.admin.change import change_password
from smartident.admin.erase import erase_account
from smartident.devices.device import read_device, row_of
from smartident.errors import (
    CoolingOff,
    FreshLoginRequired,
    InvalidRequest,
    LoginDenied,
    LoginNotFound,
    OriginRefused,
    PasskeyLimitReached,
    PasskeyRefused,
)
from smartident.logins.login import LoginRow
from smartident.notices.outbox import recent_notices
from smartident.passkeys import fresh_login
from smartident.passkeys.challenge import new_challenge
from smartident.passkeys.passkey import MAX_PASSKEYS, PasskeyRow, passkey_id_of
from smartident.storage import keys, passkey_keys
from smartident_client import base64url, login_passkey
from smartident_client.login_passkey import BACKED_UP, PRESENT, VERIFIED
from tests.support.concurrency import at_once, codes
from tests.support.login_passkey import (
    LoginPasskey,
    bearer,
    from_page,
    listed,
    made,
    options,
    removed,
    sign_in,
    signed_in,
)
from tests.support.scenarios import Scene
from tests.support.world import ORIGIN, PASSWORD, URL, World
from tests.webauthn.test_checks import KEYS


def send(world: World, session: str, credential: dict[str, Any], *, name: str = "Laptop", origin: str = ORIGIN) -> Any:
    return make(NewPasskey(credential, name), bearer=session, request_origin=from_page(origin), now=world.now)


def creation(world: World, session: str) -> dict[str, Any]:
    told: dict[str, Any] = listed(world, session)["creation"]
    return told


def by_passkey(world: World, passkey: LoginPasskey) -> str:
    """The bearer of a login that the passkey has just approved."""
    login = sign_in(world, passkey.get(options(world)))
    finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)
    return bearer(login)


def test_a_passkey_is_made_and_listed(world: World, scene: Scene, session: str) -> None:
    assert listed(world, session)["passkeys"] == []
    maker = uuid4()
    passkey = made(world, session, LoginPasskey(aaguid=maker.bytes), name="Arbeitslaptop")
    told = listed(world, session)
    assert told["passkeys"] == [
        {
            "passkey_id": passkey_id_of(base64url.encode(passkey.credential_id)),
            "name": "Arbeitslaptop",
            "made_at": world.now,
            "last_used_at": None,
            "synced": False,
            "aaguid": str(maker),
        }
    ]
    kept = PasskeyRow.get(*passkey_keys.passkey(scene.anna.id, told["passkeys"][0]["passkey_id"]))
    assert (kept.aaguid, kept.made_by) == (str(maker), scene.phone.key.thumbprint)
    assert told["details"] == {
        "rpId": "finance.example.test",
        "userId": passkey.user_handle,
        "name": scene.anna.number,
        "displayName": "Anna Berger",
    }
    assert told["accepted"] == {
        "rpId": "finance.example.test",
        "userId": passkey.user_handle,
        "allAcceptedCredentialIds": [base64url.encode(passkey.credential_id)],
    }
    assert [one["id"] for one in told["creation"]["excludeCredentials"]] == [base64url.encode(passkey.credential_id)]
    assert sign_in(world, passkey.get(options(world)))["status"] == "approved"


def test_a_browser_is_asked_for_a_passkey_that_knows_its_person(world: World, scene: Scene, session: str) -> None:
    asked = creation(world, session)
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    handle = base64url.decode(asked["user"]["id"])
    assert len(handle) == 32
    assert scene.anna.id.encode() not in handle
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == [-7, -8]


def test_the_operator_may_name_the_domain_that_pages_share(world: World, session: str) -> None:
    passkey = made(world, session)
    world.set(PASSKEY_RP_ID="example.test")
    assert creation(world, session)["rp"]["id"] == options(world)["rpId"] == "example.test"
    shared = made(world, session, LoginPasskey(rp_id="example.test"))
    # What was made before keeps the domain that it was made for.
    for own in (passkey, shared):
        sign_in(world, own.get(options(world)))
    # The browser lets every host of the domain ask: only the pages that are ours count.
    with pytest.raises(PasskeyRefused):
        sign_in(world, replace(shared, origin="https://evil.example.test").get(options(world)), origin="")


def test_each_account_has_a_handle_of_its_own(world: World, session: str) -> None:
    jonas = world.account()
    phone = world.phone(jonas)
    other = signed_in(world, phone, world.start(jonas))
    assert creation(world, session)["user"]["id"] != creation(world, other)["user"]["id"]
    assert creation(world, session)["user"]["id"] == creation(world, session)["user"]["id"]


SPOILED: dict[str, dict[str, Any]] = {
    "nobody touched it": {"flags": VERIFIED},
    "no fingerprint": {"flags": PRESENT},
    "backed up without being able to": {"flags": PRESENT | VERIFIED | BACKED_UP},
    "a copy of the page": {"origin": "https://finance-example.test"},
    "in a frame": {"page": {"crossOrigin": True}},
    "below a page": {"page": {"topOrigin": ORIGIN}},
    "another domain": {"rp_id": "evil.example"},
    "an id that is too long": {"credential_id": bytes(1024)},
}


@pytest.mark.parametrize("changes", SPOILED.values(), ids=SPOILED)
def test_what_is_no_passkey_of_ours(world: World, session: str, changes: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        made(world, session, LoginPasskey(**changes))
    assert listed(world, session)["passkeys"] == []


NO_CREDENTIAL: dict[str, Any] = {
    "nothing": {},
    "no response": {"response": None},
    "a number": {"response": {"clientDataJSON": 7}},
    "no challenge": {"response": {"clientDataJSON": "e30"}},
    "a number for a challenge": {"response": {"clientDataJSON": base64url.encode(b'{"challenge": 7}')}},
    "without end": {"response": {"clientDataJSON": base64url.encode(b"[" * 100_000)}},
}


@pytest.mark.parametrize("credential", NO_CREDENTIAL.values(), ids=NO_CREDENTIAL)
def test_what_is_no_credential_is_refused_and_no_fault(world: World, session: str, credential: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        send(world, session, credential)


@pytest.mark.parametrize("cose", KEYS.values(), ids=KEYS)
def test_a_passkey_has_a_key_that_would_do_as_that_of_a_phone(
    world: World, session: str, monkeypatch: pytest.MonkeyPatch, cose: dict[int, Any]
) -> None:
    asked = creation(world, session)
    monkeypatch.setattr(login_passkey, "cose_key", lambda _: cose)
    with pytest.raises(PasskeyRefused):
        send(world, session, LoginPasskey().create(asked))


@pytest.mark.parametrize("said", [None, "usb", ["usb", "carrier pigeon", 7, "usb"]], ids=str)
def test_what_a_browser_says_of_transports_is_kept_as_far_as_it_is_known(
    world: World, session: str, said: object
) -> None:
    credential = LoginPasskey().create(creation(world, session))
    credential["response"]["transports"] = said
    send(world, session, credential)
    (known,) = creation(world, session)["excludeCredentials"]
    assert known["transports"] == (["usb"] if isinstance(said, list) else [])


def test_a_login_must_be_fresh(world: World, session: str) -> None:
    passkey, asked = LoginPasskey(), creation(world, session)
    world.later(299)
    send(world, session, passkey.create(asked))
    world.later(1)
    for attempt in (
        lambda: listed(world, session),
        lambda: send(world, session, {}),
        lambda: removed(world, session, "x"),
    ):
        with pytest.raises(FreshLoginRequired):
            attempt()


def test_a_login_that_still_waits_makes_none(world: World, scene: Scene) -> None:
    session = f"{scene.started.login.id}.{scene.started.token}"
    with pytest.raises(FreshLoginRequired):
        listed(world, session)
    world.approve(scene.phone, scene.started)
    with pytest.raises(FreshLoginRequired):
        listed(world, session)


def test_a_decoy_makes_none(world: World, scene: Scene) -> None:
    world.set(UNIFORM_LOGIN="on")
    decoy = world.start(scene.anna, password="Sieben-Kamele-77")
    with pytest.raises(FreshLoginRequired):
        listed(world, f"{decoy.login.id}.{decoy.token}")


def test_the_password_alone_makes_none(world: World) -> None:
    started = world.start(world.account(two_factor=False))
    world.complete(started)
    with pytest.raises(FreshLoginRequired):
        listed(world, f"{started.login.id}.{started.token}")


@pytest.mark.parametrize("session", ["", ".", "a.b.c", "a.b", "x"], ids=repr)
def test_a_login_that_is_not_there_makes_none(world: World, session: str) -> None:
    with pytest.raises(LoginNotFound):
        listed(world, session)


def test_another_logins_token_makes_none(world: World, session: str) -> None:
    with pytest.raises(LoginNotFound):
        listed(world, session + "x")


def test_a_login_by_passkey_makes_no_further_one(world: World, session: str) -> None:
    """Who holds an unlocked laptop for a moment adds no way in of their own."""
    own = by_passkey(world, made(world, session))
    credential = LoginPasskey().create({**options(world), "user": {"id": "AA"}})
    with pytest.raises(FreshLoginRequired):
        send(world, own, credential)
    assert listed(world, own)["creation"] is None


def test_what_a_revoked_phone_approved_makes_none(world: World, scene: Scene, session: str) -> None:
    second = world.paired_phone(scene.phone, scene.anna)
    asked = creation(world, session)
    world.revoke(second, scene.phone.key.thumbprint)
    for attempt in (
        lambda: send(world, session, LoginPasskey().create(asked)),
        lambda: listed(world, session),
        lambda: removed(world, session, "x"),
    ):
        with pytest.raises(FreshLoginRequired):
            attempt()


def test_a_removal_ends_what_a_passkeys_login_may_do_too(world: World, scene: Scene, session: str) -> None:
    """Who removes a phone ends everything that stands open."""
    own = by_passkey(world, made(world, session))
    second = world.paired_phone(scene.phone, scene.anna)
    world.revoke(second, scene.phone.key.thumbprint)
    with pytest.raises(FreshLoginRequired):
        listed(world, own)


def cool(world: World, scene: Scene, *, granted: bool) -> None:
    """Her phone is one that was let in from elsewhere an hour ago."""
    device = read_device(scene.anna.id, scene.phone.key.thumbprint)
    account = read_account(scene.anna.id)
    assert device is not None
    assert account is not None
    row = row_of(replace(device, cool_off_until=world.now + 3600), grant_epoch=account.grant_epoch)
    if not granted:
        row.cool_off_until = None
    row.save()


def test_what_a_phone_too_new_approved_changes_no_passkey(world: World, scene: Scene, session: str) -> None:
    passkey, asked = made(world, session), creation(world, session)
    cool(world, scene, granted=True)
    assert listed(world, session)["creation"] is None
    with pytest.raises(CoolingOff):
        send(world, session, LoginPasskey().create(asked))
    with pytest.raises(CoolingOff):
        removed(world, session, passkey_id_of(base64url.encode(passkey.credential_id)))
    # Her passkey itself is no phone, and may remove it.
    assert removed(world, by_passkey(world, passkey), "x") is None  # type: ignore[func-returns-value]  # nothing is raised


def test_a_phone_that_the_table_makes_older_makes_no_passkey(world: World, scene: Scene, session: str) -> None:
    asked = creation(world, session)
    cool(world, scene, granted=False)
    with pytest.raises(FreshLoginRequired):
        send(world, session, LoginPasskey().create(asked))


def test_a_phone_whose_item_is_gone_makes_no_passkey(world: World, scene: Scene, session: str) -> None:
    asked = creation(world, session)
    device, account = read_device(scene.anna.id, scene.phone.key.thumbprint), read_account(scene.anna.id)
    assert device is not None
    assert account is not None
    row_of(device, grant_epoch=account.grant_epoch).delete()
    with pytest.raises(FreshLoginRequired):
        send(world, session, LoginPasskey().create(asked))


def test_a_phone_revoked_while_it_is_made_makes_none(world: World, scene: Scene, session: str) -> None:
    second = world.paired_phone(scene.phone, scene.anna)
    credential = LoginPasskey().create(creation(world, session))
    world.aws.before("TransactWriteItems", lambda: world.revoke(second, scene.phone.key.thumbprint))
    with pytest.raises(FreshLoginRequired):
        send(world, session, credential)


def test_an_account_erased_once_its_login_was_found_has_no_passkeys_to_look_after(
    world: World, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh_login, "read_account", lambda _: None)
    with pytest.raises(LoginNotFound):
        listed(world, session)


def test_an_account_erased_while_it_is_made_gets_none(world: World, scene: Scene, session: str) -> None:
    credential = LoginPasskey().create(creation(world, session))
    world.aws.before("TransactWriteItems", lambda: erase_account(scene.anna.id, number=scene.anna.number, email=None))
    with pytest.raises(FreshLoginRequired):
        send(world, session, credential)
    with pytest.raises(LoginNotFound):
        listed(world, session)


def test_a_challenge_makes_one_passkey_in_one_login(world: World, scene: Scene, session: str) -> None:
    asked = creation(world, session)
    send(world, session, LoginPasskey().create(asked))
    with pytest.raises(PasskeyRefused):
        send(world, session, LoginPasskey().create(asked))
    other = signed_in(world, scene.phone, world.start(scene.anna))
    with pytest.raises(PasskeyRefused):
        send(world, other, LoginPasskey().create(creation(world, session)))
    stranger = {**asked, "challenge": new_challenge("passkey-login", now=world.now)}
    with pytest.raises(PasskeyRefused):
        send(world, session, LoginPasskey().create(stranger))


def test_the_same_sent_again_gives_the_same(world: World, session: str) -> None:
    credential = LoginPasskey().create(creation(world, session))
    first = send(world, session, credential)
    world.later(5)
    assert send(world, session, credential) == first
    assert len(listed(world, session)["passkeys"]) == 1


def test_a_used_challenge_gives_nothing_but_what_it_made_and_that_only_while_it_is_there(
    world: World, session: str
) -> None:
    passkey, asked = LoginPasskey(), creation(world, session)
    credential, other = passkey.create(asked), creation(world, session)
    told = send(world, session, credential)
    send(world, session, LoginPasskey().create(other))
    with pytest.raises(PasskeyRefused):
        send(world, session, passkey.create(other))
    removed(world, session, told["passkey_id"])
    with pytest.raises(PasskeyRefused):
        send(world, session, credential)


def test_the_same_from_two_tabs_at_once_is_one(world: World, session: str) -> None:
    credential = LoginPasskey().create(creation(world, session))
    answers = at_once(*(lambda: send(world, session, credential) for _ in range(4)))
    assert codes(answers) == ["ok"] * 4
    assert len(listed(world, session)["passkeys"]) == 1


def test_a_credential_is_one_accounts_alone(world: World, session: str) -> None:
    passkey = made(world, session)
    jonas = world.account()
    other = signed_in(world, world.phone(jonas), world.start(jonas))
    with pytest.raises(PasskeyRefused):
        made(world, other, replace(passkey))
    sign_in(world, replace(passkey, user_handle=creation(world, session)["user"]["id"]).get(options(world)))


def test_an_account_has_ten_passkeys_and_no_more(world: World, session: str) -> None:
    asked = [creation(world, session) for _ in range(MAX_PASSKEYS + 2)]
    credentials = [LoginPasskey().create(one) for one in asked]
    for credential in credentials[: MAX_PASSKEYS - 1]:
        send(world, session, credential)
    last = at_once(*(lambda one=one: send(world, session, one) for one in credentials[MAX_PASSKEYS - 1 :]))
    assert sorted(codes(last)) == ["ok", "passkey_limit_reached", "passkey_limit_reached"]
    assert listed(world, session)["creation"] is None
    with pytest.raises(PasskeyLimitReached):
        send(world, session, LoginPasskey().create(asked[-1]))


def test_only_the_clients_own_page_makes_one(world: World, session: str) -> None:
    credential = LoginPasskey().create(creation(world, session))
    with pytest.raises(OriginRefused):
        send(world, session, credential, origin="https://evil.example")
    world.set(CLIENT_ID="another")
    with pytest.raises(InvalidRequest):
        send(world, session, credential)


def test_who_looks_after_the_phones_hears_of_it(world: World, scene: Scene, session: str) -> None:
    passkey = made(world, session)
    passkey_id = passkey_id_of(base64url.encode(passkey.credential_id))
    removed(world, session, passkey_id)
    kinds = [one["type"] for one in world.events(scene.phone)["events"]]
    notices = [one.event for one in recent_notices(scene.anna.id, since=0)]
    for told in (kinds, notices):
        assert {"passkey_made", "passkey_removed"} <= set(told)


def test_a_passkey_removes_a_passkey_and_the_others_stay(world: World, session: str) -> None:
    lost, kept = made(world, session), made(world, session)
    removed(world, by_passkey(world, kept), passkey_id_of(base64url.encode(lost.credential_id)))
    with pytest.raises(PasskeyRefused):
        sign_in(world, lost.get(options(world)))
    sign_in(world, kept.get(options(world)))
    assert len(listed(world, session)["passkeys"]) == 1


def test_removing_twice_or_what_is_not_there_changes_nothing(world: World, scene: Scene, session: str) -> None:
    kept = made(world, session)
    jonas = world.account()
    other = signed_in(world, world.phone(jonas), world.start(jonas))
    passkey_id = passkey_id_of(base64url.encode(kept.credential_id))
    removed(world, other, passkey_id)
    removed(world, session, "unknown")
    sign_in(world, kept.get(options(world)))
    for _ in range(2):
        removed(world, session, passkey_id)
    assert listed(world, signed_in(world, scene.phone, world.start(scene.anna)))["passkeys"] == []


def test_a_login_that_a_removed_passkey_approved_never_completes(world: World, session: str) -> None:
    passkey = made(world, session)
    login = sign_in(world, passkey.get(options(world)))
    removed(world, session, passkey_id_of(base64url.encode(passkey.credential_id)))
    with pytest.raises(LoginDenied):
        finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)


def test_removed_while_something_else_happens_it_is_out_all_the_same(world: World, scene: Scene, session: str) -> None:
    passkey = made(world, session)
    world.aws.before("TransactWriteItems", lambda: world.start(scene.anna))
    removed(world, session, passkey_id_of(base64url.encode(passkey.credential_id)))
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_of_an_account_erased_meanwhile_nothing_is_left_to_remove(world: World, scene: Scene, session: str) -> None:
    passkey = made(world, session)
    world.aws.before("TransactWriteItems", lambda: erase_account(scene.anna.id, number=scene.anna.number, email=None))
    with pytest.raises(LoginNotFound):
        removed(world, session, passkey_id_of(base64url.encode(passkey.credential_id)))


def test_an_account_erased_while_its_passkey_logs_in_logs_nobody_in(world: World, scene: Scene, session: str) -> None:
    passkey = made(world, session)
    row = PasskeyRow.get(*passkey_keys.passkey(scene.anna.id, passkey_id_of(base64url.encode(passkey.credential_id))))

    def erase() -> None:
        erase_account(scene.anna.id, number=scene.anna.number, email=None)
        row.save()

    world.aws.before("TransactWriteItems", erase)
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_a_forged_completion_makes_none(world: World, scene: Scene, session: str) -> None:
    started = world.start(scene.anna)
    row = LoginRow(*keys.new_login(scene.anna.id, started.login.part))
    row.update([LoginRow.state.set("completed"), LoginRow.completed_at.set(world.now)])
    with pytest.raises(FreshLoginRequired):
        listed(world, f"{started.login.id}.{started.token}")


def test_a_new_password_ends_what_a_fresh_login_may(world: World, scene: Scene, session: str) -> None:
    change_password(scene.anna.id, PASSWORD + "-neu", now=world.now)
    with pytest.raises(FreshLoginRequired):
        listed(world, session)


def test_a_login_by_passkey_of_another_epoch_looks_after_no_passkeys(world: World, scene: Scene, session: str) -> None:
    """No phone stands behind it that could be revoked: the epoch alone ends it."""
    passkey = made(world, session)
    fresh = by_passkey(world, passkey)
    assert listed(world, fresh)["passkeys"]
    change_password(scene.anna.id, PASSWORD, now=world.now)
    with pytest.raises(FreshLoginRequired):
        listed(world, fresh)
    with pytest.raises(FreshLoginRequired):
        removed(world, fresh, passkey_id_of(base64url.encode(passkey.credential_id)))


def test_a_completion_that_is_not_ours_looks_after_no_passkeys(world: World, session: str) -> None:
    account_id, _, rest = session.partition(".")
    row = LoginRow.get(*keys.new_login(account_id, rest.partition(".")[0]), consistent_read=True)
    row.update(actions=[LoginRow.completion_mac.set("x" * 22)])
    with pytest.raises(FreshLoginRequired):
        listed(world, session)
