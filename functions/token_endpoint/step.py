"""OpenID Connect, third part: the client's server redeems its code, and asks who the person is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.oauth.access_tokens import check_access_token
from smartident.oauth.client_authentication import authenticate_client
from smartident.oauth.codes import ACCESS_LIFETIME, check_code, redeem
from smartident.oauth.oauth_errors import InvalidToken, OAuthError
from smartident.oidc.user_claims import user_claims
from smartident.tokens.id_token import claims_of, sign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.oauth.authorization import Authorization

CODE_GRANT = "authorization_code"


def give_tokens(authorization: str, parameters: Mapping[str, str], *, issuer: str, now: int) -> dict[str, object]:
    """The tokens for a code, once; raises OAuthError.

    The signature comes before the write: when KMS fails, the code is still good and the client asks again.
    """
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    if "grant_type" not in parameters:
        raise OAuthError("invalid_request", "grant_type is missing")
    if parameters["grant_type"] != CODE_GRANT:
        raise OAuthError("unsupported_grant_type", "grant_type must be authorization_code")
    for name in ("code", "redirect_uri", "code_verifier"):
        if name not in parameters:
            raise OAuthError("invalid_request", f"{name} is missing")
    granted = check_code(
        parameters["code"],
        client_id=client.id,
        redirect_uri=parameters["redirect_uri"],
        code_verifier=parameters["code_verifier"],
        now=now,
    )
    id_token = _id_token(granted, issuer=issuer, now=now)
    return {
        "access_token": redeem(granted, now=now),
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFETIME,
        "scope": granted.scope,
        "id_token": id_token,
    }


def tell_user(authorization: str, *, now: int) -> dict[str, str]:
    """Who the person is, as far as the access token's scope goes; raises InvalidToken."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken("no bearer token")
    granted, account = check_access_token(token.strip(), now=now)
    return user_claims(account, granted.scope)


def _id_token(granted: Authorization, *, issuer: str, now: int) -> str:
    return sign(
        claims_of(
            issuer=issuer,
            account_id=granted.account_id,
            login_id=granted.id,
            client_id=granted.client_id,
            nonce=granted.nonce,
            amr=granted.amr,
            decided_at=granted.auth_time,
            now=now,
        )
    )
