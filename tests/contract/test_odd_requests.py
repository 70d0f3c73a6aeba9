"""Requests that no app makes and an attacker may: each gets a promised refusal, never a fault."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from smartident_client.browser import Browser
from smartident_client.keys import Key
from smartident_client.keystore import Account, KeyStore
from smartident_client.phone import Phone
from smartident_client.proof import compact_jws, device_proof
from smartident_client.sms import code_in
from smartident_client.wire import Refused
from smartident_laptop.demo.accounts import ANNA
from tests.contract.contract import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident_laptop.stack import Stack

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def phone(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with Phone(stack.url, KeyStore(tmp_path_factory.mktemp("odd") / "phone.json")) as phone:
        yield phone


@pytest.fixture(scope="module")
def account(stack: Stack, phone: Phone) -> Account:
    enrolment = phone.register(ANNA.number, ANNA.password, device_name="Annas Telefon")
    return phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))


def refused(response: httpx.Response, code: str) -> None:
    assert CONTRACT.judge(response) == []
    assert response.json()["code"] == code


@pytest.mark.parametrize(
    "spoiled",
    [{"crv": {}}, {"crv": []}, {"kty": ["EC"]}, {"x": None}, {"d": "AAAA"}, {"x": "A" * 42}],
    ids=["crv object", "crv list", "kty list", "x null", "private", "short"],
)
def test_what_is_no_public_key_is_refused(stack: Stack, phone: Phone, spoiled: dict[str, Any]) -> None:
    key = Key.make()
    ask = {"identifier": "1", "password": "1", "device_key": {**key.public_jwk(), **spoiled}}
    body = json.dumps({**ask, "device_name": "1", "platform": "ios"}).encode()
    proof = device_proof(key, method="POST", url=f"{stack.url}/v1/keys", now=phone.now(), body=body)
    refused(httpx.post(f"{stack.url}/v1/keys", content=body, headers={**JSON, "DPoP": proof}), "invalid_request")


@pytest.mark.parametrize("sub", ["", " ", "\ud800", "NUMBER#100200301", "x" * 3000, None, 1, {}])
def test_a_proof_for_nobody_is_no_proof(stack: Stack, phone: Phone, sub: object) -> None:
    key, url = Key.make(), f"{stack.url}/v1/approvals"
    claims = {"htm": "GET", "htu": url, "iat": phone.now(), "jti": "1", "sub": sub}
    proof = compact_jws({"typ": "dpop+jwt", "kid": key.thumbprint}, json.dumps(claims).encode(), key)
    refused(httpx.get(url, headers={"DPoP": proof}), "proof_invalid")


@pytest.mark.parametrize("part", ["%22", "%C2%84", "a.%22", "a.%00", "a." + "b" * 2000, "a" * 3000 + ".b"])
def test_an_id_that_nobody_has_is_not_found(stack: Stack, phone: Phone, account: Account, part: str) -> None:
    login = f"{stack.url}/v1/logins/{part}"
    refused(httpx.get(login, headers={"Authorization": "Bearer x"}), "login_not_found")
    refused(httpx.delete(login, headers={"Authorization": "Bearer x"}), "login_not_found")
    refused(httpx.post(f"{login}/complete", headers={"Authorization": "Bearer x"}), "login_not_found")
    resend, device = f"{stack.url}/v1/keys/{part}/resend", f"{stack.url}/v1/devices/{part}"
    proof = device_proof(account.device_key, method="POST", url=resend, now=phone.now())
    refused(httpx.post(resend, headers={"DPoP": proof}), "registration_not_found")
    as_device = partial(device_proof, account.device_key, url=device, now=phone.now(), account_id=account.account_id)
    proof = as_device(method="PATCH", body=b'{"name":"x"}')
    refused(httpx.patch(device, content=b'{"name":"x"}', headers={**JSON, "DPoP": proof}), "device_not_found")
    # A phone signs only itself out, whether another phone has the id or nobody.
    answer = httpx.delete(device, headers={"DPoP": as_device(method="DELETE")})
    refused(answer, "device_not_found" if answer.status_code == 404 else "approval_required")


@pytest.mark.parametrize("spoiled", [{"statement": "\ud800"}, {"transfer_code": "\ud800"}, {"iat": "1"}, {"v": 2}])
def test_what_the_right_key_signs_may_still_be_nonsense(
    stack: Stack, phone: Phone, account: Account, spoiled: dict[str, Any]
) -> None:
    with Browser(stack.url) as browser:
        login = browser.start(ANNA.number, ANNA.password)
        pending = next(p for p in phone.approvals(account) if p.request.login_id == login.login_id)
        payload = {"v": 1, "purpose": "smartident-approval", "decision": "approve"}
        payload |= {"statement": pending.request.statement, "transfer_code": "1", "iat": phone.now(), **spoiled}
        url = f"{stack.url}/v1/approvals/{login.login_id}"
        evidence = account.approval_key.evidence(json.dumps(payload).encode())
        body = json.dumps({"decision": "approve", "evidence": evidence}).encode()
        proof = device_proof(
            account.device_key, method="POST", url=url, now=phone.now(), body=body, account_id=account.account_id
        )
        answer = httpx.post(url, content=body, headers={**JSON, "DPoP": proof})
        browser.cancel(login)
    assert CONTRACT.judge(answer) == []
    assert answer.json()["code"] in {"approval_invalid", "transfer_code_wrong"}


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"\xff", b"[" * 15_000, b'{"identifier": "\\ud800", "password": "1"}', b"{}" + b" " * 20_000],
    ids=["empty", "null", "list", "no text", "deep", "half a character", "long"],
)
def test_what_is_no_request_is_refused(stack: Stack, body: bytes) -> None:
    refused(httpx.post(f"{stack.url}/v1/logins", content=body, headers=JSON), "invalid_request")


@pytest.mark.parametrize("identifier", ["\0", "@", "\u200b", "\ufdfa" * 254, "\ufdfa@" + "\u0344" * 200])
def test_an_odd_name_is_an_unknown_one(stack: Stack, identifier: str) -> None:
    with Browser(stack.url) as browser, pytest.raises(Refused) as told:
        browser.start(identifier, "1")
    assert told.value.code == "invalid_credentials"
