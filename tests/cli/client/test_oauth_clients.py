"""`smartident client add --auth …` and `rotate-secret`: clients of OpenID Connect, whose secret is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.clients.client_cache import find_client, forget_clients
from smartident.clients.client_secret import is_client_secret
from smartident_client.keys import Key
from tests.support.tax_app import client_row
from tests.support.world import ORIGIN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.operator import Operator
    from tests.support.world import World

ADD = ("client", "add", "shop", "--name", "Laden", "--redirect-uri", "https://shop.example.test/callback")


def test_a_secret_is_shown_once_and_is_the_clients(operator: Operator, world: World) -> None:
    told = json.loads(operator(*ADD, "--auth", "client_secret_basic", "--json").stdout)
    assert (told["auth_method"], told["origins"]) == ("client_secret_basic", [ORIGIN])
    client = find_client("shop", now=world.now)
    assert client is not None
    assert is_client_secret(client, told["client_secret"])
    assert told["client_secret"] not in str(client_row("shop").serialize())
    shown = operator("client", "show", "shop").output
    assert "client_secret_basic" in shown
    assert told["client_secret"] not in shown


def test_a_person_reads_the_secret_on_the_terminal(operator: Operator) -> None:
    assert "Client Secret, nur jetzt zu sehen: " in operator(*ADD, "--auth", "client_secret_post").output
    assert "Secret" not in operator("client", "add", "spa", *ADD[3:], "--auth", "none").output


def test_a_new_secret_replaces_the_one_before(operator: Operator, world: World) -> None:
    first = json.loads(operator(*ADD, "--auth", "client_secret_basic", "--json").stdout)["client_secret"]
    second = json.loads(operator("client", "rotate-secret", "shop", "--yes", "--json").stdout)["client_secret"]
    forget_clients()
    client = find_client("shop", now=world.now)
    assert client is not None
    assert is_client_secret(client, second)
    assert not is_client_secret(client, first)
    assert operator("client", "rotate-secret", "shop").exit_code == 1
    missing = operator("client", "rotate-secret", "nobody", "--yes")
    assert "mit einem Secret gibt es nicht" in missing.stderr


def test_a_client_brings_its_public_keys(operator: Operator, world: World, tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [{**Key.make().public_jwk(), "kid": "one"}]}), encoding="utf-8")
    assert operator(*ADD, "--auth", "private_key_jwt", "--keys", str(file)).exit_code == 0
    client = find_client("shop", now=world.now)
    assert client is not None
    assert json.loads(client.jwks or "")["keys"][0]["kid"] == "one"


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": [1]}',
        '{"keys": [{"kty": "oct", "k": "AA"}]}',
        json.dumps({"keys": [Key.make().private_jwk()]}),
        json.dumps({"keys": [Key.make().public_jwk()] * 9}),
    ],
    ids=["no JSON", "a list", "empty", "an object", "no key", "a shared secret", "a private key", "too many"],
)
def test_what_is_no_set_of_public_keys_is_refused(operator: Operator, tmp_path: Path, text: str) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(text, encoding="utf-8")
    told = operator(*ADD, "--auth", "private_key_jwt", "--keys", str(file))
    assert told.exit_code != 0
    assert "JWK Set" in told.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--auth", "magic"), "eines von none"),
        (("--auth", "private_key_jwt"), "gehören zu --auth private_key_jwt"),
        ((), "mindestens eine"),
    ],
    ids=["unknown", "no keys", "no origin"],
)
def test_what_does_not_fit_together_is_refused(operator: Operator, words: tuple[str, ...], said: str) -> None:
    told = operator(*ADD, *words)
    assert told.exit_code != 0
    assert said in told.stderr
