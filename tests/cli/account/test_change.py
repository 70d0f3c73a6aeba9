"""`smartident account set-…`: a password, a phone number or an e-mail set anew, and how its owner learns of it."""

from __future__ import annotations

import pytest

from smartident.accounts.account import (
    read_account,
)
from smartident.accounts.external_ids import external_ids_of
from smartident.accounts.names import (
    find_accounts,
)
from smartident.errors import InvalidCredentials
from tests.cli.operator import Operator
from tests.support.world import World

SECRET = "Geheim!-Kanarienvogel"


def test_a_new_password_is_read_from_a_pipe_and_shown_nowhere(operator: Operator, world: World) -> None:
    anna = world.account("700001", two_factor=False)
    told = operator("account", "set-password", "700 001", typed=f"{SECRET}\n")
    assert told.exit_code == 0, told.output
    assert "hat ein neues Passwort" in told.output
    assert SECRET not in told.output + told.stderr
    assert world.start(anna, password=SECRET).login.state == "approved"
    with pytest.raises(InvalidCredentials):
        world.start(anna)
    assert "Passwort geändert" in operator("events", "700001").output


def test_a_new_number_and_a_new_e_mail_are_spelled_their_one_way(operator: Operator, world: World) -> None:
    anna = world.account("700001", email="anna@example.test")
    assert "+491709998877" in operator("account", "set-phone", "anna@example.test", "0170 9998877").output
    assert "neu@example.test" in operator("account", "set-email", "700001", " Neu@Example.test ").output
    changed = read_account(anna.id)
    assert changed
    assert (changed.phone, changed.email) == ("+491709998877", "neu@example.test")
    assert find_accounts("neu@example.test") == [anna.id]
    history = operator("events", "700001").output
    assert "Telefonnummer geändert" in history
    assert "E-Mail geändert" in history
    assert "998877" not in history
    assert "keine Telefonnummer mehr" in operator("account", "set-phone", "700001", "").output
    assert operator("account", "set-email", "700001", "").exit_code == 0
    assert find_accounts("neu@example.test") == []


def test_a_number_can_be_taken_away(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    assert "keine Telefonnummer mehr" in operator("account", "set-phone", "700001", "").output
    changed = read_account(anna.id)
    assert changed
    assert changed.phone is None


def test_a_client_knows_an_account_by_a_name_of_its_own(operator: Operator, world: World) -> None:
    world.account("700001")
    told = operator("account", "set-external-id", "700001", "financeapp", " K-42 ")
    assert "financeapp kennt Zugang 700001 als: K-42." in told.output
    assert "financeapp=K-42" in operator("account", "show", "700001").output
    history = operator("events", "700001").output
    assert "Kennung bei einer Anwendung geändert" in history
    assert "K-42" not in history
    world.account("700002")
    taken = operator("account", "set-external-id", "700002", "financeapp", "K-42")
    assert (taken.exit_code, "kennt schon einen anderen" in taken.stderr) == (1, True)
    assert operator("account", "set-external-id", "700001", "financeapp", "").exit_code == 0
    assert operator("account", "set-external-id", "700002", "financeapp", "K-42").exit_code == 0


@pytest.mark.parametrize(
    ("client", "name", "said"),
    [("nobody", "K-42", "diese Anwendung gibt es nicht"), ("financeapp", "x" * 129, "keine Kennung")],
    ids=["no client", "too long"],
)
def test_what_is_no_name_of_a_client(client: str, name: str, said: str, operator: Operator, world: World) -> None:
    world.account("700001")
    told = operator("account", "set-external-id", "700001", client, name)
    assert told.exit_code != 0
    assert said in told.stderr


def test_an_account_is_made_with_the_names_of_its_clients(operator: Operator, world: World) -> None:
    words = ("--name", "Anna Berger", "--external-id", "financeapp=K-42")
    assert operator("account", "create", "700001", *words, typed="Vier-Esel-42\n").exit_code == 0
    (account_id,) = find_accounts("700001")
    found = read_account(account_id)
    assert found is not None
    assert external_ids_of(found) == {"financeapp": "K-42"}
    again = operator("account", "create", "700002", *words, typed="Vier-Esel-42\n")
    assert (again.exit_code, "unter dieser Kennung" in again.stderr) == (1, True)
    for wrong in (("financeapp",), ("financeapp=A", "--external-id", "financeapp=B"), ("nobody=A",)):
        told = operator("account", "create", "700003", "--name", "Bea", "--external-id", *wrong, typed="Vier-Esel-42\n")
        assert told.exit_code != 0
    assert find_accounts("700003") == []


def test_a_number_that_gets_no_sms_is_noted(operator: Operator, world: World) -> None:
    world.account("700001")
    assert "sendet der Dienst keine SMS" in operator("account", "set-phone", "700001", "+5511961234567").stderr


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("set-password", "700001"), "", "password"),
        (("set-password", "700001"), "x" * 1025, "zu lang"),
        (("set-phone", "700001", "110"), "", "keine gültige Telefonnummer"),
        (("set-phone", "700001", " "), "", "keine gültige Telefonnummer"),
        (("set-email", "700001", "anna"), "", "keine E-Mail-Adresse"),
        (("set-password", "9"), SECRET, "Kein Zugang passt auf"),
        (("set-phone", "9", "0170 9998877"), "", "Kein Zugang passt auf"),
        (("set-email", "9", "a@example.test"), "", "Kein Zugang passt auf"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_changed(
    operator: Operator, world: World, words: tuple[str, ...], typed: str, said: str
) -> None:
    anna = world.account("700001", two_factor=False)
    told = operator("account", *words, typed=f"{typed}\n")
    assert told.exit_code == 1
    assert said in told.stderr
    assert read_account(anna.id) == anna
    assert world.start(anna).login.state == "approved"
