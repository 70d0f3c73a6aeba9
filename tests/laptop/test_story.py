"""The story, played over real HTTP and WebSocket against the laptop's stack: the same `play` as `smartident story`."""

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smartident_cli.main import app
from smartident_cli.story import laptop_stack, operators_code
from smartident_cli.story import play as story
from smartident_cli.story.play import Differs, Ending, Person, play
from smartident_cli.terminal import Terminal
from smartident_client.authenticator import Authenticator
from smartident_client.browser import Browser
from smartident_client.keys import Key
from smartident_client.keystore import Account, KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_client.wire import Language, Unreachable
from smartident_laptop.child import serve_parent
from smartident_laptop.demo.accounts import ANNA, JONAS, SABINE, THOMAS
from smartident_laptop.demo.accounts import DemoAccount as Seeded
from smartident_laptop.runtime.containers import FunctionFailed
from smartident_laptop.stack import Stack
from tests.support.seeded_table import SeededTable

Play = Callable[..., Ending]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    log = tmp_path_factory.mktemp("stack") / "functions.log"
    with log.open("w") as lines, Stack(log=lines) as running:
        yield running


@pytest.fixture(scope="module")
def seeded_table(stack: Stack) -> SeededTable:
    return SeededTable(stack)


@pytest.fixture(autouse=True)
def as_seeded(seeded_table: SeededTable) -> None:
    """Every test meets the seeded people without a phone, in any order."""
    seeded_table.put_back()


def latest_code(stack: Stack, seeded: Seeded) -> str:
    return code_in([sms.text for sms in stack.sms_messages() if sms.phone == seeded.phone][-1])


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def played(stack: Stack, tmp_path: Path, told: io.StringIO) -> Play:
    def run(seeded: Seeded, *, password: str = "", language: Language = "de", webauthn: bool = False) -> Ending:
        terminal = Terminal(language)
        terminal.console.file = told
        person = Person(
            seeded.number,
            password or seeded.password,
            read_code=lambda _: latest_code(stack, seeded),
            approval_key=Authenticator(Key.make(), origin=stack.url) if webauthn else None,
        )
        with (
            Phone(stack.url, KeyStore(tmp_path / "phone.json"), language=language) as phone,
            Browser(stack.url, origin=stack.url) as browser,
        ):
            return play(person, browser=browser, phone=phone, terminal=terminal)

    return run


def test_eight_steps_end_in_a_session(played: Play, told: io.StringIO) -> None:
    ending = played(ANNA)

    headings = re.findall(r"^(\d)  ", told.getvalue(), re.MULTILINE)
    assert headings == list("12345678")
    assert ending.claims["amr"] == ["pwd", "pop", "user", "mfa"]
    assert ending.account.access_number == ANNA.number
    assert 0 <= ending.moved_ms <= ending.signed_in_ms
    assert ANNA.password not in told.getvalue()


def test_the_same_story_with_a_webauthn_fingerprint_in_english(played: Play, told: io.StringIO) -> None:
    ending = played(THOMAS, language="en", webauthn=True)
    assert isinstance(ending.account.approval_key, Authenticator)
    assert "Set up a new account" in told.getvalue()


def test_a_wrong_password_differs_at_step_one(played: Play) -> None:
    with pytest.raises(Differs, match=r"Schritt 1 weicht ab: .*invalid_credentials"):
        played(SABINE, password="falsch")


def test_without_two_factor_there_is_no_story(played: Play) -> None:
    with pytest.raises(Differs, match=r"Schritt 1 weicht ab: .*two-factor off"):
        played(JONAS)


def test_a_lost_push_differs_at_step_eight(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(self: Browser, login: object, *, opened: Callable[[], None]) -> str:
        opened()
        raise Unreachable("the line is cut")

    monkeypatch.setattr(Browser, "wait", deaf)
    monkeypatch.setattr(story, "PUSH_PATIENCE", 0.1)
    with pytest.raises(Differs, match="Schritt 8 weicht ab: the browser was not told"):
        played(SABINE)


def test_a_deployed_stack_asks_for_credentials_and_the_code(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    revoked: list[str] = []
    sign_out = Phone.sign_out

    def watched(self: Phone, account: Account) -> None:
        sign_out(self, account)
        revoked.append(account.device_id)

    def ask(_: Terminal, sentence: str, **__: object) -> str:
        return {"ask_identifier": SABINE.number}.get(sentence) or latest_code(stack, SABINE)

    monkeypatch.setattr(Phone, "sign_out", watched)
    monkeypatch.setattr(Terminal, "ask", ask)
    done = CliRunner().invoke(app, ["story", "--url", stack.url, "--origin", stack.url], input=f"{SABINE.password}\n")

    assert done.exit_code == 0, done.output + done.stderr
    assert "Alle acht Schritte" in done.output
    assert "Vom Fingerabdruck bis zum Browser" in done.output
    assert len(revoked) == 1


def test_what_differs_ends_with_exit_code_one(stack: Stack) -> None:
    done = CliRunner().invoke(app, ["story", "--url", stack.url, "--origin", "https://evil.example"], input="1\nx\n")
    assert done.exit_code == 1
    assert "Schritt 1 weicht ab: origin_refused" in done.stderr


def test_without_a_url_the_laptops_stack_plays() -> None:
    done = CliRunner().invoke(app, ["story"])
    assert done.exit_code == 0, done.output + done.stderr
    assert "Alle acht Schritte" in done.output


def test_a_new_phone_by_the_old_one_takes_four_more_steps() -> None:
    done = CliRunner().invoke(app, ["story", "--new-phone"])
    assert done.exit_code == 0, done.output
    assert re.findall(r"^(\d+)  ", done.output, re.MULTILINE) == [str(number) for number in range(1, 13)]
    assert "Keine SMS. Das neue Telefon zeigt einen QR-Code" in done.output
    assert "Beide Telefone sind aktiv." in done.output
    assert "Mit dem neuen Telefon angemeldet; das alte ist abgemeldet." in done.output


def test_the_first_phone_by_an_operators_code_needs_no_phone_number() -> None:
    done = CliRunner().invoke(app, ["story", "--enrolment-code"])
    assert done.exit_code == 0, done.output + done.stderr
    assert re.findall(r"^(\d+)  ", done.output, re.MULTILINE) == list("12345678")
    assert "Der Betreiber legt 100200399 ohne Telefonnummer an" in done.output
    assert "Keine SMS: Der Einrichtungscode bestätigt die Registrierung" in done.output
    assert "SMS an" not in done.output
    assert "Vom Fingerabdruck bis zum Browser" in done.output


def test_an_operators_command_that_fails_ends_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators_code, "COMMAND", [sys.executable, "-c", "raise SystemExit(2)"])
    assert CliRunner().invoke(app, ["story", "--enrolment-code"]).exit_code == 1


def test_a_stack_that_does_not_start_ends_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laptop_stack, "COMMAND", [sys.executable, "-c", "raise SystemExit(1)"])
    assert CliRunner().invoke(app, ["story"]).exit_code == 1


def test_broken_functions_end_with_what_they_logged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Stack) -> None:
        assert self.log is not None
        self.log.write("SyntaxError: the functions' last words\n")
        raise FunctionFailed("the container ended")

    monkeypatch.setattr(Stack, "start", broken)
    assert serve_parent() == 1
    assert "last words\nthe container ended" in capsys.readouterr().err
