"""`smartident client add --auth …` and `rotate-secret`: clients of OpenID Connect, whose secret is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
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


def test_a_client_may_have_to_bind_its_tokens_to_a_key(operator: Operator, world: World) -> None:
    told = json.loads(operator(*ADD, "--auth", "none", "--require-dpop", "--json").stdout)
    client = find_client("shop", now=world.now)
    assert client is not None
    assert (told["require_dpop"], client.require_dpop) == (True, True)


class Discovery(httpx.Client):
    """A service that signs by RS256."""

    def __init__(self, **_: Any) -> None:
        told = {"id_token_signing_alg_values_supported": ["ES256", "RS256"]}
        super().__init__(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=told)))


def test_rs256_is_for_a_stack_that_has_a_key_for_it(
    operator: Operator, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (*ADD, "--auth", "none", "--id-token-alg", "RS256")
    monkeypatch.setattr(httpx, "Client", Silent)
    assert "RsaSigningKeys ist leer" in operator(*asked).stderr
    assert "eines von ES256, RS256" in operator(*asked[:-1], "HS256").stderr
    monkeypatch.setattr(httpx, "Client", Discovery)
    assert operator(*asked).exit_code == 0
    client = find_client("shop", now=world.now)
    assert client is not None
    assert client.id_token_alg == "RS256"


class Silent(httpx.Client):
    """A service that does not answer."""

    def __init__(self, **_: Any) -> None:
        super().__init__(transport=httpx.MockTransport(lambda _: httpx.Response(502)))


def test_an_operator_changes_what_is_named_and_nothing_else(
    operator: Operator, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpx, "Client", Discovery)
    operator(*ADD, "--auth", "none", "--offline-access")
    change = ("client", "change", "shop")
    assert "nichts zu ändern" in operator(*change).stderr
    told = json.loads(operator(*change, "--id-token-alg", "RS256", "--require-dpop", "--name", "Shop", "--json").stdout)
    assert (told["id_token_alg"], told["require_dpop"], told["name"], told["offline_access"]) == (
        "RS256",
        True,
        "Shop",
        True,
    )
    operator(*change, "--redirect-uri", "https://other.example.test/", "--no-offline-access")
    forget_clients()
    client = find_client("shop", now=world.now)
    assert client is not None
    assert (client.redirect_uris, client.offline_access, client.require_dpop) == (
        ("https://other.example.test/",),
        False,
        True,
    )
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [Key.make().public_jwk()]}), encoding="utf-8")
    assert "private_key_jwt" in operator(*change, "--keys", str(file)).stderr
    assert "gibt es nicht" in operator("client", "change", "nobody", "--name", "X").stderr


def test_new_keys_replace_those_before(operator: Operator, world: World, tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    for kid in ("one", "two"):
        file.write_text(json.dumps({"keys": [{**Key.make().public_jwk(), "kid": kid}]}), encoding="utf-8")
        keys = ("--keys", str(file))
        asked = (*ADD, "--auth", "private_key_jwt", *keys) if kid == "one" else ("client", "change", "shop", *keys)
        assert operator(*asked).exit_code == 0
    forget_clients()
    client = find_client("shop", now=world.now)
    assert client is not None
    assert [one["kid"] for one in json.loads(client.jwks or "")["keys"]] == ["two"]


def test_a_client_without_openid_connect_has_no_tokens_to_change(operator: Operator) -> None:
    operator(*ADD, "--origin", "https://shop.example.test")
    assert "kein OpenID Connect" in operator("client", "change", "shop", "--require-dpop").stderr
    assert operator("client", "change", "shop", "--name", "X").exit_code == 0


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


LOGOUT = ("--post-logout-redirect-uri", "https://shop.example.test/bye", "--backchannel-logout-uri")


def test_a_client_says_where_a_logout_leads_and_is_heard(operator: Operator, world: World) -> None:
    told = operator(*ADD, "--auth", "none", *LOGOUT, "https://shop.example/logout", "--json")
    shown = json.loads(told.stdout)
    assert shown["post_logout_redirect_uris"] == ["https://shop.example.test/bye"]
    assert shown["backchannel_logout_uri"] == "https://shop.example/logout"
    client = find_client("shop", now=world.now)
    assert client is not None
    assert client.backchannel_logout_uri == "https://shop.example/logout"
    assert "https://shop.example/logout" in operator("client", "show", "shop").output


@pytest.mark.parametrize(
    "uri",
    [
        "http://shop.example/",
        "https://10.0.0.1/",
        "https://metadata.internal/",
        "https://shop.example:8443/",
        "https://a@b.example/",
    ],
)
def test_ssrf_an_address_inside_a_network_is_not_stored(operator: Operator, uri: str) -> None:
    told = operator(*ADD, "--auth", "none", *LOGOUT, uri)
    assert told.exit_code != 0
    assert "keine öffentliche Adresse" in told.stderr


def test_only_a_client_of_openid_connect_logs_out(operator: Operator) -> None:
    told = operator(*ADD, "--origin", ORIGIN, *LOGOUT[:2])
    assert told.exit_code != 0
    assert "abmelden kann nur" in told.stderr


def test_where_people_go_after_a_logout_is_an_address(operator: Operator) -> None:
    told = operator(*ADD, "--auth", "none", "--post-logout-redirect-uri", "https://shop.example/#a")
    assert told.exit_code != 0


def test_an_operator_changes_where_a_logout_leads_and_is_heard(operator: Operator) -> None:
    operator(*ADD, "--auth", "none")
    told = json.loads(operator("client", "change", "shop", *LOGOUT, "https://shop.example/logout", "--json").stdout)
    assert told["post_logout_redirect_uris"] == ["https://shop.example.test/bye"]
    assert told["backchannel_logout_uri"] == "https://shop.example/logout"
    operator("client", "add", "plain", *ADD[3:], "--origin", ORIGIN)
    refused = operator("client", "change", "plain", *LOGOUT, "https://shop.example/logout")
    assert refused.exit_code != 0


def test_an_operator_takes_back_where_a_logout_leads_and_is_heard(operator: Operator, world: World) -> None:
    operator(*ADD, "--auth", "none", *LOGOUT, "https://shop.example/logout")
    told = json.loads(operator("client", "change", "shop", "--no-backchannel-logout-uri", "--json").stdout)
    assert told["post_logout_redirect_uris"] == ["https://shop.example.test/bye"]
    operator("client", "change", "shop", "--no-post-logout-redirect-uri")
    client = find_client("shop", now=world.now)
    assert client is not None
    assert (client.post_logout_redirect_uris, client.backchannel_logout_uri) == ((), None)
