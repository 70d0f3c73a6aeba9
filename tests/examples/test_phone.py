"""The phone in TypeScript (examples/phone) does what docs/phone.md says: by its vectors, and at the running stack."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from smartident.approvals.signed_decision import MAX_PAIRING_CODE_LENGTH, verify_approval
from smartident.crypto.base64url import decode
from smartident.crypto.dpop import Request, claim_of, verify_new_key, verify_proof
from smartident.crypto.jwk import PublicKey, dump_public_key, is_signature, public_key
from smartident.devices.device import ApprovalKey
from smartident_client.browser import Browser
from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import MIRIAM
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT

FOLDER = ROOT / "examples/phone"
TSC = ROOT / "node_modules/.bin/tsc"
VECTORS = ROOT / "docs/api/vectors.json"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone, checked and compiled; the folder of its programs."""
    if not TSC.is_file():
        pytest.skip("TypeScript is not installed: make test-examples does that, where the npm registry answers")
    folder: Path = tmp_path_factory.mktemp("phone")
    done = subprocess.run([TSC, "-p", FOLDER, "--outDir", folder], check=False, capture_output=True, text=True)  # noqa: S603  made by make
    assert done.returncode == 0, done.stdout
    for file in ("package.json", "check_vectors.mjs", "story.mjs", "pairing.mjs"):
        shutil.copy(FOLDER / file, folder)
    return folder


def keys() -> dict[str, PublicKey]:
    told = json.loads(VECTORS.read_text(encoding="utf-8"))["keys"]
    return {
        one["name"]: public_key({name: value for name, value in one["jwk"].items() if name != "d"}, field="key")
        for one in told
    }


def run(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    command = ["node", *map(str, words)]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)  # noqa: S603  our own program


def test_the_phone_makes_what_the_vectors_show_and_the_service_verifies_it(program: Path) -> None:
    done = run(program, "check_vectors.mjs", VECTORS)
    assert done.returncode == 0, done.stderr
    made: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    assert len(made["proofs"]) > 10
    known = keys()
    for one in made["proofs"]:
        url = one["url"].partition("?")[0]
        request = Request(one["method"], url, (one["body"] or "").encode(), one["proof"])
        if url.endswith(("/verify", "/resend", "/v1/keys")):
            assert verify_new_key(request, now=one["now"]).thumbprint == known[one["key"]].thumbprint()
        else:
            assert claim_of(request).device_id == known[one["key"]].thumbprint()
            verify_proof(request, key=known[one["key"]], active=True, now=one["now"])
    for one in made["evidence"]:
        check_evidence(one, known[one["key"]])


def check_evidence(one: dict[str, Any], key: PublicKey) -> None:
    if "signature" in one:
        assert is_signature(decode(one["signature"], field="signature"), one["message"].encode(), key)
        return
    said = json.loads(one["message"])
    statement, leaves = decode(said["statement"], field="statement").decode(), said.get("retire_device")
    stored, bounds = ApprovalKey("jwk", dump_public_key(key)), dict[str, Any](max_code_length=MAX_PAIRING_CODE_LENGTH)
    signed = verify_approval(one["evidence"], key=stored, statement=statement, may_retire=leaves, **bounds)
    assert signed.retires == (leaves is not None)


def test_a_vector_that_is_changed_shows(program: Path, tmp_path: Path) -> None:
    spoiled = VECTORS.read_text(encoding="utf-8").replace("Annas grünes Telefon", "Annas blaues Telefon", 1)
    (tmp_path / "vectors.json").write_text(spoiled, encoding="utf-8")
    assert "another name" in run(program, "check_vectors.mjs", tmp_path / "vectors.json").stderr


def test_the_phone_enrols_and_decides_at_the_running_stack(program: Path) -> None:
    with Stack() as stack, Browser(stack.url, origin=stack.url) as browser:
        command = ["node", "story.mjs", stack.url, MIRIAM.number, MIRIAM.password]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        with subprocess.Popen(command, cwd=program, **pipes) as phone:  # type: ignore[call-overload]  # noqa: S603  our own program
            assert phone.stdout.readline() == "code of the SMS\n"
            phone.stdin.write(code_in(stack.sms_messages()[-1].text) + "\n")
            assert phone.stdout.readline() == "log in\n"
            denied = browser.start(MIRIAM.number, MIRIAM.password)
            phone.stdin.write("\n")
            assert phone.stdout.readline() == "log in, and tell the transfer code\n"
            assert browser.status(denied) == "denied"
            login = browser.start(MIRIAM.number, MIRIAM.password)
            phone.stdin.write(f"{login.transfer_code}\n")
            assert phone.stdout.read().splitlines() == ["login_decided", "1", "device_revoked"]
        # What the phone approved before it signed itself out does not complete any more.
        assert browser.status(login) == "denied"


def test_the_phone_lets_a_further_one_in_that_approves_a_login(program: Path) -> None:
    with Stack() as stack, Browser(stack.url, origin=stack.url) as browser:
        command = ["node", "pairing.mjs", stack.url, MIRIAM.number, MIRIAM.password]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        with subprocess.Popen(command, cwd=program, **pipes) as phones:  # type: ignore[call-overload]  # noqa: S603  our own program
            assert phones.stdout.readline() == "code of the SMS\n"
            phones.stdin.write(code_in(stack.sms_messages()[-1].text) + "\n")
            assert [phones.stdout.readline() for _ in range(3)] == [
                "registration_pending\n",
                "approved\n",
                "log in, and tell the transfer code\n",
            ]
            login = browser.start(MIRIAM.number, MIRIAM.password)
            phones.stdin.write(f"{login.transfer_code}\n")
            told = phones.stdout.read().splitlines()
        kept, frozen = "9 cooling_off", "false opening_not_allowed"
        assert told == ["approved", "New phone,Old phone", kept, "3", frozen]
