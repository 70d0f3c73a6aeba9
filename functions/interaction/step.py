"""OpenID Connect, second part: the login page shows who asks, and turns an approved login into the client's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from smartident.clients.client_cache import find_client
from smartident.errors import LoginNotFound, OriginRefused
from smartident.logins.transitions import complete_login
from smartident.logins.uniform_login import login_flow
from smartident.oauth.codes import Grant, issue_code
from smartident.oidc.answer import answer_uri
from smartident.oidc.interaction import open_interaction
from smartident.oidc.pushed_request import used_by_login
from smartident.tokens.id_token import PASSKEY, TWO_FACTORS, acr_of
from smartident.tokens.trust_token import earned_token

if TYPE_CHECKING:
    from smartident.clients.client import Client
    from smartident.logins.login import Login
    from smartident.oidc.authorization_request import AuthorizationRequest
    from smartident.oidc.interaction import Interaction

MAX_LENGTH = 8192


class Finish(Struct, forbid_unknown_fields=True):
    """What the login page sends once the phone has approved."""

    interaction: Annotated[str, Meta(min_length=1, max_length=MAX_LENGTH)]
    login_id: Annotated[str, Meta(min_length=3, max_length=128)]


def show_client(interaction: str, *, browser_secret: str, issuer: str, now: int) -> dict[str, object]:
    """Who asks, whom it expects, and how the person goes back without a login."""
    request = open_interaction(interaction, browser_secret=browser_secret, now=now).request
    client = _client(request, now=now)
    refused = {"error": "access_denied", "error_description": "the person went back"}
    return {
        "client_id": client.id,
        "name": client.name,
        "host": client.host,
        "login_hint": request.login_hint,
        "cancel_to": answer_uri(request.redirect_uri, issuer=issuer, state=request.state, **refused),
    }


def finish_interaction(
    ask: Finish, login_token: str, *, browser_secret: str, origin: str, issuer: str, now: int
) -> dict[str, object]:
    """Where the browser goes with its code: once a login, and again the same within thirty seconds.

    Raises LoginNotFound, LoginPending, LoginDenied, LoginExpired or OriginRefused.
    """
    if origin and origin != issuer:
        raise OriginRefused
    opened = open_interaction(ask.interaction, browser_secret=browser_secret, now=now)
    request = opened.request
    _client(request, now=now)
    login_flow().check_visible(ask.login_id, now=now)
    login, _ = complete_login(ask.login_id, login_token, now=now)
    login_flow().after_completion(login, now=now)
    if login.client != request.client_id:
        raise LoginNotFound("a login to another client")
    answer = _answer(login, opened, now=now)
    told: dict[str, object] = {
        "redirect_to": answer_uri(request.redirect_uri, issuer=issuer, state=request.state, **answer)
    }
    # The password alone earns no trust: only a phone says that the browser is the owner's.
    return told if login.decided_by is None else {**told, "trusted_browser": earned_token(login)}


def _answer(login: Login, interaction: Interaction, *, now: int) -> dict[str, str]:
    """The code, or that the login does not reach what the client wants (OpenID Connect Unmet Requirements)."""
    request = interaction.request
    wanted = request.acr_values.split()
    # Of several, the client takes any.
    by_phone_alone = PASSKEY in wanted and TWO_FACTORS not in wanted and acr_of(login.amr) != PASSKEY
    if by_phone_alone or (TWO_FACTORS in wanted and "mfa" not in login.amr):
        description = "no passkey was used" if by_phone_alone else "the account has no second factor"
        return {"error": "unmet_authentication_requirements", "error_description": description}
    granted = Grant(request.redirect_uri, request.scope, request.nonce, request.code_challenge, request.dpop_jkt)
    also = () if interaction.pushed is None else (used_by_login(interaction.pushed, login.id),)
    return {"code": issue_code(login, granted, also=also, now=now)}


def _client(request: AuthorizationRequest, *, now: int) -> Client:
    """The client as it is now; raises LoginNotFound if it was removed, or may not be answered there any more."""
    client = find_client(request.client_id, now=now)
    if client is None or not client.uses_oauth or request.redirect_uri not in client.redirect_uris:
        raise LoginNotFound("client removed")
    return client
