"""The keys behind every id_token, published for whoever verifies one."""

from __future__ import annotations

import boto3
import pytest
from joserfc.jwk import KeySet

from signing_keys.step import signing_keys
from smartident.tokens.id_token import key_name
from tests.support.world import World


@pytest.fixture(autouse=True)
def fresh_keys() -> None:
    signing_keys.cache_clear()


def new_key(spec: str = "ECC_NIST_P256") -> str:
    """The ARN of a new key in KMS."""
    return str(boto3.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"])


def test_the_keys_are_public_and_may_be_kept_for_an_hour(world: World) -> None:
    status, headers, body = world.http("GET", "/.well-known/jwks.json")
    assert (status, headers["Cache-Control"], headers["Content-Type"]) == (
        200,
        "public, max-age=3600",
        "application/json",
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    [key] = body["keys"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x", "y"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert len(key["x"]) == len(key["y"]) == 43
    assert KeySet.import_key_set(body)


def test_a_key_is_named_without_account_and_region() -> None:
    assert key_name("arn:aws:kms:eu-central-1:123456789012:key/1234-abcd") == "1234-abcd"
    assert key_name("1234-abcd") == "1234-abcd"


def test_while_keys_change_both_are_published_and_the_first_signs(world: World) -> None:
    old, new = new_key(), new_key()
    world.set(SIGNING_KEYS=f"{new},{old}")
    published = [key["kid"] for key in world.http("GET", "/.well-known/jwks.json")[2]["keys"]]
    assert published == [key_name(new), key_name(old)]
    world.aws.clear()
    session = world.complete(world.start(world.account(two_factor=False)))
    assert [call.ask["KeyId"] for call in world.aws.calls if call.operation == "Sign"] == [new]
    assert session["token_type"] == "Bearer"


def test_kms_is_asked_once_a_container(world: World) -> None:
    world.aws.clear()
    for _ in range(3):
        world.http("GET", "/.well-known/jwks.json")
    assert world.aws.operations() == ["GetPublicKey"]


@pytest.mark.parametrize(
    "failing", ["KMSInternalException", "AccessDeniedException", ""], ids=["busy", "denied", "away"]
)
def test_a_refusing_kms_asks_to_come_back_and_is_not_kept(world: World, failing: str) -> None:
    if failing:
        world.aws.fails("GetPublicKey", failing)
    else:
        world.aws.vanishes("GetPublicKey")
    status, headers, body = world.http("GET", "/.well-known/jwks.json")
    assert (status, body["code"], headers["Retry-After"]) == (503, "signing_unavailable", "1")
    assert headers["Cache-Control"] == "no-store"
    world.aws.mends()
    assert world.http("GET", "/.well-known/jwks.json")[0] == 200


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P384"])
def test_a_key_of_another_kind_is_not_published(world: World, spec: str) -> None:
    world.set(SIGNING_KEYS=new_key(spec))
    assert world.http("GET", "/.well-known/jwks.json")[2]["code"] == "signing_unavailable"
