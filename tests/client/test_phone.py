"""What the simulated phone promises: whose keys sign what, and that a wrong clock mends itself."""

import hashlib
import json

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from webauthn import verify_authentication_response, verify_registration_response

from smartident_client import base64url
from smartident_client.approval_keys import ApprovalKey
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Curve, Key
from smartident_client.phone import Phone
from smartident_client.wire import NotAsPromised, Refused
from tests.client.paper_service import ACCOUNT_ID, LOGIN_ID, NOW, URL, Service, approval, problem, read_jws


def enrol(phone: Phone, approval_key: ApprovalKey | None = None) -> None:
    enrolment = phone.register("100200300", "Geheim!", device_name="Telefon")
    phone.verify(enrolment, "123456", approval_key=approval_key)


def test_the_registration_proof_carries_the_key_and_no_subject(phone: Phone, service: Service) -> None:
    phone.register("100200300", "Geheim!", device_name="Telefon")

    header, claims = service.proofs[0]
    body = service.asked[0].content
    assert set(header) == {"alg", "typ", "jwk"}
    assert (header["alg"], header["typ"]) == ("ES256", "dpop+jwt")
    assert header["jwk"] == json.loads(body)["device_key"]
    assert "d" not in header["jwk"]
    assert set(claims) == {"htm", "htu", "iat", "jti", "body_sha256"}
    assert (claims["htm"], claims["htu"], claims["iat"]) == ("POST", f"{URL}/v1/keys", NOW)
    assert claims["body_sha256"] == base64url.encode(hashlib.sha256(body).digest())


def test_a_later_proof_names_key_and_account_and_leaves_the_query_out(phone: Phone, service: Service) -> None:
    service.on("GET /v1/events", {"events": [], "next": None})
    enrol(phone)
    (account,) = phone.accounts()

    phone.events(account, before="b1")

    header, claims = service.proofs[-1]
    assert header["kid"] == account.device_id
    assert "jwk" not in header
    assert claims["sub"] == ACCOUNT_ID
    assert claims["htu"] == f"{URL}/v1/events"
    assert service.asked[-1].url.query == b"before=b1"
    assert "body_sha256" not in claims


def test_no_two_proofs_share_an_id(phone: Phone, service: Service) -> None:
    enrol(phone)
    phone.approvals()
    ids = [claims["jti"] for _, claims in service.proofs]
    assert len(set(ids)) == len(ids) == 3


@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_both_curves_sign_what_another_library_verifies(curve: Curve) -> None:
    key = Key.from_jwk(Key.make(curve).private_jwk())
    other = (ECKey if curve == "P-256" else OKPKey).import_key(dict(key.public_jwk()))
    assert key.thumbprint == other.thumbprint()
    header = base64url.encode(json.dumps({"alg": key.algorithm}).encode())
    signed = f"{header}.{base64url.encode(b'text')}"
    compact = f"{signed}.{base64url.encode(key.sign(signed.encode()))}"
    assert jws.deserialize_compact(compact, other, algorithms=[key.algorithm]).payload == b"text"


def test_a_wrong_clock_mends_itself_once_and_for_all(phone: Phone, service: Service) -> None:
    enrol(phone)
    service.on("GET /v1/approvals", problem(401, "proof_stale", server_time=NOW + 5000), {"approvals": []})

    assert phone.approvals() == []
    phone.approvals()

    assert [claims["iat"] for _, claims in service.proofs[2:]] == [NOW, NOW + 5000, NOW + 5000]


def test_a_clock_that_stays_wrong_is_refused_after_one_retry(phone: Phone, service: Service) -> None:
    enrol(phone)
    service.on("GET /v1/approvals", problem(401, "proof_stale", server_time=NOW + 5000))

    with pytest.raises(Refused, match="proof_stale"):
        phone.approvals()
    assert len(service.asked) == 4


def test_the_approval_covers_what_was_shown_typed_and_decided(phone: Phone, service: Service) -> None:
    enrol(phone)
    (pending,) = phone.approvals()

    phone.approve(pending, "604 193")

    sent = json.loads(service.asked[-1].content)
    token = sent["evidence"]["jws"]
    key = ECKey.import_key(dict(pending.account.approval_key.stored()["key"]))
    assert jws.deserialize_compact(token, key, algorithms=["ES256"])
    header, payload = read_jws(token)
    assert header == {"alg": "ES256", "typ": "smartident-approval+jws", "kid": key.thumbprint()}
    assert key.thumbprint() != pending.account.device_id
    assert payload == {
        "v": 1,
        "purpose": "smartident-approval",
        "decision": "approve",
        "statement": approval()["statement"],
        "transfer_code": "604193",
        "iat": NOW,
    }


def test_a_denial_tells_its_reason(phone: Phone, service: Service) -> None:
    service.on(f"POST /v1/approvals/{LOGIN_ID}", {"status": "denied"})
    enrol(phone)
    phone.deny(phone.approvals()[0], "not_me")
    assert json.loads(service.asked[-1].content) == {"decision": "deny", "reason": "not_me"}


def test_what_cannot_be_shown_is_not_offered_for_approval(phone: Phone, service: Service) -> None:
    enrol(phone)
    service.on("GET /v1/approvals", {"approvals": [{**approval(), "statement": "bm8"}]})
    with pytest.raises(NotAsPromised, match="cannot be shown"):
        phone.approvals()


@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
def test_the_software_authenticator_satisfies_webauthn(phone: Phone, service: Service, curve: Curve) -> None:
    origin = "https://app.example"
    enrol(phone, approval_key=Authenticator(Key.make(curve), origin=origin))
    created = verify_registration_response(
        credential=json.loads(service.asked[-1].content)["approval_key"]["credential"],
        expected_challenge=b"challenge",
        expected_rp_id="app.example",
        expected_origin=origin,
        require_user_verification=True,
    )

    (pending,) = phone.approvals()
    phone.approve(pending, "604193")

    evidence = json.loads(service.asked[-1].content)["evidence"]
    verify_authentication_response(
        credential=evidence["assertion"],
        expected_challenge=hashlib.sha256(evidence["payload"].encode()).digest(),
        expected_rp_id="app.example",
        expected_origin=origin,
        credential_public_key=created.credential_public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    assert json.loads(base64url.decode(evidence["payload"]))["transfer_code"] == "604193"


def test_a_revoked_phone_forgets_its_keys(phone: Phone, service: Service) -> None:
    enrol(phone)
    (account,) = phone.accounts()
    service.on(f"DELETE /v1/devices/{account.device_id}", problem(503, "service_unavailable"))
    with pytest.raises(Refused):
        phone.sign_out(account)
    assert phone.accounts()

    service.on(f"DELETE /v1/devices/{account.device_id}", None)
    phone.sign_out(account)
    assert phone.accounts() == []
