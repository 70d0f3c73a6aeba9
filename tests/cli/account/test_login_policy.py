"""`smartident account set-login-policy`, `smartident client change`: what an operator lets people log in with."""

from __future__ import annotations

import json

import pytest

from smartident.errors import PasskeyRequired
from smartident.passkeys.passkey import passkey_id_of
from smartident_client import base64url
from smartident_client.login_passkey import ELIGIBLE, PRESENT, VERIFIED
from tests.cli.operator import Operator
from tests.support.login_passkey import LoginPasskey, made, removed, signed_in
from tests.support.passkey_policy import with_two_passkeys
from tests.support.world import World

LIVES = "https://depot.example.test"


def test_an_operator_demands_a_passkey_and_allows_the_phone_later(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    with_two_passkeys(world, anna)
    told = operator("account", "set-login-policy", "700001", "passkey_only")
    assert "Anmeldung für 700001: nur mit Passkey" in told.output
    with pytest.raises(PasskeyRequired):
        world.start(anna)
    assert "nur mit Passkey" in operator("account", "show", "700001").output
    told = operator("account", "set-login-policy", "700001", "phone_or_passkey", "--json")
    assert json.loads(told.stdout)["starts_at"] > world.now
    assert json.loads(operator("account", "show", "700001", "--json").stdout)["login_policy"] == "passkey_only"
    assert "Erlaubte Anmeldung geändert" in operator("events", "700001").output


def test_two_passkeys_have_to_be_there(operator: Operator, world: World) -> None:
    world.account("700001")
    told = operator("account", "set-login-policy", "700001", "passkey_only")
    assert (told.exit_code, "hat weder zwei Passkeys noch" in told.stderr) == (1, True)


@pytest.mark.parametrize("changed", [{"PASSKEY_RP_ID": "example.test"}, {"SYNCED_PASSKEYS": "refused"}], ids=str)
def test_passkeys_that_log_in_no_more_are_not_counted(
    operator: Operator, world: World, changed: dict[str, str]
) -> None:
    owner = with_two_passkeys(world, world.account("700001"))
    made(world, owner.session, LoginPasskey(flags=PRESENT | VERIFIED | ELIGIBLE))
    session = signed_in(world, owner.phone, world.started(owner.account))
    removed(world, session, passkey_id_of(base64url.encode(owner.passkeys[0].credential_id)))
    told = operator("account", "set-login-policy", "700001", "passkey_only", **changed)
    assert (told.exit_code, "hat weder zwei Passkeys noch" in told.stderr) == (1, True)
    told = operator("account", "set-login-policy", "700001", "passkey_only")
    assert "nur mit Passkey" in told.output


def test_an_operator_demands_a_passkey_at_a_client(operator: Operator) -> None:
    added = operator(
        *("client", "add", "depot", "--name", "Depot", "--origin", LIVES, "--redirect-uri", f"{LIVES}/in"),
        *("--login-policy", "passkey_only", "--json"),
    )
    assert json.loads(added.stdout)["login_policy"] == "passkey_only"
    assert "nur mit Passkey" in operator("client", "show", "depot").output
    told = operator("client", "change", "depot", "--login-policy", "phone")
    assert "Anmeldung bei depot: nur mit dem Telefon" in told.output
    assert json.loads(operator("client", "show", "depot", "--json").stdout)["login_policy"] == "phone"


@pytest.mark.parametrize(
    ("client", "said"), [("financeapp", "dort steht LoginPolicy"), ("nobody", "gibt es nicht")], ids=["own", "none"]
)
def test_what_is_no_client_of_the_table_has_no_policy_there(operator: Operator, client: str, said: str) -> None:
    told = operator("client", "change", client, "--login-policy", "phone")
    assert (told.exit_code, said in told.stderr) == (1, True)
