"""`--json` everywhere: one document for a program, and nothing cut on the way to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from smartident_cli.main import app
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.operator import Operator

LONG = "Anna-Katharina Freifrau von und zu Berger-Wittgenstein auf Hohenlohe-Schillingsfürst, geborene Müller"
MAIL = "anna.katharina.von.und.zu.berger-wittgenstein.auf.hohenlohe@mail.verwaltung.example.test"


def commands(command: Any, *words: str) -> Iterator[tuple[str, ...]]:
    """Every command that does something, by the words that it is typed with."""
    found = getattr(command, "commands", None)
    if found is None:
        yield words
    else:
        for word, one in found.items():
            yield from commands(one, *words, word)


@pytest.mark.parametrize("words", list(commands(get_command(app))), ids=" ".join)
def test_every_command_answers_a_program(words: tuple[str, ...]) -> None:
    found: Any = get_command(app)
    for word in words:
        found = found.commands[word]
    assert "--json" in {option for one in found.params for option in one.opts}


def answer(operator: Operator, *words: str, typed: str = "", code: int = 0) -> Any:
    told = operator(*words, "--json", typed=typed)
    assert told.exit_code == code, told.output
    return json.loads(told.stdout)


def test_an_account_is_told_with_the_names_of_the_import(operator: Operator, world: World) -> None:
    made = answer(operator, "account", "create", "700001", "--name", "Anna\u202e", typed=f"{PASSWORD}\n")
    told = answer(operator, "account", "show", "700001")
    assert told | {"email": None, "phone": None, "active_devices": 0} == told
    assert (told["access_number"], told["display_name"], told["two_factor"]) == ("700001", "Anna", True)
    assert told["account_id"] == made["account_id"]


def test_what_was_changed_is_told(operator: Operator, world: World, tmp_path: Path) -> None:
    anna = world.account("700001")
    phone = world.phone(anna)
    device_id = phone.key.thumbprint
    assert answer(operator, "account", "set-email", "700001", "a@b.de")["email"] == "a@b.de"
    assert answer(operator, "account", "set-phone", "700001", "0170 9998877")["phone"] == "+491709998877"
    assert answer(operator, "account", "two-factor", "700001", "off")["two_factor"] is False
    assert (
        answer(operator, "account", "set-password", "700001", typed="Geheim!-Kanarienvogel\n")["changed"] == "password"
    )
    assert answer(operator, "account", "unlock", "700001")["unlocked"] is True
    assert answer(operator, "account", "forget-browsers", "700001")["browsers_forgotten"] is True
    assert answer(operator, "account", "freeze", "700001")["frozen"] is True
    assert answer(operator, "account", "show", "700001")["frozen"] is True
    assert answer(operator, "account", "open", "700001")["frozen"] is False
    assert answer(operator, "account", "export", "700001", str(tmp_path / "anna"))["rows"] > 2
    assert answer(operator, "device", "revoke", "700001", device_id, "--yes")["device_id"] == device_id
    (device,) = answer(operator, "device", "list", "700001")["devices"]
    assert (device["device_id"], device["state"]) == (device_id, "revoked")
    assert answer(operator, "account", "delete", "700001", "--yes")["deleted_rows"] > 2


def test_the_history_is_told_as_the_api_tells_it(operator: Operator, world: World) -> None:
    anna = world.account("700001", two_factor=False)
    world.start(anna)
    told = answer(operator, "events", "700001")
    assert told["next"] is None
    assert [event["type"] for event in told["events"]] == ["login_approved"]
    assert told["events"][0]["at"] == world.now


def test_an_import_tells_its_counts_and_each_bad_line(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("access_number,display_name,password\n1,A,Vier-Esel-42\n2,,Vier-Esel-42\n")
    told = answer(operator, "account", "import", str(file), code=1)
    assert (told["imported"], told["there_already"], told["bad"], told["written"]) == (1, 0, 1, True)
    assert [(bad["line"], bad["field"]) for bad in told["bad_lines"]] == [(3, "display_name")]


def test_a_question_never_gets_into_the_document(operator: Operator, world: World) -> None:
    world.account("700001")
    assert answer(operator, "account", "delete", "700001", typed="j\n")["access_number"] == "700001"


def test_what_is_refused_is_said_beside_it(operator: Operator) -> None:
    told = operator("account", "show", "9", "--json")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "Kein Zugang passt auf 9." in told.stderr


def test_nothing_is_cut_in_a_pipe(operator: Operator, world: World) -> None:
    """The operator of the tests is no terminal, and says that 200 columns are there."""
    anna = world.account("700001", display_name=LONG * 2, email=MAIL)
    world.phone(anna)
    told = operator("account", "show", "700001").stdout
    assert LONG * 2 in told
    assert MAIL in told
    assert anna.id in told
