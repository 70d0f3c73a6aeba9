"""OpenID Connect, first part: a client's request is checked and handed to the login page, or answered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from smartident.accounts.account import read_account
from smartident.clients.client_cache import find_client
from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.crypto.random import digest, new_login_token
from smartident.errors import LoginNotFound
from smartident.logins.reading import read_login
from smartident.oauth.codes import issue_code_silently
from smartident.oauth.oauth_errors import Unredirectable
from smartident.oidc import discovery
from smartident.oidc.answer import answer_uri
from smartident.oidc.authorization_request import check_client, check_may_ask, check_request, refuse_repeated
from smartident.oidc.grant import grant_of
from smartident.oidc.interaction import seal
from smartident.oidc.pushed_request import PREFIX, find_request, used_by_login
from smartident.oidc.reuse import is_enough
from smartident.sessions.session import find_session
from smartident.settings import settings
from smartident.storage.writes import retry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.oidc.authorization_request import AuthorizationRequest
    from smartident.oidc.interaction import Cookies
    from smartident.sessions.session import Session
    from smartident.storage.operations import Again

LOGIN_PAGE = "/financeapp/"


class Begun(NamedTuple):
    """Where the browser goes, and the secret that binds what it carries to it, if the person is to log in."""

    location: str
    secret: str | None


def begin_authorization(parameters: Mapping[str, str], cookies: Cookies, *, issuer: str, now: int) -> Begun:
    """The client's own page with a code for who is signed in, or the login page; raises OAuthError.

    The login page gets the interaction in its fragment, which no server sees: it carries the request, sealed, and
    nothing is stored. A browser keeps its secret, so that two tabs go well.
    """
    if issuer not in settings().client_origins:
        raise Unredirectable("no login page under the issuer's own address")
    client = find_client(parameters.get("client_id") or "?", now=now)
    request_uri = parameters.get("request_uri", "")
    if client is not None and request_uri.startswith(PREFIX):
        # What was pushed counts alone; whatever else stands in the link does not (RFC 9126 4).
        request, pushed = find_request(request_uri, client_id=client.id, now=now), digest(request_uri)
    else:
        request, pushed = check_request(check_client(client, parameters), parameters, issuer=issuer), None
    # What was pushed may lead where the client has nothing any more.
    policy = check_client(client, {"redirect_uri": request.redirect_uri}).asks(None).login_policy
    code = retry(lambda _: _silent_code(request, cookies.session, pushed, policy=policy, now=now), None)
    if code is not None:
        return Begun(answer_uri(request.redirect_uri, issuer=issuer, state=request.state, code=code), None)
    check_may_ask(request)
    secret = cookies.secret or new_login_token()
    sealed = seal(request, browser_secret=secret, pushed=pushed, now=now)
    return Begun(f"{issuer}{LOGIN_PAGE}#interaction={sealed}", secret)


def refuse(once: Mapping[str, str], *, now: int) -> NoReturn:
    """Refuse a request that has a parameter twice; `once` is what came once. Raises OAuthError."""
    refuse_repeated(find_client(once.get("client_id") or "?", now=now), once)


def _silent_code(
    request: AuthorizationRequest, cookie: str, pushed: str | None, *, policy: str, now: int
) -> str | Again[None] | None:
    """The code for who is signed in, where that is enough for the client."""
    session = find_session(cookie, policy=policy, now=now) if cookie else None
    if session is None or not is_enough(session, request, now=now):
        return None
    if policy == PASSKEY_ONLY and not _began_by_demanded_passkey(session, now=now):
        return None
    also = () if pushed is None else (used_by_login(pushed, session.id),)
    try:
        return issue_code_silently(session, grant_of(request), client_id=request.client_id, also=also, now=now)
    except LoginNotFound:
        raise Unredirectable("request_uri was used") from None


def _began_by_demanded_passkey(session: Session, *, now: int) -> bool:
    """Whether the passkey of the session's login is one that such a client would take at its own login."""
    from smartident.passkeys.passkey import demanded_from, read_passkey  # noqa: PLC0415  few clients demand a passkey

    try:
        used = read_login(session.login_id).decided_by
    except LoginNotFound:
        return False
    account = read_account(session.account_id)
    passkey = None if account is None or used is None else read_passkey(account, used)
    return passkey is not None and demanded_from(passkey) <= now


def provider_metadata(issuer: str) -> tuple[dict[str, object], int]:
    """What clients learn by themselves, and for how many seconds anybody may keep it."""
    return discovery.metadata(issuer), discovery.MAX_AGE
