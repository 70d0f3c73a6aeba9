"""A login with a passkey: one touch, no phone, and nothing that a copy of the page could use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from complete.step import finish_login
from passkeys.step import Assertion, log_in
from smartident.errors import InvalidRequest, LoginExpired, LoginNotFound, OriginRefused, PasskeyRefused
from smartident.freeze.freeze import freeze_account
from smartident.logins.login import LoginRow
from smartident.passkeys.challenge import new_challenge
from smartident.passkeys.passkey import CredentialRow, PasskeyRow, passkey_id_of
from smartident.storage import keys, passkey_keys
from smartident.tokens.jwks import public_jwk, read_jwks
from smartident_client import base64url
from smartident_client.keys import Key
from smartident_client.login_passkey import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED
from tests.support.concurrency import at_once, codes
from tests.support.log_lines import logged
from tests.support.login_passkey import LoginPasskey, from_page, listed, made, options, removed, sign_in, signed_in
from tests.support.scenarios import Scene
from tests.support.tax_app import TAX_PAGE, add_tax_app
from tests.support.world import ORIGIN, URL, World


def complete(world: World, login: dict[str, Any]) -> dict[str, Any]:
    return finish_login(login["login_id"], login["login_token"], issuer=URL, now=world.now)


def claims(session: dict[str, Any]) -> dict[str, Any]:
    public_jwk.cache_clear()
    keyset = KeySet.import_key_set(read_jwks()[0])  # type: ignore[arg-type]  # JSON is what it takes
    return jwt.decode(session["id_token"], keyset, algorithms=["ES256"]).claims


def row(world: World, scene: Scene, passkey: LoginPasskey) -> PasskeyRow:
    passkey_id = passkey_id_of(base64url.encode(passkey.credential_id))
    return PasskeyRow.get(*passkey_keys.passkey(scene.anna.id, passkey_id), consistent_read=True)


def test_one_touch_is_a_session_that_says_how(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    world.later(1000)
    login = sign_in(world, passkey.get(options(world)))
    assert (login["status"], login["socket"], login["transfer_code"]) == ("approved", None, None)
    told = claims(complete(world, login))
    assert (told["sub"], told["aud"], told["sid"]) == (scene.anna.id, "financeapp", login["login_id"])
    assert (told["amr"], told["acr"]) == (["swk", "user", "mfa"], "urn:smartident:acr:phishing-resistant")
    assert told["auth_time"] == world.now


def test_a_passkey_of_either_algorithm_that_the_page_asks_for_logs_in(world: World, session: str) -> None:
    """ES256 is what all other tests here use."""
    passkey = made(world, session, LoginPasskey(key=Key.make("Ed25519")))
    assert complete(world, sign_in(world, passkey.get(options(world))))["id_token"]


def test_a_page_that_the_operator_takes_off_the_list_signs_nobody_in(world: World, passkey: LoginPasskey) -> None:
    """Also where the caller sends no Origin: what the passkey signed names the page."""
    world.set(ALLOWED_ORIGINS="https://app.example.test")
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)), origin="")


def test_a_challenge_for_something_else_signs_nobody_in(world: World, passkey: LoginPasskey) -> None:
    asked = {**options(world), "challenge": new_challenge("passkey-creation", now=world.now)}
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(asked))


def test_the_nonce_of_the_back_end_comes_back(world: World, passkey: LoginPasskey) -> None:
    login = sign_in(world, passkey.get(options(world)), nonce="n-0S6_WzA2Mj")
    assert claims(complete(world, login))["nonce"] == "n-0S6_WzA2Mj"


def test_the_history_tells_of_it_as_of_any_login(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    login = sign_in(world, passkey.get(options(world)))
    complete(world, login)
    (event,) = [one for one in world.events(scene.phone)["events"] if one["login_id"] == login["login_id"]]
    assert (event["type"], event["browser"], event["origin"]) == ("login_completed", "Chrome", ORIGIN)
    kept = LoginRow.get(*keys.new_login(scene.anna.id, login["login_id"].partition(".")[2]))
    assert kept.receipt
    assert passkey.user_handle in kept.receipt


def test_its_statement_names_the_challenge_that_was_signed(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    asked = options(world)
    login = sign_in(world, passkey.get(asked))
    kept = LoginRow.get(*keys.new_login(scene.anna.id, login["login_id"].partition(".")[2]))
    assert f'"nonce":"{asked["challenge"]}"' in kept.statement


def test_the_options_are_the_same_for_everybody_but_for_the_challenge(world: World, passkey: LoginPasskey) -> None:
    first, second = options(world), options(world)
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second
    assert (first["allowCredentials"], first["userVerification"]) == ([], "required")
    assert passkey.rp_id == first["rpId"]


def test_asking_for_options_touches_no_table(world: World) -> None:
    before = len(world.aws.calls)
    options(world)
    assert [call.operation for call in world.aws.calls[before:] if call.operation != "GetSecretValue"] == []


def test_the_passkey_remembers_its_use(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    world.later(60)
    sign_in(world, passkey.get(options(world)))
    assert int(row(world, scene, passkey).last_used_at or 0) == world.now


SPOILED: dict[str, dict[str, Any]] = {
    "nobody touched it": {"flags": VERIFIED},
    "no fingerprint": {"flags": PRESENT},
    "backed up without being able to": {"flags": PRESENT | VERIFIED | BACKED_UP},
    "suddenly able to be backed up": {"flags": PRESENT | VERIFIED | ELIGIBLE},
    "a copy of the page": {"origin": "https://finance-example.test"},
    "a subdomain": {"origin": "https://login.finance.example.test"},
    "no TLS": {"origin": "http://finance.example.test"},
    "another port": {"origin": f"{ORIGIN}:8443"},
    "the page in upper case": {"origin": ORIGIN.upper()},
    "in a frame": {"page": {"crossOrigin": True}},
    "in a frame of": {"page": {"crossOrigin": True, "topOrigin": "https://evil.example"}},
    "below a page": {"page": {"topOrigin": ORIGIN}},
    "another domain": {"rp_id": "evil.example"},
    "the app's domain": {"rp_id": "example.test"},
    "another key": {"key": Key.make()},
    "another credential": {"credential_id": bytes(32)},
    "another account's handle": {"user_handle": base64url.encode(bytes(32))},
    "no handle": {"user_handle": ""},
}


@pytest.mark.parametrize("changes", SPOILED.values(), ids=SPOILED)
def test_what_lets_nobody_in(world: World, passkey: LoginPasskey, changes: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        sign_in(world, replace(passkey, **changes).get(options(world)))
    sign_in(world, passkey.get(options(world)))


def test_a_passkey_that_may_be_synced_is_told_apart(world: World, session: str) -> None:
    synced = made(world, session, LoginPasskey(flags=PRESENT | VERIFIED | ELIGIBLE))
    synced.flags |= BACKED_UP
    sign_in(world, synced.get(options(world)))
    assert [one["synced"] for one in listed(world, session)["passkeys"]] == [True]
    with pytest.raises(PasskeyRefused):
        sign_in(world, replace(synced, flags=PRESENT | VERIFIED).get(options(world)))


ODD: dict[str, Any] = {
    "nothing": {},
    "no response": {"response": None},
    "a text": {"response": "x"},
    "no id": {"id": None},
    "a number": {"rawId": 7},
    "two ids": {"rawId": "AAAA"},
    "another type": {"type": "password"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_no_assertion_is_refused_and_no_fault(world: World, passkey: LoginPasskey, odd: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        sign_in(world, {**passkey.get(options(world)), **odd} if odd else {})


@pytest.mark.parametrize("member", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", [None, 1, [], "", "=", "e30", "W10", "bnVsbA", "x" * 5000], ids=str)
def test_an_odd_member_is_refused_and_no_fault(world: World, passkey: LoginPasskey, member: str, value: object) -> None:
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world), **{member: value}))


def test_a_challenge_is_used_once(world: World, passkey: LoginPasskey) -> None:
    asked = options(world)
    sign_in(world, passkey.get(asked))
    for assertion in (passkey.get(asked), passkey.get({"challenge": asked["challenge"]})):
        with pytest.raises(PasskeyRefused):
            sign_in(world, assertion)


def test_of_many_at_once_with_one_challenge_one_gets_in(world: World, passkey: LoginPasskey) -> None:
    assertion = passkey.get(options(world))

    answers = at_once(*(lambda: sign_in(world, assertion) for _ in range(8)))
    assert sorted(codes(answers)) == ["ok", *["passkey_refused"] * 7]


def test_a_challenge_is_over_after_five_minutes(world: World, passkey: LoginPasskey) -> None:
    asked, late = options(world), options(world)
    world.later(299)
    sign_in(world, passkey.get(asked))
    world.later(1)
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(late))


def test_a_challenge_of_ones_own_is_none(world: World, session: str, passkey: LoginPasskey) -> None:
    asked = options(world)["challenge"]
    later = base64url.encode((world.now + 10**6).to_bytes(5) + base64url.decode(asked)[5:])
    creating = listed(world, session)["creation"]["challenge"]
    for challenge in (base64url.encode(bytes(37)), "", "AA", later, creating, asked + "="):
        with pytest.raises(PasskeyRefused):
            sign_in(world, passkey.get({"challenge": challenge}))


def test_a_login_comes_from_a_page_of_its_client(world: World, passkey: LoginPasskey) -> None:
    add_tax_app(world)
    with pytest.raises(OriginRefused):
        sign_in(world, passkey.get(options(world)), client="taxapp")
    with pytest.raises(InvalidRequest):
        sign_in(world, passkey.get(options(world)), client="unknown")
    with pytest.raises(PasskeyRefused):
        # The header says one page, what was signed says another.
        sign_in(world, passkey.get(options(world)), client="taxapp", origin=TAX_PAGE)
    related = replace(passkey, origin=TAX_PAGE)
    assert sign_in(world, related.get(options(world)), client="taxapp", origin=TAX_PAGE)["status"] == "approved"


@pytest.mark.parametrize(("count", "fell"), [(8, 0), (7, 1), (3, 1), (0, 1)])
def test_a_counter_that_falls_is_a_signal_and_no_refusal(world: World, session: str, count: int, fell: int) -> None:
    passkey = made(world, session, LoginPasskey(sign_count=7))
    passkey.sign_count = count
    with logged() as log:
        sign_in(world, passkey.get(options(world)))
    assert [line["event"] for line in log.lines("event")].count("passkey_counter_fell") == fell


def test_the_log_knows_a_login_by_passkey_and_the_network_that_it_came_from(
    world: World, passkey: LoginPasskey
) -> None:
    """As of any login: what stands out is an event, and no block."""
    hosted = replace(from_page(), asn=24940)
    with logged() as log:
        login = log_in(Assertion(passkey.get(options(world))), request_origin=hosted, now=world.now)
    told = {line["event"]: line for line in log.lines("event")}
    assert told.keys() == {"login_started", "login_approved", "network_hosting"}
    assert {line["login"] for line in told.values()} == {told["login_started"]["login"]}
    assert told["login_approved"]["reason"] == "passkey"
    assert complete(world, login)["id_token"]


def test_a_removed_passkey_is_out_at_once(world: World, session: str, passkey: LoginPasskey) -> None:
    (known,) = listed(world, session)["passkeys"]
    removed(world, session, known["passkey_id"])
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_a_login_is_completed_in_time_or_not_at_all(world: World, passkey: LoginPasskey) -> None:
    login = sign_in(world, passkey.get(options(world)))
    world.later(60)
    with pytest.raises(LoginExpired):
        complete(world, login)


def test_a_passkey_removed_while_it_logs_in_logs_nobody_in(
    world: World, scene: Scene, session: str, passkey: LoginPasskey
) -> None:
    (known,) = listed(world, session)["passkeys"]
    world.aws.before("TransactWriteItems", lambda: removed(world, session, known["passkey_id"]))
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_a_login_begun_elsewhere_meanwhile_stops_nobody(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    world.aws.before("TransactWriteItems", lambda: world.start(scene.anna))
    assert complete(world, sign_in(world, passkey.get(options(world))))["id_token"]


def test_who_can_only_write_the_table_gets_nobody_in(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    mallory = LoginPasskey(user_handle=passkey.user_handle)
    own = row(world, scene, passkey)
    passkey_id = passkey_id_of(base64url.encode(mallory.credential_id))
    (put,) = [
        PasskeyRow(**{**own.attribute_values, "sk": f"PASSKEY#{passkey_id}", **changes})
        for changes in [{"credential_id": base64url.encode(mallory.credential_id)}]
    ]
    put.save()
    CredentialRow(*passkey_keys.credential(passkey_id), account_id=scene.anna.id).save()
    with pytest.raises(PasskeyRefused):
        sign_in(world, mallory.get(options(world)))


def test_what_somebody_kept_of_a_removed_passkey_opens_nothing(
    world: World, scene: Scene, session: str, passkey: LoginPasskey
) -> None:
    kept = row(world, scene, passkey)
    (known,) = listed(world, session)["passkeys"]
    removed(world, session, known["passkey_id"])
    kept.save()
    CredentialRow(*passkey_keys.credential(known["passkey_id"]), account_id=scene.anna.id).save()
    with pytest.raises(PasskeyRefused):
        sign_in(world, passkey.get(options(world)))


def test_a_credential_moved_to_another_account_opens_none(world: World, passkey: LoginPasskey) -> None:
    jonas = world.account()
    passkey_id = passkey_id_of(base64url.encode(passkey.credential_id))
    for account_id in (jonas.id, "nobody"):
        CredentialRow(*passkey_keys.credential(passkey_id), account_id=account_id).save()
        with pytest.raises(PasskeyRefused):
            sign_in(world, passkey.get(options(world)))


def test_with_uniform_login_a_passkey_gives_no_try_back(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    world.set(UNIFORM_LOGIN="on")
    before = len(world.aws.calls)
    complete(world, sign_in(world, passkey.get(options(world))))
    assert "DeleteItem" not in {call.operation for call in world.aws.calls[before:]}


def test_a_second_login_of_the_same_browser_is_another(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    first, second = (sign_in(world, passkey.get(options(world))) for _ in range(2))
    assert first["login_id"] != second["login_id"]
    with pytest.raises(LoginNotFound):
        complete(world, {**first, "login_token": second["login_token"]})


def test_a_session_of_a_passkey_makes_no_further_passkey(world: World, scene: Scene, passkey: LoginPasskey) -> None:
    login = sign_in(world, passkey.get(options(world)))
    complete(world, login)
    assert listed(world, f"{login['login_id']}.{login['login_token']}")["creation"] is None
    assert signed_in(world, scene.phone, world.start(scene.anna))


def test_a_frozen_account_lets_no_passkey_in(world: World, scene: Scene, session: str, passkey: LoginPasskey) -> None:
    asked = options(world)
    world.aws.before("TransactWriteItems", lambda: freeze_account(scene.anna.id, operator="berta", now=world.now))
    for challenge in (asked, options(world)):
        with pytest.raises(PasskeyRefused):
            sign_in(world, passkey.get(challenge))
    with pytest.raises(LoginNotFound):
        listed(world, session)
