"""A key rotation, deployment by deployment: whatever versions, JWKS and caches meet, every token verifies."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from smartident_cli.key.rotation import SigningKey, Stage, may_follow, next_step
from smartident_laptop.template import Template

ORDERS: list[str] = Template().document["Parameters"]["SigningKeyOrder"]["AllowedValues"]
# One whole rotation and the next one, back to the first slot.
ROTATIONS = ["first", "first,second", "second,first", "second", "second,first", "first,second", "first"]
MAX_AGE, LIFETIME, LEEWAY, SHIFT = 3600, 300, 300, 600


@dataclass(frozen=True)
class Release:
    """What one deployment makes of an order: what its versions are told, and what the roles allow from then on."""

    order: str
    keys: tuple[str, ...]
    may_sign: frozenset[str]
    may_read: frozenset[str]


def release(order: str) -> Release:
    template = Template(parameters={"SigningKeyOrder": order})
    keys = tuple(template.environment["SIGNING_KEYS"].split(","))
    return Release(order, keys, _allowed(template, "kms:Sign"), _allowed(template, "kms:GetPublicKey"))


def _allowed(template: Template, action: str) -> frozenset[str]:
    """The keys for which every role that has an action allows it: a function that lacks one would fail."""
    found = []
    for _, function in template.resources("AWS::Serverless::Function"):
        keys: set[str] = set()
        for statement in (one for policy in function.get("Policies", []) for one in policy["Statement"]):
            if statement.get("Effect") == "Allow" and action in statement["Action"]:
                resource: Any = template.resolve(statement["Resource"])
                keys.update([resource] if isinstance(resource, str) else resource)
        found += [keys] if keys else []
    return frozenset(set.intersection(*found))


RELEASES = {order: release(order) for order in ORDERS}
DEPLOYMENTS = [(a, b) for a, b in itertools.product(ORDERS, repeat=2) if may_follow(a, b)]
deployment = pytest.mark.parametrize(("before", "after"), DEPLOYMENTS)


def published(version: Release, roles: Release) -> set[str]:
    """What the JWKS of a version says under the roles of a deployment: the keys that it can read."""
    return {key for key in version.keys if key in roles.may_read}


@deployment
def test_both_versions_may_sign_under_the_roles_of_the_new_one_and_of_the_old_one(before: str, after: str) -> None:
    """The fault that this guards: roles that allow only the new key, while most callers meet the version before."""
    old, new = RELEASES[before], RELEASES[after]
    assert {old.keys[0], new.keys[0]} <= new.may_sign
    assert old.keys[0] in old.may_sign


@deployment
def test_no_token_bears_a_kid_that_a_jwks_in_service_lacks(before: str, after: str) -> None:
    """Cold or warm: the containers of both versions, under the roles of the new deployment and of the old one."""
    old, new = RELEASES[before], RELEASES[after]
    for version in (old, new):
        assert {old.keys[0], new.keys[0]} <= published(version, new)
    assert old.keys[0] in published(old, old)


@deployment
def test_a_deployment_that_goes_back_leaves_nothing_unsigned_or_unverified(before: str, after: str) -> None:
    """Aliases and roles return; tokens that the new version signed meanwhile still verify."""
    old, new = RELEASES[before], RELEASES[after]
    assert old.keys[0] in old.may_sign
    assert new.keys[0] in published(old, old)


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in itertools.product(ORDERS, repeat=2) if pair not in DEPLOYMENTS]
)
def test_what_one_deployment_may_not_do_would_break_a_login_or_a_token(before: str, after: str) -> None:
    old, new = RELEASES[before], RELEASES[after]
    signs = {old.keys[0], new.keys[0]}
    assert not (signs <= new.may_sign and signs <= published(old, new) and signs <= published(new, new))


def test_every_order_has_the_keys_that_it_names_and_no_other() -> None:
    names = {"first": "SigningKey", "second": "SecondSigningKey"}
    for order in ORDERS:
        template = Template(parameters={"SigningKeyOrder": order})
        assert {name for name, _ in template.resources("AWS::KMS::Key")} == {names[slot] for slot in order.split(",")}
        assert RELEASES[order].keys == tuple(f"{names[slot]}.Arn" for slot in order.split(","))
        assert RELEASES[order].may_sign == RELEASES[order].may_read == set(RELEASES[order].keys)
        (alias,) = (template.resolve(one) for _, one in template.resources("AWS::KMS::Alias"))
        assert alias["TargetKeyId"] == names[order.split(",")[0]]


# The walk with its clock


@dataclass(frozen=True)
class Service:
    """A version in service: from the start of the shift to it until the end of the shift away from it."""

    kids: tuple[str, ...]
    since: int
    until: int

    def token_is_about(self, jwks: Service) -> bool:
        """Whether somebody may hold a token of this version and a JWKS of that one at the same moment."""
        token_dies, jwks_dies = self.until + LIFETIME + LEEWAY, jwks.until + 2 * MAX_AGE
        return self.since < jwks_dies and jwks.since < token_dies


def rotated(hurry: Stage | None = None) -> tuple[list[Service], list[tuple[Stage | None, str]]]:
    """The versions and steps of two rotations, each at the earliest second; or a second before it where in a hurry."""
    order, now, made = "first", 10_000, {"first": 1}
    stage: Stage | None = None
    versions: list[Service] = []
    steps: list[tuple[Stage | None, str]] = []
    while len(steps) < len(ROTATIONS):
        made = {slot: made.get(slot, now) for slot in order.split(",")}
        keys = tuple(SigningKey(slot, f"{slot}-{at}", at) for slot, at in made.items())
        step = next_step(keys, deployed_at=now + SHIFT, max_age=MAX_AGE, token_lifetime=LIFETIME)
        then = step.not_before - (step.stage is hurry)
        versions.append(Service(tuple(key.kid for key in keys), now, then + SHIFT))
        steps.append((stage, order))
        order, stage, now = step.order, step.stage, then
    return versions, steps


def unverified(versions: list[Service]) -> list[tuple[str, tuple[str, ...]]]:
    """Tokens that a verifier refuses, with the JWKS that it holds."""
    pairs = itertools.product(versions, repeat=2)
    return [(a.kids[0], b.kids) for a, b in pairs if a.token_is_about(b) and a.kids[0] not in b.kids]


def test_tokens_verify_at_every_step_for_a_verifier_with_a_stale_and_with_a_fresh_jwks() -> None:
    versions, steps = rotated()
    assert unverified(versions) == []
    assert [order for _, order in steps] == ROTATIONS
    assert [stage for stage, _ in steps[1:]] == [Stage.PUBLISH, Stage.SIGN, Stage.RETIRE] * 2
    assert len({version.kids[0] for version in versions}) == 3


@pytest.mark.parametrize("stage", [Stage.SIGN, Stage.RETIRE])
def test_a_second_earlier_somebody_would_refuse_a_token(stage: Stage) -> None:
    assert unverified(rotated(hurry=stage)[0])


def test_every_step_is_one_that_a_deployment_may_do() -> None:
    assert all(may_follow(*pair) for pair in itertools.pairwise(ROTATIONS))
