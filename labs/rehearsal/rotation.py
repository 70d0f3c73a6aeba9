"""The signing key changes, deployment by deployment: at each, callers meet new versions, old ones, and both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.rehearsal.deployment import deploy_again
from labs.rehearsal.front import ThroughFront, check_front, check_secrets, known_secrets
from labs.rehearsal.stack_template import http_url
from labs.rehearsal.walker import PAGE
from smartident_cli.key.rotation import may_follow
from smartident_cli.story.play import Differs
from smartident_client import base64url
from smartident_client.browser import Browser
from smartident_client.id_token import PublicKeys
from smartident_client.wire import WireError
from smartident_laptop.demo.accounts import JONAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labs.rehearsal.deployment import Deployment

FIRST = "first"
FRONTED = {"OneHost": "yes"}
DEPLOYMENTS = (
    {"SigningKeyOrder": "first,second", **FRONTED},
    {"SigningKeyOrder": "second,first", **FRONTED, "OriginSecretInUse": "second"},
    {"SigningKeyOrder": "second", **FRONTED, "OriginSecretInUse": "second", "FirstOriginSecretNumber": "2"},
)
"""The signing key is published, signs, is retired; the origin's secrets follow: both known, the other sent, one new."""
SIGNING, PUBLISHING = "Complete", "SigningKeys"


def rotate(
    deployment: Deployment,
    templates: Sequence[dict[str, Any]],
    parameters: Sequence[Mapping[str, str]],
) -> Deployment:
    """Deploy the whole rotation; raises Differs unless all tokens verify, whichever version and JWKS they meet."""
    order, stale, secrets = FIRST, _jwks(deployment, None), set[str]()
    for template, told, changed in zip(templates, parameters, DEPLOYMENTS, strict=True):
        following = changed["SigningKeyOrder"]
        if not may_follow(order, following):
            raise Differs(f"make deploy would stop at SigningKeyOrder={following} after {order}")
        before = deployment.live_versions()
        deployment = deploy_again(deployment, template, {**told, **changed})
        _meet(deployment, before, stale, following)
        check_secrets(deployment, secrets)
        if not secrets:
            check_front(deployment)
        secrets |= known_secrets(deployment)
        order, stale = following, _jwks(deployment, ThroughFront(deployment))
    return deployment


def _meet(deployment: Deployment, before: dict[str, str], stale: set[str], following: str) -> None:
    """Sign in through the front at each mixture of versions; raises Differs."""
    for name, versions in _mixtures(before, deployment.live_versions()):
        deployment.reach(versions)
        _sign_in(deployment, stale, f"SigningKeyOrder={following}, {name}")


def _mixtures(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What callers may meet during a shift, and after one that went back; the new versions come last."""
    yield "all versions put back", {**after, **before}
    yield "only the signing one put back", {**after, SIGNING: before[SIGNING]}
    yield "only the publishing one put back", {**after, PUBLISHING: before[PUBLISHING]}
    yield "all versions new", after


def _sign_in(deployment: Deployment, stale: set[str], where: str) -> None:
    """Sign somebody in; raises Differs unless the token's key is in the JWKS of now and in that of before."""
    try:
        with Browser(http_url(deployment.stand_in.url), origin=PAGE, transport=ThroughFront(deployment)) as browser:
            token = browser.complete(browser.start(JONAS.number, JONAS.password)).id_token
    except WireError as failed:
        raise Differs(f"{where}: nobody signs in: {failed}") from failed
    kid, fresh = key_of(token), _jwks(deployment, ThroughFront(deployment))
    for name, kids in (("fresh", fresh), ("stale", stale)):
        if kid not in kids:
            raise Differs(f"{where}: a {name} JWKS {sorted(kids)} lacks the token's key {kid}")


def key_of(token: str) -> str:
    """The `kid` of a token's header."""
    return str(json.loads(base64url.decode(token.partition(".")[0]))["kid"])


def _jwks(deployment: Deployment, transport: ThroughFront | None) -> set[str]:
    """The `kid`s that the service publishes."""
    with Browser(http_url(deployment.stand_in.url), transport=transport) as browser:
        keys = browser.wire.send("GET", "/.well-known/jwks.json", answer=PublicKeys).keys
    return {str(key["kid"]) for key in keys}
