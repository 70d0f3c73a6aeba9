"""The keys behind every id_token, published for whoever verifies one."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from joserfc.jwk import KeySet

from smartident import aws
from smartident.tokens import jwks
from smartident.tokens.id_token import key_name
from tests.support.log_lines import logged
from tests.support.world import TEMPLATE, World

ROUTE = ("GET", "/.well-known/jwks.json")
NOBODYS = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"


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


@pytest.mark.parametrize("unreadable", [NOBODYS, "RSA_2048"], ids=["not ours to read", "of another kind"])
@pytest.mark.parametrize("first", [True, False], ids=["it signs", "it is only published"])
def test_a_key_that_cannot_be_read_takes_no_other_with_it(world: World, unreadable: str, first: bool) -> None:
    good, bad = new_key(), unreadable if unreadable == NOBODYS else new_key(unreadable)
    world.set(SIGNING_KEYS=",".join([bad, good] if first else [good, bad]))
    with logged() as log:
        status, headers, body = world.http(*ROUTE)
    assert (status, [key["kid"] for key in body["keys"]]) == (200, [key_name(good)])
    assert headers["Cache-Control"] == "public, max-age=60"
    assert [line["event"] for line in log.lines("event")] == ["signing_key_unreadable"]


@pytest.mark.parametrize("failing", ["ThrottlingException", "KMSInternalException", "DependencyTimeoutException"])
def test_a_busy_kms_is_asked_again_and_no_set_without_the_signing_key_is_published(world: World, failing: str) -> None:
    old, new = new_key(), new_key()
    world.set(SIGNING_KEYS=f"{old},{new}")
    world.aws.fails("GetPublicKey", failing, times=1)
    status, headers, body = world.http(*ROUTE)
    assert (status, body["code"], headers["Cache-Control"]) == (503, "signing_unavailable", "no-store")
    assert len(world.http(*ROUTE)[2]["keys"]) == 2


def test_a_key_that_could_not_be_read_is_asked_for_again_and_then_kept(world: World) -> None:
    old, new = new_key(), new_key()
    world.set(SIGNING_KEYS=f"{old},{new}")
    world.aws.fails("GetPublicKey", "AccessDeniedException", times=1)
    assert [key["kid"] for key in world.http(*ROUTE)[2]["keys"]] == [key_name(new)]
    world.aws.calls.clear()
    for _ in range(2):
        _, headers, body = world.http(*ROUTE)
        assert [key["kid"] for key in body["keys"]] == [key_name(old), key_name(new)]
        assert headers["Cache-Control"] == "public, max-age=3600"
    assert world.aws.operations() == ["GetPublicKey"]


def test_a_kms_that_never_answers_is_given_up_before_the_function_ends(world: World) -> None:
    world.set(SIGNING_KEYS=f"{new_key()},{new_key()}")
    world.aws.vanishes("GetPublicKey")
    attempts: list[int] = []

    def noted(service: str, *, attempts: int, seen: list[int] = attempts) -> Any:
        seen.append(attempts)
        return aws.client(service, attempts=attempts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jwks, "client", noted)
        assert world.http(*ROUTE)[0] == 503
    longest = sum(attempts) * (aws.CONNECT_SECONDS + aws.READ_SECONDS)
    assert 0 < longest < TEMPLATE.functions["SigningKeys"].timeout


@pytest.mark.parametrize(("first", "rings"), [(True, 1), (False, 0)], ids=["it signs", "it is retired"])
def test_the_alarm_rings_for_a_denied_key_that_signs_and_not_for_a_retired_one(
    world: World,
    first: bool,
    rings: int,
) -> None:
    """The version before may no longer read a retired key: that must not take a shift back."""
    world.set(SIGNING_KEYS=",".join([NOBODYS, new_key()] if first else [new_key(), NOBODYS]))
    with logged() as log:
        world.http(*ROUTE)
    assert len(log.lines("fault")) == rings
