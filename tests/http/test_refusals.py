"""Every refusal, provoked over the handlers in both languages: the code, the status, and what helps to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import to_builtins

from smartident.approvals.decide import Deny
from smartident.clients.login_policy import PASSKEY_ONLY, PHONE
from smartident.freeze.by_notice import MAX_A_DAY
from smartident.freeze.opening import open_account
from smartident.http.problems import PROBLEMS
from smartident.notices.freeze_link import LIFETIME
from smartident.passkeys.change_policy import order_login_policy
from smartident.passkeys.passkey import MAX_PASSKEYS
from smartident_client.approval_keys import signed_opening
from smartident_client.login_passkey import ELIGIBLE, PRESENT, VERIFIED
from smartident_client.push import PushSubscription
from smartident_client.recovery_codes import signed_recovery_codes
from tests.support.freeze_links import told
from tests.support.login_passkey import LoginPasskey, listed, made, options, removed, signed_in
from tests.support.passkey_policy import with_passkeys_only
from tests.support.provoked_refusals import Answer, Scene
from tests.support.recovery import NO_CODE, codes
from tests.support.world import ABROAD, World

Way = Callable[[Scene], Answer]
NOT_ME = {"decision": "deny", "reason": "not_me"}


def invalid_request(scene: Scene) -> Answer:
    return scene.ask("POST", "/v1/logins", {"identifier": "123456"})


def origin_refused(scene: Scene) -> Answer:
    return scene.start("123456", origin="https://evil.example")


def public_url_required(scene: Scene) -> Answer:
    scene.world.set(ORIGIN_SECRETS="one,other")
    return scene.start("123456")


def invalid_credentials(scene: Scene) -> Answer:
    return scene.start("nobody@example.test")


def access_number_required(scene: Scene) -> Answer:
    """To a browser in which a phone has approved before; to any other, a shared e-mail is an unknown one."""
    anna = scene.world.account(email="familie@example.test")
    token = scene.world.trusted_browser(anna, scene.world.phone(anna))
    scene.world.account(email="familie@example.test")
    return scene.start("familie@example.test", trusted_browser=token)


def enrolment_code_invalid(scene: Scene) -> Answer:
    phone = scene.world.new_phone()
    body = {"identifier": scene.anna.number, "enrolment_code": "0" * 16, "device_key": phone.key.public_jwk()}
    return scene.send(phone, "POST", "/v1/keys", {**body, "device_name": "Annas Telefon", "platform": "ios"})


def key_registration_required(scene: Scene) -> Answer:
    return scene.start(scene.world.account().number)


def too_many_attempts(scene: Scene) -> Answer:
    scene.world.set(PENDING_LOGINS=1)
    scene.login()
    return scene.start(scene.anna.number)


def source_blocked(scene: Scene) -> Answer:
    started = scene.login()
    scene.send(scene.phone(), "POST", f"/v1/approvals/{started.login.id}", NOT_ME)
    return scene.start(scene.anna.number)


def phone_number_unusable(scene: Scene) -> Answer:
    nobody = scene.world.account(phone=None)
    return scene.register(scene.world.new_phone(), nobody.number)


def registration_not_found(scene: Scene) -> Answer:
    registered, _ = scene.registration()
    return scene.send(scene.world.new_phone(), "POST", f"/v1/keys/{registered.registration_id}/resend")


def registration_expired(scene: Scene) -> Answer:
    scene.world.later(-300)
    registered, phone = scene.registration()
    scene.world.later(300)
    return scene.confirm(registered, phone, scene.world.sms.code())


def registration_pending(scene: Scene) -> Answer:
    scene.phone()
    registered, new = scene.registration()
    return scene.confirm(registered, new, None)


def waiting_phone(scene: Scene) -> tuple[Any, Any]:
    scene.world.set(LOST_PHONE_DELAY=48)
    anna, phone = scene.world.account(email="anna@example.test"), scene.world.new_phone()
    scene.world.phone(anna)
    return scene.world.register(anna, phone, lost_phone=True), phone


def registration_waiting(scene: Scene) -> Answer:
    registered, phone = waiting_phone(scene)
    return scene.confirm(registered, phone, scene.world.sms.code())


def lost_phone_refused(scene: Scene) -> Answer:
    registered, phone = waiting_phone(scene)
    scene.world.set(LOST_PHONE_DELAY=0)
    return scene.confirm(registered, phone, scene.world.sms.code())


def registration_declined(scene: Scene) -> Answer:
    phone, (registered, new) = scene.phone(), scene.registration()
    scene.world.decide(phone, registered.registration_id, Deny("changed_my_mind"))
    return scene.confirm(registered, new, None)


def registration_decided(scene: Scene) -> Answer:
    phone, (registered, _) = scene.phone(), scene.registration()
    scene.world.decide(phone, registered.registration_id, Deny("changed_my_mind"))
    return scene.send(phone, "POST", f"/v1/approvals/{registered.registration_id}", NOT_ME)


def pairing_code_wrong(scene: Scene) -> Answer:
    phone, (registered, _) = scene.phone(), scene.registration()
    evidence = phone.evidence(scene.world.listed(phone)[0]["statement"], "00000000", now=scene.world.now)
    path = f"/v1/approvals/{registered.registration_id}"
    return scene.send(phone, "POST", path, {"decision": "approve", "evidence": evidence})


def cooling_off(scene: Scene) -> Answer:
    new = scene.world.paired_phone(scene.phone(), scene.anna, here=ABROAD)
    ask = to_builtins(scene.world.revocation(new, scene.phone().key.thumbprint))
    return scene.send(new, "POST", f"/v1/devices/{scene.phone().key.thumbprint}/revoke", ask)


def code_wrong(scene: Scene) -> Answer:
    registered, phone = scene.registration()
    return scene.confirm(registered, phone, scene.wrong_code())


def code_exhausted(scene: Scene) -> Answer:
    scene.world.set(SMS_CODE_TRIES=1)
    return code_wrong(scene)


def sms_unavailable(scene: Scene) -> Answer:
    scene.world.aws.fails("Publish", "InternalErrorException", status=500)
    return scene.register(scene.world.new_phone(), scene.anna.number)


def proof_invalid(scene: Scene) -> Answer:
    return scene.ask("GET", "/v1/approvals")


def proof_stale(scene: Scene) -> Answer:
    phone = scene.phone()
    scene.world.later(-120)
    return scene.send(phone, "GET", "/v1/approvals")


def device_revoked(scene: Scene) -> Answer:
    phone = scene.phone()
    scene.world.revoke(phone, phone.key.thumbprint)
    return scene.send(phone, "GET", "/v1/approvals")


def another_phone_waits(scene: Scene) -> Answer:
    scene.phone()
    scene.registration()
    return scene.register(scene.world.new_phone(), scene.anna.number)


def recovery_refused(scene: Scene) -> Answer:
    return scene.register(scene.world.new_phone(), scene.anna.number, recovery_code=NO_CODE)


def recovery_code_wrong(scene: Scene) -> Answer:
    return typed_back(scene, made_codes(scene)[2]["set_id"])


def recovery_codes_expired(scene: Scene) -> Answer:
    first = made_codes(scene)[2]["set_id"]
    made_codes(scene)
    return typed_back(scene, first)


def account_frozen(scene: Scene) -> Answer:
    scene.send(scene.phone(), "POST", "/v1/account/freeze")
    return made_codes(scene)


def made_codes(scene: Scene) -> Answer:
    phone = scene.phone()
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=scene.world.now)
    return scene.send(phone, "POST", "/v1/recovery-codes", ask)


def recovery_delayed(scene: Scene) -> Answer:
    known = codes(scene.world, scene.phone())
    order_login_policy(two_passkeys(scene), PASSKEY_ONLY, now=scene.world.now)
    return scene.register(scene.world.new_phone(), scene.anna.number, recovery_code=known[0])


def recovery_codes_not_allowed(scene: Scene) -> Answer:
    order_login_policy(two_passkeys(scene), PASSKEY_ONLY, now=scene.world.now)
    return made_codes(scene)


def typed_back(scene: Scene, set_id: str) -> Answer:
    return scene.send(scene.phone(), "POST", f"/v1/recovery-codes/{set_id}/confirm", {"code": NO_CODE})


def opening_not_allowed(scene: Scene) -> Answer:
    phone = scene.phone()
    scene.send(phone, "POST", "/v1/account/freeze")
    frozen_at = scene.send(phone, "GET", "/v1/approvals")[2]["frozen"]["frozen_at"]
    ask = signed_opening(phone.approval, phone.account_id, frozen_at, now=scene.world.now)
    return scene.send(phone, "POST", "/v1/account/open", ask)


def freeze_link_invalid(scene: Scene) -> Answer:
    return follow_link(scene, "x")


def freeze_link_expired(scene: Scene) -> Answer:
    return follow_link(scene, told(scene.anna, now=scene.world.now - LIFETIME))


def freeze_link_used(scene: Scene) -> Answer:
    link = told(scene.anna, now=scene.world.now)
    freeze_and_open(scene, link)
    return follow_link(scene, link)


def too_many_freezes(scene: Scene) -> Answer:
    for _ in range(MAX_A_DAY):
        freeze_and_open(scene, told(scene.anna, now=scene.world.now))
    return follow_link(scene, told(scene.anna, now=scene.world.now))


def follow_link(scene: Scene, token: str) -> Answer:
    return scene.ask("POST", "/v1/notices/freeze", {"token": token})


def freeze_and_open(scene: Scene, token: str) -> None:
    assert follow_link(scene, token)[0] == 204
    open_account(scene.anna.id, operator="petra", now=scene.world.now)


def device_not_found(scene: Scene) -> Answer:
    phone = scene.phone()
    return scene.send(phone, "POST", "/v1/devices/nobody/revoke", to_builtins(scene.world.revocation(phone, "nobody")))


def approval_required(scene: Scene) -> Answer:
    return scene.send(scene.phone(), "DELETE", "/v1/devices/another")


def device_limit_reached(scene: Scene) -> Answer:
    scene.world.set(DEVICES_PER_ACCOUNT=1)
    scene.phone()
    return scene.register(scene.world.new_phone(), scene.anna.number)


def push_endpoint_refused(scene: Scene) -> Answer:
    phone = scene.phone()
    ask = PushSubscription.make("https://push.example/x").ask("A" * 87)
    return scene.send(phone, "PUT", f"/v1/devices/{phone.key.thumbprint}/push", ask)


def login_not_found(scene: Scene) -> Answer:
    return scene.complete("nobody.nothing", "x")


def login_expired(scene: Scene) -> Answer:
    scene.world.later(-181)
    started = scene.login()
    return scene.complete(started.login.id, started.token)


def login_decided(scene: Scene) -> Answer:
    started, phone = scene.login(), scene.phone()
    scene.world.decide(phone, started.login.id, Deny("changed_my_mind"))
    return scene.approve(phone, started)


def transfer_code_wrong(scene: Scene) -> Answer:
    return scene.approve(scene.phone(), scene.login(), code="nonsense")


def approval_invalid(scene: Scene) -> Answer:
    return scene.decide(scene.phone(), scene.login(), evidence={"type": "jws", "jws": "x"})


def login_pending(scene: Scene) -> Answer:
    started = scene.login()
    return scene.complete(started.login.id, started.token)


def login_denied(scene: Scene) -> Answer:
    started = scene.login()
    scene.world.decide(scene.phone(), started.login.id, Deny("not_me"))
    return scene.complete(started.login.id, started.token)


def passkey_refused(scene: Scene) -> Answer:
    return scene.ask("POST", "/v1/passkeys/login", {"assertion": {}})


def fresh_login_required(scene: Scene) -> Answer:
    started = scene.login()
    return scene.ask("GET", "/v1/passkeys", authorization=f"Bearer {started.login.id}.{started.token}")


def passkey_limit_reached(scene: Scene) -> Answer:
    session = signed_in(scene.world, scene.phone(), scene.login())
    credential = LoginPasskey().create(listed(scene.world, session)["creation"])
    for _ in range(MAX_PASSKEYS):
        made(scene.world, session)
    ask = {"credential": credential, "name": "Laptop"}
    return scene.ask("POST", "/v1/passkeys", ask, authorization=f"Bearer {session}")


def passkey_required(scene: Scene) -> Answer:
    order_login_policy(two_passkeys(scene), PASSKEY_ONLY, now=scene.world.now)
    return scene.start(scene.anna.number)


def passkey_not_allowed(scene: Scene) -> Answer:
    passkey, account_id = LoginPasskey(), scene.anna.id
    made(scene.world, signed_in(scene.world, scene.phone(), scene.login()), passkey)
    order_login_policy(account_id, PHONE, now=scene.world.now)
    return scene.ask("POST", "/v1/passkeys/login", {"assertion": passkey.get(options(scene.world))})


def synced_passkey_refused(scene: Scene) -> Answer:
    passkey = made(
        scene.world,
        signed_in(scene.world, scene.phone(), scene.login()),
        LoginPasskey(flags=PRESENT | VERIFIED | ELIGIBLE),
    )
    scene.world.set(SYNCED_PASSKEYS="refused")
    return scene.ask("POST", "/v1/passkeys/login", {"assertion": passkey.get(options(scene.world))})


def passkey_too_new(scene: Scene) -> Answer:
    passkey = made(scene.world, signed_in(scene.world, scene.phone(), scene.login()))
    scene.world.set(LOGIN_POLICY=PASSKEY_ONLY)
    return scene.ask("POST", "/v1/passkeys/login", {"assertion": passkey.get(options(scene.world))})


def two_passkeys_required(scene: Scene) -> Answer:
    session = signed_in(scene.world, scene.phone(), scene.login())
    ask = {"login_policy": PASSKEY_ONLY}
    return scene.ask("PATCH", "/v1/passkeys", ask, authorization=f"Bearer {session}")


def last_passkey(scene: Scene) -> Answer:
    owner = with_passkeys_only(scene.world)
    session = owner.session_by_passkey()
    # One that nobody used ends nothing with it.
    known = sorted(listed(scene.world, session)["passkeys"], key=lambda one: one["last_used_at"] or 0)
    first, last = (one["passkey_id"] for one in known)
    removed(scene.world, session, first)
    return scene.ask("DELETE", f"/v1/passkeys/{last}", authorization=f"Bearer {session}")


def two_passkeys(scene: Scene) -> str:
    session = signed_in(scene.world, scene.phone(), scene.login())
    for _ in range(2):
        made(scene.world, session)
    return scene.anna.id


def signing_unavailable(scene: Scene) -> Answer:
    started = scene.world.start(scene.world.account(two_factor=False))
    scene.world.aws.fails("Sign", "KMSInternalException", status=500)
    return scene.complete(started.login.id, started.token)


def service_unavailable(scene: Scene) -> Answer:
    scene.world.aws.fails("GetItem", "ThrottlingException")
    return scene.start("123456")


def internal_error(scene: Scene) -> Answer:
    scene.world.aws.fails("GetItem", "AccessDeniedException")
    return scene.start("123456")


# How each is provoked, its status, and the members that help to go on.
REFUSALS: list[tuple[Way, int, str | None]] = [
    (invalid_request, 400, "field"),
    (origin_refused, 403, None),
    (public_url_required, 403, None),
    (invalid_credentials, 401, None),
    (enrolment_code_invalid, 401, None),
    (access_number_required, 409, None),
    (key_registration_required, 403, "app_links"),
    (too_many_attempts, 429, "retry_after"),
    (source_blocked, 429, "retry_after"),
    (phone_number_unusable, 409, None),
    (registration_not_found, 404, None),
    (registration_expired, 410, None),
    (registration_pending, 409, None),
    (registration_waiting, 409, "retry_after"),
    (lost_phone_refused, 409, None),
    (registration_declined, 403, None),
    (registration_decided, 409, None),
    (pairing_code_wrong, 422, None),
    (cooling_off, 403, "retry_after"),
    (code_wrong, 422, "attempts_left"),
    (code_exhausted, 410, "attempts_left"),
    (sms_unavailable, 503, None),
    (proof_invalid, 401, None),
    (proof_stale, 401, "server_time"),
    (device_revoked, 401, "revoked_at revoked_by"),
    (device_not_found, 404, None),
    (device_limit_reached, 409, None),
    (another_phone_waits, 429, "retry_after"),
    (recovery_refused, 401, None),
    (recovery_code_wrong, 422, None),
    (recovery_codes_expired, 410, None),
    (recovery_delayed, 403, "retry_after"),
    (recovery_codes_not_allowed, 403, None),
    (account_frozen, 403, None),
    (opening_not_allowed, 403, None),
    (freeze_link_invalid, 404, None),
    (freeze_link_expired, 410, None),
    (freeze_link_used, 409, None),
    (too_many_freezes, 429, "retry_after"),
    (push_endpoint_refused, 422, None),
    (login_not_found, 404, None),
    (login_expired, 410, None),
    (login_decided, 409, None),
    (transfer_code_wrong, 422, None),
    (approval_invalid, 422, None),
    (approval_required, 403, None),
    (login_pending, 409, None),
    (login_denied, 403, None),
    (passkey_refused, 403, None),
    (passkey_required, 403, None),
    (passkey_not_allowed, 403, None),
    (synced_passkey_refused, 403, None),
    (passkey_too_new, 403, "retry_after"),
    (two_passkeys_required, 409, None),
    (last_passkey, 409, None),
    (passkey_limit_reached, 409, None),
    (fresh_login_required, 403, None),
    (signing_unavailable, 503, "retry_after"),
    (service_unavailable, 503, "retry_after"),
    (internal_error, 500, None),
]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("way", "status", "helps"), REFUSALS, ids=[way.__name__ for way, *_ in REFUSALS])
def test_a_refusal_says_what_to_do_now(world: World, way: Way, status: int, helps: str | None, language: str) -> None:
    world.now = int(time.time())
    answered, headers, body = way(Scene(world, language))
    assert (answered, body["status"], body["code"]) == (status, status, way.__name__)
    assert body["title"] == getattr(PROBLEMS[way.__name__], language)
    assert headers["Content-Language"] == language
    assert headers["Content-Type"] == "application/problem+json"
    assert set(body) - {"type", "title", "status", "code", "request_id"} == set((helps or "").split())
    assert headers.get("Retry-After") == (str(body["retry_after"]) if helps == "retry_after" else None)


def test_every_refusal_of_the_table_was_provoked() -> None:
    assert {way.__name__ for way, *_ in REFUSALS} == set(PROBLEMS)


def test_the_refusal_of_wrong_credentials_names_the_access_number_as_the_way_out() -> None:
    said = PROBLEMS["invalid_credentials"]
    assert said.de.endswith("Klappt es mit der E-Mail-Adresse nicht, verwenden Sie bitte Ihre Zugangsnummer.")
    assert said.en.endswith("If the e-mail address does not work, please use your access number.")
