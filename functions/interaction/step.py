"""OpenID Connect, second part: the login page shows who asks, and turns an approved login into the client's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from msgspec import Meta, Struct

from smartident.clients.client_cache import find_client
from smartident.clients.login_policy import allows
from smartident.errors import LoginNotFound, OriginRefused
from smartident.logins.transitions import complete_login
from smartident.logins.uniform_login import login_flow
from smartident.oauth.codes import issue_code
from smartident.oidc.answer import answer_uri
from smartident.oidc.grant import grant_of
from smartident.oidc.interaction import open_interaction
from smartident.oidc.pushed_request import used_by_login
from smartident.oidc.reuse import unmet
from smartident.sessions.transitions import begin
from smartident.storage.operations import Again
from smartident.storage.writes import retry
from smartident.tokens.trust_token import earned_token

if TYPE_CHECKING:
    from smartident.clients.client import Client
    from smartident.logins.login import Login
    from smartident.oidc.authorization_request import AuthorizationRequest
    from smartident.oidc.interaction import Cookies, Interaction

MAX_LENGTH = 8192


class Finished(NamedTuple):
    """What the page hears, and the session that the browser keeps from now on, if it keeps one."""

    told: dict[str, object]
    session: str | None


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
    ask: Finish, login_token: str, cookies: Cookies, *, origin: str, issuer: str, now: int
) -> Finished:
    """Where the browser goes with its code: once a login, and again the same within thirty seconds.

    Raises LoginNotFound, LoginPending, LoginDenied, LoginExpired or OriginRefused.
    """
    if origin and origin != issuer:
        raise OriginRefused
    opened = open_interaction(ask.interaction, browser_secret=cookies.secret, now=now)
    request = opened.request
    client = _client(request, now=now)
    login_flow().check_visible(ask.login_id, now=now)
    login, _ = complete_login(ask.login_id, login_token, now=now)
    login_flow().after_completion(login, now=now)
    if login.client != request.client_id:
        raise LoginNotFound("a login to another client")
    if not allows(client.login_policy, login.amr):
        raise LoginNotFound("the client asks for another way to log in by now")
    answer, session = retry(lambda _: _answer(login, opened, cookies.session, now=now), None)
    told: dict[str, object] = {
        "redirect_to": answer_uri(request.redirect_uri, issuer=issuer, state=request.state, **answer)
    }
    # The password alone earns no trust: only a phone says that the browser is the owner's.
    told |= {} if login.decided_by is None else {"trusted_browser": earned_token(login)}
    return Finished(told, session)


def _answer(
    login: Login, interaction: Interaction, cookie: str, *, now: int
) -> tuple[dict[str, str], str | None] | Again[None]:
    """The code and the session, or that it is not the login that the client wants (Unmet Requirements)."""
    request = interaction.request
    if request.subject not in {None, login.account_id}:
        return {"error": "login_required", "error_description": "somebody else logged in"}, None
    missing = unmet(request.acr_values, login.amr)
    if missing is not None:
        return {"error": "unmet_authentication_requirements", "error_description": missing}, None
    also = () if interaction.pushed is None else (used_by_login(interaction.pushed, login.id),)
    session = begin(login, cookie=cookie, now=now)
    code = issue_code(login, grant_of(request), session=session, also=also, now=now)
    if isinstance(code, Again):
        return code
    return {"code": code}, None if session is None else session.cookie


def _client(request: AuthorizationRequest, *, now: int) -> Client:
    """The client as it is now; raises LoginNotFound if it was removed, or may not be answered there any more."""
    client = find_client(request.client_id, now=now)
    if client is None or not client.uses_oauth or request.redirect_uri not in client.redirect_uris:
        raise LoginNotFound("client removed")
    return client
