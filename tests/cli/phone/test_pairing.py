"""What a person reads and types at `smartident phone` when a new phone is let in by an old one."""

import json
from typing import Any

import httpx
import pytest

from smartident_cli.phone import pairing
from smartident_client import base64url
from smartident_client.keystore import KeyStore
from tests.cli.phone.test_commands import PASSWORD, Command, command, enrolled
from tests.client.paper_service import ACCOUNT_ID, NOW, REGISTRATION, Service, approval, problem

__all__ = ["command", "enrolled"]
NEW = f"{ACCOUNT_ID}.n1"
CODE = "Ab-_Ab-_Ab-_Ab-_Ab-_Ab"
STATED = {
    "v": 2,
    "purpose": "smartident-new-device",
    "registration_id": NEW,
    "access_number": "100200300",
    "device_name": "Annas neues Handy",
    "platform": "web",
    "fingerprint": "3751 28c7",
    "ip": "192.0.2.7",
    "place": "Köln, DE",
    "browser": "Chrome",
    "os": "Android",
    "requested_at": NOW - 20,
    "expires_at": NOW + 280,
}


def new_device(**more: object) -> dict[str, Any]:
    statement = base64url.encode(json.dumps({**STATED, **more}).encode())
    here = {"place": "Wien, AT", "asn": 8447}
    return {"registration_id": NEW, "statement": statement, "expires_at": NOW + 280, "here": here, "differs": True}


@pytest.fixture
def asked(enrolled: Command, service: Service) -> Command:
    service.on("GET /v1/approvals", {"approvals": [new_device(), approval()]})
    service.on(f"POST /v1/approvals/{NEW}", {"status": "approved"})
    return enrolled


def signed(service: Service) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        base64url.decode(json.loads(service.asked[-1].content)["evidence"]["jws"].split(".")[1])
    )
    return told


def test_a_new_phone_stands_apart_from_logins(asked: Command) -> None:
    told = asked("approvals").output
    assert told.index("Ein neues Telefon möchte Anmeldungen für Sie freigeben") < told.index("Anmeldung bei financeapp")
    for part in ("Annas neues Handy", "Köln, DE", "3751 28c7", "anderen Ort", "Wien, AT · AS8447"):
        assert part in told
    both = json.loads(asked("approvals", "--json").output)["approvals"]
    assert [one["purpose"] for one in both] == ["smartident-new-device", "smartident-login"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [(f"SMARTIDENT-PAIRING:{CODE}", CODE), ("3238 5828", "32385828")],
    ids=["scanned", "typed"],
)
def test_what_the_new_phone_shows_is_signed(asked: Command, service: Service, typed: str, code: str) -> None:
    told = asked("let-in", typed=f"j\n{typed}\n\n")
    assert told.exit_code == 0, told.output
    assert "Halten Sie das neue Telefon selbst in der Hand?" in told.output
    assert "Das neue Telefon ist freigegeben." in told.output
    assert service.asked[-1].url.path == f"/v1/approvals/{NEW}"
    assert signed(service)["transfer_code"] == code


@pytest.mark.parametrize("typed", ["\n", "n\n", f"j\n{CODE}\nn\n"], ids=["Enter", "not in the hand", "no fingerprint"])
def test_without_a_yes_nobody_is_let_in(asked: Command, service: Service, typed: str) -> None:
    told = asked("let-in", typed=typed)
    assert told.exit_code == 1
    assert "Nichts wurde freigegeben." in told.stderr
    assert service.asked[-1].method == "GET"


def test_a_phone_leaves_for_the_new_one_only_if_told_so_and_in_the_same_signature(
    asked: Command, service: Service, keystore: KeyStore
) -> None:
    (this,) = keystore.accounts()
    scanned = f"j\nSMARTIDENT-PAIRING:{CODE}\n\n"
    stays = asked("let-in", typed=scanned).output
    assert "retire_device" not in signed(service)
    told = asked("let-in", "--retire", typed=scanned).output
    assert (signed(service)["retire_device"], signed(service)["transfer_code"]) == (this.device_id, CODE)
    assert told.index("Sperren Sie den Zugang innerhalb von 24 Stunden danach") < told.index("Fingerabdruck")
    assert "neuen Telefon „Annas neues Handy“ an. Danach ist dieses Telefon abgemeldet." in told
    assert "abgemeldet" not in stays


def test_without_a_fingerprint_nobody_leaves(asked: Command, service: Service) -> None:
    assert asked("let-in", "--retire", typed=f"j\n{CODE}\nn\n").exit_code == 1
    assert service.asked[-1].method == "GET"


def test_who_lets_nobody_in_leaves_for_nobody(asked: Command, service: Service) -> None:
    before = len(service.asked)
    assert asked("let-in", "--not-me", "--retire").exit_code != 0
    assert len(service.asked) == before


def test_a_stranger_is_reported(asked: Command, service: Service) -> None:
    told = asked("let-in", "--not-me")
    assert "gemeldet" in told.output
    assert json.loads(service.asked[-1].content) == {"decision": "deny", "reason": "not_me"}


def test_nobody_is_let_in_where_nobody_waits(enrolled: Command) -> None:
    assert enrolled("let-in", typed="j\n").exit_code == 1


def test_a_statement_about_something_else_lets_nobody_in(asked: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": [new_device(purpose="smartident-payment")]})
    assert asked("let-in", typed=f"j\n{CODE}\n\n").exit_code == 1
    assert service.asked[-1].method == "GET"


def test_the_new_phone_shows_its_code_and_waits(
    command: Command, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr("time.sleep", waited.append)
    shown = {"confirm_by": "device", "pairing": CODE, "pairing_digits": "32385828", "fingerprint": "375128c7"}
    service.on("POST /v1/keys", httpx.Response(202, json={**REGISTRATION, **shown}))
    route = f"POST /v1/keys/{ACCOUNT_ID}.r1/verify"
    (right,) = service.answers[route]
    service.on(route, problem(409, "registration_pending"), problem(409, "registration_pending"), right)
    told = command("register", typed=f"100200300\n{PASSWORD}\n")
    assert told.exit_code == 0, told.output
    assert f"SMARTIDENT-PAIRING:{CODE}" in told.output
    assert "32385828" in told.output
    assert waited == [pairing.EVERY] * 2
    asked = [json.loads(one.content) for one in service.asked[1:]]
    assert [one["code"] for one in asked] == [None] * 3
    assert len({json.dumps(one["approval_key"]["jwk"]) for one in asked}) == 1


def test_a_new_phone_that_is_declined_says_so(command: Command, service: Service) -> None:
    service.on("POST /v1/keys", httpx.Response(202, json={**REGISTRATION, "confirm_by": "device", "pairing": CODE}))
    service.on(f"POST /v1/keys/{ACCOUNT_ID}.r1/verify", problem(403, "registration_declined"))
    told = command("register", typed=f"100200300\n{PASSWORD}\n")
    assert told.exit_code == 1
    assert "registration_declined" in told.stderr
