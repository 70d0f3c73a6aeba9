"""`smartident account` and `device`: what an operator types, reads, and changes."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smartident.accounts.account import read_account
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import (
    find_accounts,
)
from smartident.approvals.decide import Deny
from smartident.devices.rename import (
    rename_device,
)
from smartident.errors import InvalidCredentials, TooManyAttempts
from smartident.logins.transitions import cancel_login
from smartident.storage.table import DAY
from smartident_cli.main import app
from tests.cli.operator import Operator
from tests.support.world import ELSEWHERE, PASSWORD, World

SECRET = "Geheim!-Kanarienvogel"
MAIL = "anna.berger@example.test"


def test_a_new_account_logs_in_with_the_password_that_was_typed(operator: Operator, world: World) -> None:
    words = ("--name", "Anna Berger", "--email", " Anna.Berger@Example.test", "--phone", "0170 1234711")
    told = operator("account", "create", "700 001", *words, "--no-two-factor", typed=f"{SECRET}\n")
    assert told.exit_code == 0, told.output
    assert "Zugang 700001 ist angelegt." in told.output
    assert SECRET not in told.output + told.stderr
    (account_id,) = find_accounts(MAIL)
    account = read_account(account_id)
    assert account
    assert (account.number, account.phone, account.two_factor) == ("700001", "+491701234711", False)
    assert world.start(account, password=SECRET).login.state == "approved"


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("700001", "--phone", "110"), SECRET, "keine gültige Telefonnummer"),
        (("700001", "--email", "anna"), SECRET, "keine E-Mail-Adresse"),
        (("7@1",), SECRET, "keine Zugangsnummer"),
        (("700001",), "", "password"),
        (("700001",), "x" * 1025, "zu lang"),
        (("700001",), "x" * 7, "mindestens 8 Zeichen"),
        (("700001", "--no-two-factor"), "x" * 14, "ohne Telefon mindestens 15"),
        (("700000",), SECRET, "ist vergeben"),
    ],
    ids=["phone", "e-mail", "number", "no password", "long password", "short", "short alone", "taken number"],
)
def test_what_does_not_fit_is_said_and_nothing_created(
    operator: Operator, world: World, words: tuple[str, ...], typed: str, said: str
) -> None:
    world.account("700000")
    told = operator("account", "create", *words, "--name", "Anna", typed=f"{typed}\n")
    assert told.exit_code == 1
    assert said in told.stderr
    assert find_accounts("700001") == []


def test_what_does_not_fit_is_said_before_a_password_is_asked_for(operator: Operator) -> None:
    told = operator("account", "create", "700001", "--name", "Anna", "--phone", "110")
    assert "keine gültige Telefonnummer" in told.stderr


def test_a_pipe_that_ends_before_an_answer_is_told_what_is_missing(operator: Operator) -> None:
    told = operator("account", "create", "700001", "--name", "Anna")
    assert (told.exit_code, told.stderr.partition(". ")[0]) == (
        1,
        "Hier fehlt eine Antwort: Passwort für den neuen Zugang",
    )


@pytest.mark.parametrize("who", ["", " ", "\u202d"])
def test_nobody_named_is_no_name(operator: Operator, who: str) -> None:
    told = operator("account", "show", who)
    assert (told.exit_code, told.stderr) == (
        1,
        "Bitte eine Zugangsnummer nennen, oder eine E-Mail-Adresse, die nur ein Zugang hat.\n",
    )


@pytest.mark.parametrize("piped", [f"\ufeff{SECRET}\r\n", f"\ufeff{SECRET}", f"{SECRET}\r\n"])
def test_what_windows_puts_around_a_piped_password_is_no_part_of_it(
    operator: Operator, world: World, piped: str
) -> None:
    told = operator("account", "create", "700001", "--name", "Anna", "--no-two-factor", typed=piped)
    assert told.exit_code == 0, told.stderr
    account = read_account(find_accounts("700001")[0])
    assert account
    assert world.start(account, password=SECRET).login.state == "approved"


@pytest.mark.parametrize("piped", [SECRET.encode() + b"\xfc\n", SECRET.encode("utf-16")], ids=["CP1252", "UTF-16"])
def test_a_piped_password_in_another_encoding_is_one_sentence(operator: Operator, piped: bytes) -> None:
    told = operator("account", "create", "700001", "--name", "Anna", typed=piped)
    assert told.exit_code == 1
    assert "kein UTF-8?" in told.stderr
    assert find_accounts("700001") == []


def test_a_phone_that_gets_no_sms_is_noted(operator: Operator) -> None:
    told = operator("account", "create", "7", "--name", "Ana", "--phone", "+5511961234567", typed=f"{SECRET}\n")
    assert told.exit_code == 0
    assert "sendet der Dienst keine SMS" in told.stderr


def test_an_account_is_shown_by_number_or_e_mail(operator: Operator, world: World) -> None:
    anna = world.account("700001", email=MAIL, display_name="[b]Anna\x1b")
    world.phone(anna)
    for who in ("700 001", MAIL.upper()):
        told = operator("account", "show", who)
        assert told.exit_code == 0
        for part in ("700001", MAIL, "[b]Anna�", "+491701234711", "an", anna.id):
            assert part in told.output
    assert "argon2" not in told.output


def test_a_shared_e_mail_asks_for_the_number(operator: Operator, world: World) -> None:
    world.account("700001", email=MAIL)
    world.account("700002", email=MAIL)
    told = operator("account", "show", MAIL)
    assert told.exit_code == 1
    assert "700001" in told.stderr
    assert "700002" in told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("account", "show", "9"),
        ("account", "delete", "9", "--yes"),
        ("account", "delete", MAIL, "--yes"),
        ("account", "unlock", "9"),
        ("account", "forget-browsers", "9"),
        ("account", "two-factor", "9", "on"),
        ("device", "list", "9"),
        ("device", "revoke", "9", "x"),
        ("events", "9"),
    ],
    ids=" ".join,
)
def test_who_is_not_there_is_said_in_one_sentence(operator: Operator, world: World, words: tuple[str, ...]) -> None:
    world.account("700001", email=MAIL)
    told = operator(*words)
    assert told.exit_code == 1
    assert "Kein Zugang passt auf" in told.stderr


def test_deleting_asks_first_and_then_leaves_nothing(operator: Operator, world: World) -> None:
    anna = world.account("700001", email=MAIL)
    world.phone(anna)
    told = operator("account", "delete", "700001", typed="\n")
    assert told.exit_code == 1
    assert "Es bleibt, wie es war." in told.stderr
    assert "Anna Berger" in told.output
    assert find_accounts("700001") == [anna.id]

    assert operator("account", "delete", "700 001", typed="j\n").exit_code == 0
    assert find_accounts("700001") == find_accounts(MAIL) == []


def test_a_deletion_that_was_broken_off_goes_on(operator: Operator, world: World) -> None:
    world.phone(world.account("700001", email=MAIL))
    world.aws.fails("BatchWriteItem", "Broken")
    told = operator("account", "delete", "700001", "--yes")
    assert told.exit_code == 1
    assert "AWS hat abgelehnt" in told.stderr
    world.aws.mends()
    assert operator("account", "delete", "700001", "--yes").exit_code == 0
    assert find_accounts("700001") == []


def test_an_export_is_for_its_owner_alone_and_holds_no_secret(operator: Operator, world: World, tmp_path: Path) -> None:
    anna = world.account("700001", email=MAIL)
    world.phone(anna)
    file, older = tmp_path / "anna.jsonl", tmp_path / "older.jsonl"
    older.touch(0o644)
    for one in (file, older):
        assert operator("account", "export", "700001", str(one), "--yes").exit_code == 0
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert rows[0]["access_number"] == "700001"
    assert rows[-1] == {"end": len(rows) - 2}
    assert AccountRow.get(anna.id, "ACCOUNT").password_hash not in file.read_text()


@pytest.mark.parametrize("typed", ["n\n", "\n", ""], ids=["no", "Enter", "nobody there"])
def test_an_export_never_replaces_a_file_in_silence(
    operator: Operator, world: World, tmp_path: Path, typed: str
) -> None:
    world.account("700001")
    file = tmp_path / "anna.jsonl"
    file.write_text("last year's")
    told = operator("account", "export", "700001", str(file), typed=typed)
    assert told.exit_code == 1
    assert "gibt es schon" in told.output
    assert "Es bleibt, wie es war." in told.stderr
    assert file.read_text() == "last year's"
    assert operator("account", "export", "700001", str(file), typed="j\n").exit_code == 0
    assert json.loads(file.read_text().splitlines()[-1]) == {"end": 2}


def test_an_export_that_breaks_leaves_the_file_that_was_there(operator: Operator, world: World, tmp_path: Path) -> None:
    world.account("700001")
    file, new = tmp_path / "anna.jsonl", tmp_path / "new.jsonl"
    file.write_text("last year's")
    world.aws.before("Query", lambda: world.aws.fails("Query", "Broken"))
    for one in (file, new):
        assert operator("account", "export", "700001", str(one), "--yes").exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["anna.jsonl"]
    assert file.read_text() == "last year's"


def test_an_export_goes_into_a_pipe_too(operator: Operator, world: World, tmp_path: Path) -> None:
    world.account("700001")
    pipe, heard = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    assert operator("account", "export", "700001", str(pipe)).exit_code == 0
    reader.join()
    assert json.loads(heard[0].splitlines()[-1]) == {"end": 2}


def test_a_file_that_cannot_be_written_is_one_sentence(operator: Operator, world: World, tmp_path: Path) -> None:
    world.account("700001")
    told = operator("account", "export", "700001", str(tmp_path / "none" / "anna.jsonl"))
    assert told.exit_code == 1
    assert "Die Datei lässt sich nicht" in told.stderr


def test_forgetting_browsers(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    token = world.trusted_browser(anna, world.phone(anna))
    assert "kennt keinen Browser mehr" in operator("account", "forget-browsers", "700001").output
    world.set(PASSWORD_TRIES=1)
    for _ in range(2):
        with pytest.raises((InvalidCredentials, TooManyAttempts)):
            world.start(anna, password="falsch", token=token)
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    assert "Bekannte Browser vergessen" in operator("events", "700001").output


def test_unlocking_and_two_factor(operator: Operator, world: World) -> None:
    jonas = world.account("700001", two_factor=True)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            world.start(jonas, password="falsch")
    with pytest.raises(TooManyAttempts):
        world.start(jonas)
    assert "ist entsperrt" in operator("account", "unlock", "700001").output
    assert "aus." in operator("account", "two-factor", "700001", "off").output
    assert world.start(jonas).login.state == "approved"
    history = operator("events", "700001").output
    assert "Zwei-Faktor-Anmeldung geändert" in history
    assert "Anmeldung freigegeben" in history or "Anmeldung abgelaufen" in history


def test_devices_are_listed_and_revoked(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    (device,) = world.devices(phone)
    assert "Annas Telefon" in operator("device", "list", "700001").output
    assert operator("device", "revoke", "700001", "Annas Telefon", typed="\n").exit_code == 1
    assert read_account(anna.id) == anna.__class__(**{**anna.__dict__, "active_devices": 1, "had_device": True})
    told = operator("device", "revoke", "700001", device["device_id"][:8], "--yes")
    assert "ist gesperrt" in told.output
    assert "gesperrt" in operator("device", "list", "700001").output
    assert "Kein Gerät" in operator("device", "revoke", "700001", "Fremdes", "--yes").stderr


def test_a_phone_that_names_another_by_its_own_id_is_not_mistaken_for_it(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    stolen = world.phone(anna)
    own = world.paired_phone(stolen, anna)
    thief = stolen.key.thumbprint[:12]
    rename_device(anna.id, own.key.thumbprint, name=thief, now=world.now)
    assert "mehrere Geräte" in operator("device", "revoke", "700001", thief, "--yes").stderr
    assert operator("device", "revoke", "700001", stolen.key.thumbprint, "--yes").exit_code == 0
    assert [device["state"] for device in world.devices(own) if device["current"]] == ["active"]


@pytest.mark.parametrize("name", ["[/a]", "[bold]Anna[/bold]", "[link=https://evil.example]x[/link]"])
def test_a_name_is_asked_about_as_it_is(operator: Operator, world: World, name: str) -> None:
    """It is the phone's holder who chose it: nothing in it is read as markup, or ends the command."""
    anna = world.account("700001", display_name=name)
    phone = world.phone(anna)
    rename_device(anna.id, phone.key.thumbprint, name=name, now=world.now)
    assert name in operator("device", "revoke", "700001", name, typed="n\n").output
    assert name in operator("account", "delete", "700001", typed="n\n").output
    assert operator("device", "revoke", "700001", name, typed="j\n").exit_code == 0


