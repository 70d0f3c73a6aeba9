"""OpenID Connect, first part: a client's request is checked and handed to the login page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartident.clients.client_cache import find_client
from smartident.crypto.random import digest, new_login_token
from smartident.oauth.oauth_errors import Unredirectable
from smartident.oidc import discovery
from smartident.oidc.authorization_request import check_client, check_may_ask, check_request
from smartident.oidc.interaction import seal
from smartident.oidc.pushed_request import PREFIX, find_request
from smartident.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGIN_PAGE = "/financeapp/"


class Begun(NamedTuple):
    """Where the browser goes, and the secret that binds what it carries to it."""

    location: str
    secret: str


def begin_authorization(parameters: Mapping[str, str], *, browser_secret: str, issuer: str, now: int) -> Begun:
    """The login page with an interaction in its fragment, which no server sees; raises OAuthError.

    Nothing is stored: the page carries the request, sealed. A browser keeps its secret, so that two tabs go well.
    """
    if issuer not in settings().client_origins:
        raise Unredirectable("no login page under the issuer's own address")
    client = find_client(parameters.get("client_id") or "?", now=now)
    request_uri = parameters.get("request_uri", "")
    if client is not None and request_uri.startswith(PREFIX):
        # What was pushed counts alone; whatever else stands in the link does not (RFC 9126 4).
        request, pushed = find_request(request_uri, client_id=client.id, now=now), digest(request_uri)
    else:
        request, pushed = check_request(check_client(client, parameters), parameters), None
    check_may_ask(request)
    secret = browser_secret or new_login_token()
    sealed = seal(request, browser_secret=secret, pushed=pushed, now=now)
    return Begun(f"{issuer}{LOGIN_PAGE}#interaction={sealed}", secret)


def provider_metadata(issuer: str) -> tuple[dict[str, object], int]:
    """What clients learn by themselves, and for how many seconds anybody may keep it."""
    return discovery.metadata(issuer), discovery.MAX_AGE
