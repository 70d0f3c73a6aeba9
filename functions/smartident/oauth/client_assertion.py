"""private_key_jwt (RFC 7523, with the audience of rfc7523bis): a JWT by one of the client's own keys, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeGuard

from pynamodb.attributes import UnicodeAttribute

from smartident.crypto.jwk import header_of, payload_of, public_key
from smartident.crypto.random import digest, random_id
from smartident.oauth.oauth_errors import InvalidClient
from smartident.storage import client_keys
from smartident.storage.operations import FailedConditions, Put
from smartident.storage.table import Row
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.clients.client import Client

KIND = "ASSERTION"
MAX_LIFETIME = 600
# A client's clock may be this much ahead; the conformance suite sends 8 s, which must pass, and 60 s, which must not.
MAX_CLOCK_SKEW = 30
MAX_JTI_LENGTH = 255
TYPES = {None, "JWT", "client-authentication+jwt"}


class AssertionRow(Row, discriminator="assertion"):
    """`OAUTH#<digest>` | `ASSERTION`: an assertion that was used, kept until it is over by itself."""

    # Tells one's own write from that of a replay.
    use = UnicodeAttribute()


def claimed_client(assertion: str) -> str:
    """The client that an assertion says it is of, not verified yet; raises InvalidClient."""
    try:
        # The payload, read as a header is: JSON in base64url, of bounded length.
        client_id = header_of(".".join((assertion.split(".")[1], "", ""))).get("sub")
    except (ValueError, IndexError):
        raise InvalidClient("the assertion is no JWT") from None
    if not isinstance(client_id, str):
        raise InvalidClient("the assertion names no client")
    return client_id


def check_assertion(assertion: str, client: Client, *, issuer: str, now: int) -> None:
    """Raise InvalidClient unless one of the client's keys signed this for us, just now and never before."""
    claims = _verified(assertion, client)
    if claims.get("iss") != client.id or claims.get("sub") != client.id:
        raise InvalidClient("iss and sub must be the client")
    # The issuer itself, and neither a list nor an endpoint: another server's assertion must not fit here.
    if claims.get("aud") != issuer:
        raise InvalidClient("aud must be the issuer")
    expires_at, jti = claims.get("exp"), claims.get("jti")
    if not _is_time(expires_at) or not now < expires_at <= now + MAX_LIFETIME + MAX_CLOCK_SKEW:
        raise InvalidClient("exp is missing, over or too far ahead")
    for name in ("iat", "nbf"):
        if name in claims and not (_is_time(claims[name]) and claims[name] <= now + MAX_CLOCK_SKEW):
            raise InvalidClient(f"{name} is ahead")
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI_LENGTH:
        raise InvalidClient("jti is missing")
    _use_once(client.id, jti, expires_at=int(expires_at))


def _verified(assertion: str, client: Client) -> dict[str, Any]:
    try:
        header = header_of(assertion)
    except ValueError:
        raise InvalidClient("the assertion is no JWT") from None
    if header.get("typ") not in TYPES or "crit" in header:
        raise InvalidClient("typ of the assertion")
    kid = header.get("kid")
    for jwk in json.loads(client.jwks or '{"keys":[]}')["keys"]:
        if kid is None or jwk.get("kid") in {None, kid}:
            try:
                return _claims(payload_of(assertion, public_key(jwk, field="jwks")))
            except ValueError:
                continue
    raise InvalidClient("no key of the client signed the assertion")


def _use_once(client_id: str, jti: str, *, expires_at: int) -> None:
    key = client_keys.of_client(KIND, digest(json.dumps([client_id, jti])))
    row = AssertionRow(*key, use=random_id(), ttl=expires_at + MAX_CLOCK_SKEW)

    def on_conflict(_: FailedConditions) -> None:
        raise InvalidClient("the assertion was used before")

    write(Put(row, is_own=lambda found: found.use == row.use), on_conflict=on_conflict)


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        raise InvalidClient("the assertion has no claims") from None
    if not isinstance(claims, dict):
        raise InvalidClient("the assertion has no claims")
    return claims


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
