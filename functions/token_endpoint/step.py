"""OpenID Connect, third part: the client's server redeems its code, and asks who the person is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.clients.login_policy import allows
from smartident.oauth.access_tokens import check_access_token
from smartident.oauth.client_authentication import authenticate_client
from smartident.oauth.codes import ACCESS_LIFETIME, check_code, redeem
from smartident.oauth.oauth_errors import InvalidDpopProof, InvalidGrant, OAuthError, TokenMissing
from smartident.oauth.parameters import demand
from smartident.oauth.refresh import check_refresh_token, refresh
from smartident.oauth.refresh_tokens import refresh_token
from smartident.oauth.revocation import revoke_token
from smartident.oauth_dpop.binding import SCHEME as DPOP
from smartident.oauth_dpop.binding import check_access_key, check_code_key, check_refresh_key, key_of_client, used_key
from smartident.oauth_dpop.proof import proven_key, use_once
from smartident.oidc.authorization_request import check_client, check_request
from smartident.oidc.pushed_request import LIFETIME, push_request
from smartident.oidc.user_claims import user_claims
from smartident.storage.operations import Again
from smartident.storage.writes import retry
from smartident.tokens.id_token import claims_of, sign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.item.grant_epoch import Standing
    from smartident.clients.client import Client
    from smartident.crypto.dpop import Request
    from smartident.oauth.authorization import Authorization
    from smartident.oauth_dpop.proof import ProvenKey

CODE_GRANT, REFRESH_GRANT, CIBA_GRANT = "authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"


def give_tokens(
    authorization: str, parameters: Mapping[str, str], *, proof: Request | None, issuer: str, now: int
) -> dict[str, object]:
    """The tokens for a code or an approval, once, or for a refresh token, bound to the client's key if it proves one.

    The signature comes before the write: when KMS fails, the code is still good and the client asks again.
    Raises OAuthError.
    """
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    key = key_of_client(client, proof, now=now)
    grant = parameters.get("grant_type")
    if grant == CODE_GRANT:
        return _redeemed(parameters, client, key, issuer=issuer, now=now)
    if grant == REFRESH_GRANT:
        return _refreshed(parameters, client, key, issuer=issuer, now=now)
    if grant == CIBA_GRANT:
        return _polled(parameters, client, key, issuer=issuer, now=now)
    if grant is None:
        raise OAuthError("invalid_request", "grant_type is missing")
    raise OAuthError("unsupported_grant_type", "grant_type must be one of those that discovery names")


def revoke(authorization: str, parameters: Mapping[str, str], *, proof: Request | None, issuer: str, now: int) -> None:
    """End what a token of the client belongs to; raises OAuthError. Whether there was such a token is not told.

    A proof is not needed, because anybody who finds a token may end it, but a wrong one is refused.
    """
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    proven_key(proof, now=now)
    demand(parameters, "token")
    revoke_token(parameters["token"], client_id=client.id)


def push(
    authorization: str, parameters: Mapping[str, str], *, proof: Request | None, issuer: str, now: int
) -> dict[str, object]:
    """The reference to a client's request, checked as at the authorization endpoint (RFC 9126); raises OAuthError.

    A proof of the client's key binds the code to it (RFC 9449 10.1).
    """
    client = authenticate_client(authorization, parameters, issuer=issuer, now=now)
    request = check_request(check_client(client, parameters), parameters, issuer=issuer)
    key = proven_key(proof, now=now)
    if key is not None:
        if request.dpop_jkt not in {None, key.thumbprint}:
            raise InvalidDpopProof("dpop_jkt is another key")
        use_once(key, now=now)
        request = replace(request, dpop_jkt=key.thumbprint)
    return {"request_uri": push_request(request, now=now), "expires_in": LIFETIME}


def _redeemed(
    parameters: Mapping[str, str], client: Client, key: ProvenKey | None, *, issuer: str, now: int
) -> dict[str, object]:
    demand(parameters, "code", "redirect_uri", "code_verifier")
    granted, account = check_code(
        parameters["code"],
        client_id=client.id,
        redirect_uri=parameters["redirect_uri"],
        code_verifier=parameters["code_verifier"],
        now=now,
    )
    dpop_jkt = check_code_key(granted, key, now=now)
    id_token = _id_token(granted, account, client, nonce=granted.nonce, issuer=issuer, now=now)
    token, active = redeem(granted, dpop_jkt=dpop_jkt, now=now)
    return _answer(token, id_token, active)


def _refreshed(
    parameters: Mapping[str, str], client: Client, key: ProvenKey | None, *, issuer: str, now: int
) -> dict[str, object]:
    demand(parameters, "refresh_token")

    def attempt(overtaken: bool) -> dict[str, object] | Again[bool]:  # noqa: FBT001  what `retry` hands on
        token = parameters["refresh_token"]
        before, after, account = check_refresh_token(token, client_id=client.id, overtaken=overtaken, now=now)
        if not set(parameters.get("scope", "").split()) <= set(after.scope.split()):
            raise OAuthError("invalid_scope", "scope has more than was granted")
        after = replace(after, dpop_jkt=check_refresh_key(before, key, client))
        # Another id_token than the code's, so another `jti` (RFC 7519 4.1.7): clients accept each once.
        name = f"{after.id}.{after.refresh_generation}.{now}"
        id_token = _id_token(after, account, client, name=name, issuer=issuer, now=now)
        # The proof counts once, however often others are faster.
        if not overtaken:
            used_key(key, now=now)
        given = refresh(before, after, now=now)
        return Again(state=True) if given is None else _answer(given, id_token, after)

    return retry(attempt, False)  # noqa: FBT003  nobody was faster yet


def _polled(
    parameters: Mapping[str, str], client: Client, key: ProvenKey | None, *, issuer: str, now: int
) -> dict[str, object]:
    from smartident.ciba.poll import take_turn  # noqa: PLC0415  few clients poll: nobody else pays for loading it
    from smartident.ciba.tokens import give  # noqa: PLC0415  as above

    demand(parameters, "auth_req_id")
    if client.backchannel is None:
        raise OAuthError("unauthorized_client", "this client may ask no phone by itself")
    request = take_turn(parameters["auth_req_id"], client_id=client.id, now=now)
    given = give(
        request,
        parameters["auth_req_id"],
        dpop_jkt=used_key(key, now=now),
        sign=lambda granted, account: _id_token(granted, account, client, issuer=issuer, now=now),
        now=now,
    )
    return _answer(given.access_token, given.id_token, given.authorization)


def _answer(access_token: str, id_token: str, granted: Authorization) -> dict[str, object]:
    told: dict[str, object] = {
        "access_token": access_token,
        "token_type": "Bearer" if granted.dpop_jkt is None else "DPoP",
        "expires_in": ACCESS_LIFETIME,
        "scope": granted.scope,
        "id_token": id_token,
    }
    refresh_with = refresh_token(granted)
    return told if refresh_with is None else {**told, "refresh_token": refresh_with}


def tell_user(authorization: str, *, proof: Request | None, now: int) -> dict[str, str]:
    """Who the person is, as far as the access token's scope goes; raises InvalidToken."""
    scheme, _, told = authorization.partition(" ")
    scheme, token = scheme.lower(), told.strip()
    if scheme not in {"bearer", DPOP} or not token:
        raise TokenMissing
    granted, account = check_access_token(token, now=now)
    check_access_key(granted, scheme, token, proof, now=now)
    return user_claims(account, granted.scope)


def _id_token(
    granted: Authorization,
    account: Standing,
    client: Client,
    *,
    name: str | None = None,
    nonce: str | None = None,
    issuer: str,
    now: int,
) -> str:
    """Of whatever was granted before, or waited: what the client demands of a login holds now."""
    if not allows(client.login_policy, granted.amr):
        raise InvalidGrant("the client asks for another way to log in by now")
    return sign(
        claims_of(
            issuer=issuer,
            account_id=granted.account_id,
            login_id=name or granted.id,
            client_id=granted.client_id,
            sid=granted.sid,
            nonce=nonce,
            external_id=account.known_as.get(granted.client_id),
            amr=granted.amr,
            decided_at=granted.auth_time,
            now=now,
        ),
        alg=client.id_token_alg,
    )
