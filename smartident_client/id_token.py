"""What FinanceApp does with the id_token: verify it against the service's public keys."""

from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jwt import ClaimsOption

from smartident_client.wire import NotAsPromised, Wire

ALGORITHM = "ES256"
TWO_FACTORS = {"pwd", "mfa"}
LEEWAY = 60
THERE = ClaimsOption(essential=True)


class PublicKeys(msgspec.Struct):
    """The service's public keys (RFC 7517)."""

    keys: list[dict[str, str | list[str]]]


def verified_claims(id_token: str, *, wire: Wire, client: str, now: int) -> dict[str, Any]:
    """Verify signature, issuer, audience, expiry, the two factors and the session; tell the claims."""
    keys = wire.send("GET", "/.well-known/jwks.json", answer=PublicKeys).keys
    promised = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "value": wire.url},
        aud={"essential": True, "value": client},
        **dict.fromkeys(("sub", "iat", "exp", "auth_time", "jti", "amr", "acr", "sid"), THERE),
    )
    try:
        token = jwt.decode(id_token, KeySet([ECKey.import_key(key) for key in keys]), algorithms=[ALGORITHM])
        promised.validate(token.claims)
    except (JoseError, ValueError) as error:
        raise NotAsPromised(f"id_token: {error}") from None
    if not set(token.claims["amr"]) >= TWO_FACTORS:
        raise NotAsPromised(f"id_token: amr {token.claims['amr']} does not say two factors")
    return token.claims