def test_the_history_says_why_and_from_where(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    started = world.start(anna, client_address=ELSEWHERE)
    world.decide(phone, started.login.id, Deny("not_me"))
    told = operator("events", "700001")
    for part in (ELSEWHERE, "Chrome · Windows", "das war ich nicht", "Anmeldung abgelehnt", "Gerät registriert"):
        assert part in told.output
    assert "keine Stelle" in operator("events", "700001", "--before", "!").stderr


def test_a_long_history_comes_in_pages(operator: Operator, world: World) -> None:
    anna = world.account("700001", two_factor=False)
    for _ in range(52):
        world.start(anna)
    first = operator("events", "700001").output
    cursor = first.rpartition("--before ")[2].strip()
    assert "Ältere" in first
    assert operator("events", "700001", "--before", cursor).output.count("Anmeldung") == 2


def test_without_a_deployment_the_operator_is_asked_for_one() -> None:
    told = CliRunner().invoke(app, ["account", "show", "1"], env={"SMARTIDENT_STACK": ""})
    assert told.exit_code == 1
    assert "--stack NAME" in told.stderr


def test_a_laptop_without_a_stack_says_how_to_start_one() -> None:
    told = CliRunner().invoke(app, ["account", "show", "1", "--local", "--port", "1"])
    assert told.exit_code == 1
    assert "make run" in told.stderr


def test_an_unknown_stack_is_one_sentence(world: World) -> None:
    told = CliRunner().invoke(app, ["account", "show", "1", "--stack", "none"])
    assert told.exit_code == 1
    assert "Der Stack none lässt sich nicht lesen" in told.stderr


def test_a_stack_without_a_setting_is_one_sentence(operator: Operator) -> None:
    told = operator("account", "create", "1", "--name", "A", typed=f"{PASSWORD}\n", ARGON2_TIME="many")
    assert told.exit_code == 1
    assert "ARGON2_TIME" in told.stderr


def test_english_is_spoken(operator: Operator, world: World) -> None:
    world.account("700001")
    assert "Two-factor login" in operator("account", "show", "700001", "--language", "en").output


def clock(at: int) -> str:
    return time.strftime("%d.%m.%Y %H:%M:%S", time.localtime(at))


def test_what_keeps_an_owner_out_is_shown_and_lifted(operator: Operator, world: World) -> None:
    jonas = world.account("700001", two_factor=False)
    assert "Fehlversuche           0" in operator("account", "show", "700001").output
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            world.start(jonas, password="falsch")
    with pytest.raises(TooManyAttempts):
        world.start(jonas, password="falsch")
    told = operator("account", "show", "700001").output
    assert f"5, zuletzt {clock(world.now)}" in told
    assert f"Gesperrt bis           {clock(world.now + 30)}" in told
    document = json.loads(operator("account", "show", "700001", "--json").stdout)
    assert (len(document["failed_attempts"]), document["locked_until"]) == (5, [world.now + 30])
    assert operator("account", "unlock", "700001").exit_code == 0
    assert "Gesperrt" not in operator("account", "show", "700001").output
    assert world.start(jonas).login.state == "approved"


def test_the_wait_after_unanswered_logins_is_shown_and_lifted(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    world.phone(anna)
    for _ in range(3):
        world.later(1)
        started = world.start(anna)
        cancel_login(started.login.id, started.token, now=world.now)
    with pytest.raises(TooManyAttempts):
        world.start(anna)
    assert f"Nächste Anmeldung ab   {clock(world.now + 60)}" in operator("account", "show", "700001").output
    assert operator("account", "unlock", "700001").exit_code == 0
    assert "Nächste Anmeldung" not in operator("account", "show", "700001").output
    world.later(1)
    assert world.start(anna).login.state == "pending"


def test_the_wait_after_the_days_sms_is_shown_and_lifted(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    world.set(SMS_PER_ACCOUNT_DAY=1)
    world.register(anna, world.new_phone())
    tomorrow = (world.now // DAY + 1) * DAY
    assert f"Neues Telefon ab       {clock(tomorrow)}" in operator("account", "show", "700001").output
    document = json.loads(operator("account", "show", "700001", "--json").stdout)
    assert document["next_registration_at"] == tomorrow
    assert operator("account", "unlock", "700001").exit_code == 0
    assert "Neues Telefon" not in operator("account", "show", "700001").output


def test_whoever_shares_an_e_mail_is_told_to_go_by_the_number(operator: Operator, world: World) -> None:
    words = ("account", "create", "700001", "--name", "Anna", "--email", MAIL, "--json")
    alone = operator(*words, typed=f"{SECRET}\n")
    assert json.loads(alone.stdout)["found_by_email"] is True
    assert "Zugangsnummer" not in alone.stderr
    world.account("700002")
    told = operator("account", "set-email", "700002", MAIL, "--json")
    assert json.loads(told.stdout)["found_by_email"] is False
    assert "auch dieser, geht nur mit seiner Zugangsnummer" in told.stderr


def test_the_sixth_account_of_one_e_mail_is_told_to_go_by_its_number(operator: Operator, world: World) -> None:
    for number in range(700_001, 700_006):
        world.account(f"{number}", email=MAIL)
    words = ("account", "create", "700006", "--name", "Anna", "--email", MAIL)
    told = operator(*words, typed=f"{SECRET}\n")
    assert told.exit_code == 0
    assert "geht nur mit seiner Zugangsnummer" in told.stderr
    world.account("700007")
    told = operator("account", "set-email", "700007", MAIL)
    assert told.exit_code == 0
    assert "geht nur mit seiner Zugangsnummer" in told.stderr
    assert "Hinweis" not in operator("account", "set-email", "700007", "other@example.test").stderr


@pytest.fixture
def people(world: World) -> None:
    world.account("700001", display_name="Anna Berger", email=MAIL, phone="+491701234711")
    world.account("700002", display_name="Jonas Weiß", phone="+491709998877", two_factor=False)
    world.account("800003", display_name="Änne Bergmann")
    with pytest.raises(InvalidCredentials):
        world.start(replace(world.account("1", display_name="Z"), number="nobody"), password="falsch")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("700002", ["700002"]),
        ("700 002", ["700002"]),
        (MAIL.upper(), ["700001"]),
        ("berg", ["700001", "800003"]),
        ("WEISS", ["700002"]),
        ("0170 99988", ["700002"]),
        ("berger@", ["700001"]),
        ("A\u0308nne\u00a0Bergmann", ["800003"]),
        ("\u202d700002\u202c", ["700002"]),
        ("\u0660\u0661\u0667\u0660\u200b99988", ["700002"]),
        ("7000", ["700001", "700002"]),
    ],
)
def test_accounts_are_found_by_whatever_is_known(operator: Operator, text: str, numbers: list[str]) -> None:
    told = operator("account", "find", text, "--json")
    assert told.exit_code == 0, told.stderr
    assert sorted(account["access_number"] for account in json.loads(told.stdout)["accounts"]) == numbers


def test_who_is_not_found_is_said(operator: Operator, world: World) -> None:
    told = operator("account", "find", "Berger")
    assert told.exit_code == 1
    assert "Kein Zugang passt auf Berger." in told.stderr


@pytest.mark.usefixtures("people")
def test_accounts_are_listed_a_page_at_a_time(operator: Operator) -> None:
    seen: list[str] = []
    after: list[str] = []
    while True:
        page = json.loads(operator("account", "list", "--limit", "2", "--json", *after).stdout)
        assert len(page["accounts"]) <= 2
        seen += [account["access_number"] for account in page["accounts"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert sorted(seen) == ["1", "700001", "700002", "800003"]
    told = operator("account", "list", "--limit", "3").output
    assert "Weitere: --after " in told
    assert "argon2" not in told
    assert "keine Stelle der Liste" in operator("account", "list", "--after", "x").stderr
