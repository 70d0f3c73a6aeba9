"""How a client of OpenID Connect proves itself: what an operator says of it, and the secret that it gets once."""

import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from smartident.clients.client import AUTH_METHODS, PRIVATE_KEY_JWT, SECRET_METHODS
from smartident.clients.client_secret import client_secret_mac, new_client_secret
from smartident.crypto.algorithms import ID_TOKEN_ALGS, RS256
from smartident.crypto.jwk import public_key
from smartident.errors import InvalidRequest
from smartident.settings import settings
from smartident_cli.deployment import Deployment
from smartident_cli.doctor.health_checks import ask
from smartident_cli.invalid_field import InvalidField

MAX_KEYS = 8
MAX_FILE = 16_384
AuthMethod = Annotated[
    str, typer.Option("--auth", help=f"It speaks OpenID Connect, and proves itself by: {', '.join(AUTH_METHODS)}.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--keys", help="Its public keys for private_key_jwt: a JWK set in JSON.", exists=True, dir_okay=False),
]

OfflineAccess = Annotated[
    bool, typer.Option("--offline-access", help="It may refresh its tokens for 30 days without asking the phone.")
]
RequireDpop = Annotated[
    bool, typer.Option("--require-dpop", help="It binds its tokens to a key of its own, always (DPoP, RFC 9449).")
]
IdTokenAlg = Annotated[
    str,
    typer.Option(help=f"What signs its id_tokens: {', '.join(ID_TOKEN_ALGS)} (RsaSigningKeys)."),
]


def valid_id_token_alg(alg: str, deployment: Deployment) -> str:
    """An algorithm that the service says it signs by; raises InvalidField."""
    if alg not in ID_TOKEN_ALGS:
        raise InvalidField("id_token_alg", "id_token_alg_unfit", algs=", ".join(ID_TOKEN_ALGS))
    if alg == RS256 and RS256 not in _signs_by(deployment):
        raise InvalidField("id_token_alg", "no_rsa_key")
    return alg


def _signs_by(deployment: Deployment) -> list[str]:
    try:
        told = ask(deployment, "GET", "/.well-known/openid-configuration").json()
        return list(told["id_token_signing_alg_values_supported"])
    except (httpx.TransportError, ValueError, KeyError, TypeError):
        return []


def origins_or_login_page(origins: list[str], auth_method: str) -> list[str]:
    """The origins that were given; of a client of OpenID Connect those of the login page, where its people log in."""
    return origins or (list(settings().client_origins) if auth_method else [])


def credentials(client_id: str, auth_method: str, keys: Path | None) -> tuple[dict[str, Any], str | None]:
    """What the client's item has of its proof, and the secret that only the operator sees; raises InvalidField."""
    if auth_method and auth_method not in AUTH_METHODS:
        raise InvalidField("auth", "auth_method_unfit", methods=", ".join(AUTH_METHODS))
    if (keys is not None) != (auth_method == PRIVATE_KEY_JWT):
        raise InvalidField("keys", "keys_unfit")
    if not auth_method:
        return {}, None
    if auth_method in SECRET_METHODS:
        secret = new_client_secret()
        return {"auth_method": auth_method, "secret_mac": client_secret_mac(client_id, secret)}, secret
    return {"auth_method": auth_method, **({"jwks": valid_jwks(keys)} if keys else {})}, None


def valid_jwks(file: Path) -> str:
    """The JWK set of a file, in the table's form; raises InvalidField for anything but public signing keys."""
    try:
        found = json.loads(file.read_bytes()[: MAX_FILE + 1])["keys"]
        if not isinstance(found, list) or not 0 < len(found) <= MAX_KEYS:
            raise InvalidField("keys", "jwks_unfit", most=MAX_KEYS)
        for jwk in found:
            public_key(dict(jwk), field="keys")
        kept = json.dumps({"keys": found}, separators=(",", ":"), sort_keys=True)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidRequest):
        raise InvalidField("keys", "jwks_unfit", most=MAX_KEYS) from None
    return kept
