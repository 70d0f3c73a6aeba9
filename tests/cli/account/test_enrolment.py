"""`smartident account enrolment-code`: what the operator hands over, in the terminal, as a picture and as a letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.audit_log import AuditRecordRow
from smartident.enrolment.issue import issue_enrolment_code
from smartident.enrolment.spelling import grouped
from smartident.errors import RegistrationWaiting
from smartident.freeze.freeze import freeze_account
from smartident_cli.export_file import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.operator import Operator
    from tests.support.world import World

ISSUE, CONFIRM = ("account", "enrolment-code", "700001"), ("account", "confirm-enrolment-code", "700001")
OTTO, MALLORY = "arn:aws:iam::1:user/otto", "arn:aws:iam::1:user/mallory"


def test_a_code_is_said_once_with_its_link_and_lets_a_phone_in(operator: Operator, world: World) -> None:
    anna, phone = world.account("700001", phone=None), world.new_phone()
    told = json.loads(operator(*ISSUE, "--json").output)
    assert told["link"].endswith(f"#/enrolment-code/{told['enrolment_code']}.700001")
    assert told["confirmed"]
    world.verify(world.enrol(anna, phone, told["enrolment_code"]), phone)
    rows = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    assert next(str(row.detail) for row in rows if row.type == "enrolment_code_issued").startswith("arn:aws:")


def test_a_person_reads_code_and_picture(operator: Operator, world: World) -> None:
    world.account("700001")
    told = operator(*ISSUE).output
    assert "Einrichtungscode für 700001" in told
    assert "\N{UPPER HALF BLOCK}" in told or "\N{FULL BLOCK}" in told or "\N{LOWER HALF BLOCK}" in told


def test_without_an_address_of_the_app_there_is_no_picture(operator: Operator, world: World) -> None:
    world.account("700001")
    assert "AppWebUrl" in operator(*ISSUE, APP_WEB_URL="").output


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("html", b"<!doctype")])
def test_a_file_is_its_owners_alone(
    operator: Operator, world: World, tmp_path: Path, ending: str, begins: bytes
) -> None:
    world.account("700001")
    file = tmp_path / f"code.{ending}"
    assert operator(*ISSUE, "--file", str(file)).exit_code == 0
    assert file.read_bytes().startswith(begins)
    assert file.stat().st_mode & 0o077 == 0


def test_a_letter_says_number_code_and_until_when(operator: Operator, world: World, tmp_path: Path) -> None:
    world.account("700001", display_name="Anna <Berger>")
    told = json.loads(operator(*ISSUE, "--letter", "--file", str(tmp_path / "anna.html"), "--json").output)
    letter = (tmp_path / "anna.html").read_text()
    assert grouped(told["enrolment_code"]) in letter
    assert "Anna &lt;Berger&gt;" in letter
    assert "700001" in letter
    assert "<svg" in letter


def test_what_is_there_already_or_ends_otherwise_is_not_written(
    operator: Operator, world: World, tmp_path: Path
) -> None:
    anna = world.account("700001")
    (tmp_path / "there.svg").write_text("kept")
    for name in ("there.svg", "code.pdf"):
        assert operator(*ISSUE, "--file", str(tmp_path / name)).exit_code == 1
    assert (tmp_path / "there.svg").read_text() == "kept"
    assert list(AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))) == []


def test_a_frozen_account_gets_no_code(operator: Operator, world: World) -> None:
    freeze_account(world.account("700001").id, operator="petra", now=world.now)
    told = operator(*ISSUE)
    assert (told.exit_code, "account open 700001" in told.stderr) == (1, True)


def test_one_operator_is_not_two(operator: Operator, world: World) -> None:
    world.account("700001")
    assert "confirm-enrolment-code 700001" in operator(*ISSUE, "--two-operators").output
    assert "selbst ausgestellt" in operator(*CONFIRM).stderr


def test_a_second_operator_confirms_what_another_one_issued(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    issue_enrolment_code(anna.id, issued_by=OTTO, two_operators=True, now=world.now)
    asked = operator(*CONFIRM, typed="n\n")
    assert (asked.exit_code, f"{OTTO} hat am" in asked.output) == (1, True)
    assert "gilt jetzt" in operator(*CONFIRM, typed="j\n").output


def test_a_second_operator_confirms_no_code_that_took_the_place_of_the_one_meant(
    operator: Operator, world: World
) -> None:
    anna = world.account("700001")
    for issuer in (OTTO, MALLORY):
        issue_enrolment_code(anna.id, issued_by=issuer, two_operators=True, now=world.now)
    told = operator(*CONFIRM, "--issued-by", OTTO)
    assert (told.exit_code, MALLORY in told.stderr) == (1, True)
    assert "gilt jetzt" in operator(*CONFIRM, "--issued-by", MALLORY).output


def test_there_may_be_nothing_to_confirm(operator: Operator, world: World) -> None:
    world.account("700001")
    assert "wartet kein Einrichtungscode" in operator(*CONFIRM).stderr


def test_a_phone_that_waits_in_place_of_a_lost_one_is_stopped(operator: Operator, world: World) -> None:
    world.set(LOST_PHONE_DELAY=48)
    anna, phone = world.account("700001", email="anna@example.test"), world.new_phone()
    world.phone(anna)
    assert "wartet kein Telefon" in operator("account", "stop-registration", "700001").output
    registered = world.register(anna, phone, lost_phone=True)
    with pytest.raises(RegistrationWaiting):
        world.verify(registered, phone)
    assert "kommt nicht mehr hinzu" in operator("account", "stop-registration", "700001").output


@pytest.mark.parametrize(
    ("ends", "says", "code"), [(True, "wartet kein Telefon", 0), (False, "device list zeigt es", 1)]
)
def test_a_phone_that_waits_no_more_is_told_as_that(
    operator: Operator, world: World, ends: object, says: str, code: int
) -> None:
    world.set(LOST_PHONE_DELAY=48)
    anna, phone = world.account("700001", email="anna@example.test"), world.new_phone()
    world.phone(anna)
    registered = world.register(anna, phone, lost_phone=True)
    with pytest.raises(RegistrationWaiting):
        world.verify(registered, phone)
    if ends:
        operator("account", "freeze", "700001")
    else:
        world.later(48 * 3600)
        world.verify(registered, phone)
    told = operator("account", "stop-registration", "700001")
    assert says in told.output
    assert told.exit_code == code


def test_an_export_proves_that_a_code_was_issued_for_a_phone_beside_others(
    operator: Operator, world: World, tmp_path: Path
) -> None:
    anna, file, phone = world.account(), tmp_path / "anna.jsonl", world.new_phone()
    world.phone(anna)
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    world.verify(world.enrol(anna, phone, code), phone)
    write_export(anna, file, now=world.now)
    assert "Einrichtungscode" not in operator("receipts", "verify", str(file)).stderr
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row in rows:
        if row.get("type") == "enrolment_code_issued":
            row["type"] = "enrolment_code_confirmed"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = operator("receipts", "verify", str(file))
    assert "kein Einrichtungscode ausgestellt" in told.output + told.stderr
