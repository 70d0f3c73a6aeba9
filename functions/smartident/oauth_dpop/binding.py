"""What is bound to a client's key (RFC 9449): access tokens, a public client's refresh tokens, and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.clients.client import NONE
from smartident.oauth.oauth_errors import InvalidDpopProof, InvalidGrant, InvalidToken
from smartident.oauth_dpop.proof import ProvenKey, proven_key, use_once

if TYPE_CHECKING:
    from smartident.clients.client import Client
    from smartident.crypto.dpop import Request
    from smartident.oauth.authorization import Authorization

SCHEME = "dpop"


def key_of_client(client: Client, proof: Request | None, *, now: int) -> ProvenKey | None:
    """The key to which the client wants its tokens bound; raises InvalidDpopProof, also where it must have one."""
    key = proven_key(proof, now=now)
    if key is None and client.require_dpop:
        raise InvalidDpopProof("this client must prove its key")
    return key


def check_code_key(granted: Authorization, key: ProvenKey | None, *, now: int) -> str | None:
    """The thumbprint to bind the tokens of a code to; raises InvalidGrant if the code is bound to another key."""
    if granted.dpop_jkt is not None and (key is None or key.thumbprint != granted.dpop_jkt):
        raise InvalidGrant("the code is bound to another key")
    return used_key(key, now=now)


def check_refresh_key(granted: Authorization, key: ProvenKey | None, client: Client) -> str | None:
    """The thumbprint to bind the next tokens to; its proof is still to be used.

    A public client shows the same key, or a stolen refresh token would do. Any other proved who it is already, and may
    have changed its key (RFC 9449 5), but never goes on without one. Raises InvalidDpopProof or InvalidGrant.
    """
    if granted.dpop_jkt is not None:
        if key is None:
            raise InvalidDpopProof("the tokens are bound to a key")
        if client.auth_method == NONE and key.thumbprint != granted.dpop_jkt:
            raise InvalidGrant("the refresh token is bound to another key")
    return None if key is None else key.thumbprint


def check_access_key(granted: Authorization, scheme: str, token: str, proof: Request | None, *, now: int) -> None:
    """Raise InvalidToken unless a bound token comes with a proof by its key, and another one comes alone."""
    if (scheme == SCHEME) != (granted.dpop_jkt is not None):
        raise InvalidToken("a bound token wants the scheme DPoP, any other Bearer", scheme="DPoP")
    if granted.dpop_jkt is None:
        return
    try:
        key = proven_key(proof, access_token=token, now=now)
        if key is None or key.thumbprint != granted.dpop_jkt:
            raise InvalidToken("no proof by the key of the token", scheme="DPoP")
        use_once(key, now=now)
    except InvalidDpopProof as error:
        raise InvalidToken(error.description, error=error.error, scheme="DPoP") from None


def used_key(key: ProvenKey | None, *, now: int) -> str | None:
    """The thumbprint to bind tokens to, or None; its proof counts once. Raises InvalidDpopProof."""
    if key is None:
        return None
    use_once(key, now=now)
    return key.thumbprint
