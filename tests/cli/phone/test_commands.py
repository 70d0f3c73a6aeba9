"""What a person reads and types at `smartident phone`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from smartident_cli.main import app
from smartident_client import base64url
from smartident_client.keystore import KeyStore
from tests.client.paper_service import ACCOUNT_ID, LOGIN_ID, NOW, URL, Service, approval, problem

Command = Callable[..., Result]
PASSWORD = "Geheim!-Kanarienvogel"


@pytest.fixture
def command(service: Service, keystore: KeyStore, monkeypatch: pytest.MonkeyPatch) -> Command:
    class PaperClient(httpx.Client):
        def __init__(self, **how: Any) -> None:
            super().__init__(headers=how["headers"], transport=httpx.MockTransport(service))

    monkeypatch.setattr(httpx, "Client", PaperClient)
    monkeypatch.setenv("SMARTIDENT_PHONE", str(keystore.path))
    monkeypatch.setenv("SMARTIDENT_URL", URL)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["phone", *words], input=typed)

    return run


@pytest.fixture
def enrolled(command: Command) -> Command:
    assert command("register", typed=f"100200300\n{PASSWORD}\n123456\n").exit_code == 0
    return command


@pytest.mark.parametrize("act", ["approve", "deny", "let-in", "devices", "freeze"])
def test_a_phone_without_an_account_is_told_how_to_get_one(command: Command, act: str) -> None:
    told = command(act)
    assert (told.exit_code, told.stderr) == (
        1,
        "Noch kein Zugang hinterlegt. Neuen Zugang einrichten: smartident phone register\n",
    )


@pytest.mark.parametrize(
    ("language", "said"), [("de", "ist keine Datei eines Telefons"), ("en", "is not a phone's file")]
)
def test_a_file_that_is_none_of_a_phone_is_told_in_the_persons_language(
    command: Command, keystore: KeyStore, language: str, said: str
) -> None:
    keystore.path.parent.mkdir()
    keystore.path.touch(mode=0o600)
    told = command("approvals", "--language", language)
    assert told.exit_code == 1
    assert said in told.stderr


def test_what_is_no_address_is_said_to_be_unreachable(tmp_path: Path) -> None:
    words = ["phone", "register", "--url", "http://[", "--file", str(tmp_path / "phone.json")]
    told = CliRunner().invoke(app, words, input=f"100200300\n{PASSWORD}\n")
    assert told.exit_code == 1
    assert told.stderr.startswith("Der Dienst ist nicht erreichbar: ")


@pytest.mark.parametrize("typed", ["", "100200300\n", f"100200300\n{PASSWORD}\n"], ids=["name", "password", "code"])
def test_who_types_no_more_is_told_what_is_missing(command: Command, typed: str) -> None:
    told = command("register", typed=typed)
    assert told.exit_code == 1
    assert "Hier fehlt eine Antwort: " in told.stderr


def test_registering_asks_for_secrets_and_never_shows_them(
    command: Command, service: Service, keystore: KeyStore
) -> None:
    told = command("register", typed=f"100200300\n{PASSWORD}\n123456\n")

    assert told.exit_code == 0, told.output
    assert "•••• 4711" in told.output
    assert "Der Zugang 100200300 (Erika M.) wurde erfolgreich hinterlegt." in told.output
    assert PASSWORD not in told.output + told.stderr
    assert PASSWORD not in keystore.path.read_text()
    assert json.loads(service.asked[0].content)["password"] == PASSWORD


def test_a_wrong_code_may_be_typed_again(command: Command, service: Service) -> None:
    route = f"POST /v1/keys/{ACCOUNT_ID}.r1/verify"
    (right,) = service.answers[route]
    service.on(route, problem(422, "code_wrong", attempts_left=2), right)
    told = command("register", typed=f"100200300\n{PASSWORD}\n000000\n123456\n")
    assert told.exit_code == 0
    assert "Titel von code_wrong (code_wrong)\nVerbleibende Versuche: 2." in told.stderr


@pytest.mark.parametrize(
    "typed",
    [
        "123 456", "123-456", "\u202d123456\u202c", "123\u00a0\u200b456\ufeff",
        "\u0661\u0662\u0663\u0664\u0665\u0666", "\uff11\uff12\uff13\uff14\uff15\uff16",
    ],
    ids=["blank", "dash", "direction marks", "marks", "Arabic", "full width"],
)  # fmt: skip
def test_a_code_is_what_was_meant(command: Command, service: Service, typed: str) -> None:
    assert command("register", typed=f"100200300\n{PASSWORD}\n{typed}\n").exit_code == 0
    assert json.loads(service.asked[-1].content)["code"] == "123456"
    assert command("approve", typed=f"{typed}\n\n").exit_code == 0
    signed = json.loads(service.asked[-1].content)["evidence"]["jws"].split(".")[1]
    assert json.loads(base64url.decode(signed))["transfer_code"] == "123456"


def test_enter_alone_asks_for_a_new_code(command: Command, service: Service) -> None:
    route = f"POST /v1/keys/{ACCOUNT_ID}.r1/resend"
    (started,) = service.answers["POST /v1/keys"]
    service.on(route, problem(429, "too_many_attempts", retry_after=30), started)
    told = command("register", typed=f"100200300\n{PASSWORD}\n\n\n123456\n")
    assert told.exit_code == 0
    assert "Bitte in 30 s noch einmal versuchen." in told.stderr
    assert told.output.count("gesendet") == 2


def test_approving_shows_the_statement_before_it_asks(enrolled: Command, service: Service) -> None:
    told = enrolled("approve", typed="604 193\n\n")

    assert told.exit_code == 0, told.output
    shown, _, asked = told.output.partition("Code aus dem Browser")
    for part in ("Anmeldung bei financeapp", "https://financeapp.example", "Firefox auf Linux", "192.0.2.7"):
        assert part in shown
    assert "Fingerabdruck" in asked
    assert "Anmeldung abgeschlossen." in asked
    assert service.asked[-1].url.path == f"/v1/approvals/{LOGIN_ID}"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_country_new_to_the_account_is_said_before_the_code(
    enrolled: Command, service: Service, *, is_new: bool
) -> None:
    stated = {"place": "Salvador, BR", **({"new_country": True} if is_new else {})}
    service.on("GET /v1/approvals", {"approvals": [approval(**stated)]})
    shown, _, _ = enrolled("approve", typed="604193\nn\n").output.partition("Code aus dem Browser")
    assert "Salvador, BR" in shown
    assert ("Aus diesem Land haben Sie sich noch nie angemeldet." in shown) is is_new


def test_without_the_fingerprint_nothing_is_approved(enrolled: Command, service: Service) -> None:
    told = enrolled("approve", typed="604193\nn\n")
    assert told.exit_code == 1
    assert "Nichts wurde freigegeben." in told.stderr
    assert service.asked[-1].method == "GET"


def test_a_payment_is_no_login(enrolled: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": [approval(purpose="smartident-payment")]})
    told = enrolled("approve", typed="604193\n\n")
    assert told.exit_code == 1
    assert service.asked[-1].method == "GET"


def test_what_a_server_says_steers_no_terminal(enrolled: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": [approval(browser="\x1b[2J[red]x", place="[bold]Wien\x07")]})
    told = enrolled("approvals")
    assert "�[2J[red]x auf Linux" in told.output
    assert "[bold]Wien�" in told.output


@pytest.mark.parametrize(
    ("words", "reason", "said"),
    [((), "changed_my_mind", "Die Anfrage ist abgelehnt."), (("--not-me",), "not_me", "gemeldet")],
    ids=["declined", "reported"],
)
def test_declining(enrolled: Command, service: Service, words: tuple[str, ...], reason: str, said: str) -> None:
    told = enrolled("deny", *words)
    assert said in told.output
    assert json.loads(service.asked[-1].content)["reason"] == reason


def test_what_the_service_could_not_tell_is_said_in_words(enrolled: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": [approval(browser="?", os="?", origin="?")]})
    assert "unbekannt auf unbekannt" in enrolled("approvals").output


def test_a_request_is_found_by_the_start_of_its_id(enrolled: Command) -> None:
    assert enrolled("deny", LOGIN_ID[:3]).exit_code == 0
    assert "Keine offene Anfrage passt" in enrolled("deny", "b").stderr


def test_of_several_requests_one_is_named(enrolled: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": [approval(), approval()]})
    assert "Mehrere Anfragen passen" in enrolled("deny").stderr


def test_devices_are_listed_renamed_and_revoked(enrolled: Command, service: Service) -> None:
    device = {
        "device_id": "d1",
        "name": "[b]Altes Telefon",
        "platform": "ios",
        "state": "active",
        "registered_at": NOW,
        "last_used_at": None,
        "current": False,
        "approval_key": "jwk",
    }
    service.on("GET /v1/devices", {"devices": [device]})
    service.on("PATCH /v1/devices/d1", {**device, "name": "Neues"})
    service.on("POST /v1/devices/d1/revoke", httpx.Response(204))

    assert "[b]Altes Telefon" in enrolled("devices").output
    assert "heißt jetzt Neues" in enrolled("rename", "[b]Altes Telefon", "Neues").output
    assert "heißt jetzt Neues" in enrolled("rename", "d", "Neues").output
    assert "ist gesperrt" in enrolled("revoke", "d1").output
    assert "Kein Gerät" in enrolled("revoke", "x").stderr
    assert "Kein Gerät" in enrolled("revoke", "-x").stderr
    assert "Kein Gerät" in enrolled("rename", "-x", "Neues").stderr
    service.on("GET /v1/devices", {"devices": [device, {**device, "device_id": "e2", "name": "d"}]})
    assert "mehrere Geräte" in enrolled("revoke", "d").stderr


def test_the_history_is_told_in_words(enrolled: Command, service: Service) -> None:
    event = {"event_id": "e", "type": "login_denied", "at": NOW, "device_id": None, "login_id": LOGIN_ID}
    seen = {"browser": "Firefox", "os": "Linux", "ip": "192.0.2.7", "origin": None, "reason": "not_me"}
    service.on("GET /v1/events", {"events": [{**event, **seen}], "next": "e9"})
    told = enrolled("events")
    assert "Anmeldung abgelehnt" in told.output
    assert "Firefox · Linux · 192.0.2.7" in told.output
    assert "--before e9" in told.output


def test_english_reaches_the_person_and_the_service(enrolled: Command, service: Service) -> None:
    service.on("GET /v1/approvals", {"approvals": []})
    assert "Approvals: no requests are waiting." in enrolled("approvals", "--language", "en").output
    assert service.asked[-1].headers["Accept-Language"] == "en"


def test_an_empty_phone_says_how_to_begin(command: Command) -> None:
    assert "smartident phone register" in command("approvals").output
    assert "smartident phone register" in command("devices").stderr


def test_an_open_key_file_is_one_clear_sentence(enrolled: Command, keystore: KeyStore) -> None:
    keystore.path.chmod(0o644)
    told = enrolled("approvals")
    assert told.exit_code == 1
    assert f"chmod 600 {keystore.path}" in told.stderr


def test_no_service_at_the_address_is_one_clear_sentence(tmp_path: Path) -> None:
    words = ["phone", "register", "--url", "http://127.0.0.1:9", "--file", str(tmp_path / "p.json")]
    told = CliRunner().invoke(app, words, input=f"1\n{PASSWORD}\n")
    assert told.exit_code == 1
    assert "nicht erreichbar" in told.stderr
    assert PASSWORD not in told.output + told.stderr
