"""The steps of a key rotation: publish first, sign later, retire last. It asks neither AWS nor a clock."""

from dataclasses import dataclass
from enum import StrEnum

SLOTS = ("first", "second")
"""The two signing keys of template.yaml, which take turns."""
CACHES = 2
"""Caches in a row that may each keep a JWKS for its max-age: one in front of the service, and that of a verifier."""
CLOCK_LEEWAY = 300
"""Seconds by which the clock of a verifier may be slow, and for which it still accepts an expired token."""


class Stage(StrEnum):
    """What the next deployment of a rotation does."""

    PUBLISH = "publish"
    SIGN = "sign"
    RETIRE = "retire"


@dataclass(frozen=True)
class SigningKey:
    """A signing key of the stack: which of the two it is, its `kid`, and when KMS made it."""

    slot: str
    kid: str
    created_at: int


@dataclass(frozen=True)
class Step:
    """The next deployment of a rotation: what it does, its `SigningKeyOrder`, and the earliest time for it."""

    stage: Stage
    order: str
    not_before: int


def may_follow(before: str, after: str) -> bool:
    """Whether one deployment may lead from one `SigningKeyOrder` to another.

    During a shift tokens of both orders are about, and both JWKS. So either the signing key stays, or all keys do.
    """
    old, new = before.split(","), after.split(",")
    return old[0] == new[0] or set(old) == set(new)


def next_step(keys: tuple[SigningKey, ...], *, deployed_at: int, max_age: int, token_lifetime: int) -> Step:
    """The step after a deployment that reached everybody at `deployed_at`; the first of the keys signs."""
    signing, *others = keys
    if not others:
        (free,) = (slot for slot in SLOTS if slot != signing.slot)
        return Step(Stage.PUBLISH, f"{signing.slot},{free}", deployed_at)
    (other,) = others
    if other.created_at > signing.created_at:
        return Step(Stage.SIGN, f"{other.slot},{signing.slot}", deployed_at + CACHES * max_age)
    return Step(Stage.RETIRE, signing.slot, deployed_at + token_lifetime + CLOCK_LEEWAY)
