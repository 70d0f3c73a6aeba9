"""docs/api/vectors.json: what it says was answered by the service itself, and each signature in it verifies."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

from smartident.approvals.signed_decision import MAX_PAIRING_CODE_LENGTH, verify_approval
from smartident.crypto.base64url import decode, encode
from smartident.crypto.jwk import dump_public_key, is_signature, public_key
from smartident.devices.device import ApprovalKey
from smartident.http.problems import PROBLEMS
from smartident.webauthn.relying_party import RelyingParty
from smartident_client.authenticator import cbor, cose_key
from smartident_client.keys import Key
from smartident_laptop.template import ROOT
from tests.contract.contract import CONTRACT
from tests.phone.vectors import vectors
from tests.support.world import World

FILE = ROOT / "docs/api/vectors.json"
WRITTEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
# Refusals that no phone causes: the service, AWS or the operator does.
OF_THE_SERVICE = {"internal_error", "public_url_required", "service_unavailable", "sms_unavailable"}
PHONES = ("/v1/keys", "/v1/approvals", "/v1/devices", "/v1/account", "/v1/recovery-codes", "/v1/events")


def key(name: str) -> Any:
    jwk = next(one["jwk"] for one in WRITTEN["keys"] if one["name"] == name)
    return public_key({member: value for member, value in jwk.items() if member != "d"}, field="key")


def test_the_file_says_what_the_service_answers_today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make vectors` writes it; the keys, the clock and all that is random are fixed."""
    text = json.dumps(vectors(world, monkeypatch), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("WRITE_VECTORS"):
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text, "make vectors"


def promised() -> set[str]:
    """Every code that the contract promises to phones."""
    found = set()
    for _, path, operation in CONTRACT.operations():
        for node in operation["responses"].values() if path.startswith(PHONES) else ():
            problem = CONTRACT.followed(node).get("content", {}).get("application/problem+json", {})
            found |= {CONTRACT.followed(one)["value"]["code"] for one in problem.get("examples", {}).values()}
    return found


def test_each_refusal_that_a_phone_causes_is_there() -> None:
    told = {one["answer"]["code"]: one for one in WRITTEN["exchanges"] if one["status"] >= 400}
    assert promised() - told.keys() == OF_THE_SERVICE
    for code, one in told.items():
        assert (one["status"], one["answer"]["title"]) == (PROBLEMS[code].status, PROBLEMS[code].en)


def test_each_request_that_a_phone_makes_is_answered_there() -> None:
    shown = [one for one in WRITTEN["exchanges"] if one["status"] < 400]
    paths = [(one["method"], one["url"].removeprefix(WRITTEN["url"]).partition("?")[0]) for one in shown]
    found = {CONTRACT.promised(*path)[1]["operationId"] for path in paths}  # type: ignore[index]  # as the next test asks
    assert {one["operationId"] for *_, one in CONTRACT.operations() if {*one["tags"]} & {"phone", "enrolment"}} == found


def test_docs_phone_says_what_to_do_with_each() -> None:
    text = (ROOT / "docs/phone.md").read_text(encoding="utf-8")
    _, _, table = text.partition("## What to do with a refusal\n")
    named = {
        code
        for row in re.findall(r"^\| (`.*?) \|", table.partition("\n## ")[0], re.MULTILINE)
        for code in row.split("`")
    }
    assert named >= promised() - {"public_url_required"}


def test_names_are_told_apart() -> None:
    names = [one["name"] for one in (*WRITTEN["exchanges"], *WRITTEN["signatures"])]
    assert len({*names}) == len(names)
    assert all(one["proof"] or one["status"] == 401 for one in WRITTEN["exchanges"])


@pytest.mark.parametrize("one", WRITTEN.get("exchanges", []), ids=lambda one: one["name"])
def test_the_contract_promises_each_answer(one: dict[str, Any]) -> None:
    path = one["url"].removeprefix(WRITTEN["url"]).partition("?")[0]
    found = CONTRACT.promised(one["method"], path)
    assert found is not None
    assert str(one["status"]) in found[1]["responses"]


@pytest.mark.parametrize("one", WRITTEN.get("signatures", []), ids=lambda one: one["name"])
def test_each_signature_is_over_what_it_says(one: dict[str, Any]) -> None:
    signer = key(one["key"])
    if "signature" in one:
        assert is_signature(decode(one["signature"], field="signature"), one["message"].encode(), signer)
        return
    said = json.loads(one["message"])
    statement, leaves = said["statement"], said.get("retire_device")
    if "statement" in one:
        assert encode(one["statement"].encode()) == statement
    shown = decode(statement, field="statement").decode()
    stored, party = ApprovalKey("jwk", dump_public_key(signer)), None
    if one["evidence"]["type"] == "webauthn":
        own = Key.from_jwk(next(known["jwk"] for known in WRITTEN["keys"] if known["name"] == one["key"]))
        stored = ApprovalKey("webauthn", encode(cbor(cose_key(own))), one["credential_id"])
        party = RelyingParty(one["rp_id"], (one["origin"],))
    bounds: dict[str, Any] = {"max_code_length": MAX_PAIRING_CODE_LENGTH, "may_retire": leaves}
    signed = verify_approval(one["evidence"], key=stored, statement=shown, party=party, **bounds)
    assert signed.retires == (leaves is not None)
    assert signed.transfer_code == one["transfer_code"]
