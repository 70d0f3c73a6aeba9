"""What a client may ask at the backchannel authentication endpoint (CIBA Core 7.1), checked parameter by parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from smartident.clients.backchannel import PING
from smartident.clients.client import NONE
from smartident.oauth.oauth_errors import OAuthError
from smartident.oidc.authorization_request import known_scopes
from smartident.settings import settings
from smartident.statements.login import UNKNOWN, RequestOrigin
from smartident.tokens.id_token import PASSKEY, TWO_FACTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.clients.backchannel import Backchannel
    from smartident.clients.client import Client

HINTS = ("login_hint", "id_token_hint", "login_hint_token")
MAX_HINT, MAX_BINDING_MESSAGE, MAX_AGENT = 254, 128, 512
# 128 bits in base64url are 22 characters; CIBA Core sets the upper bound.
MIN_TOKEN, MAX_TOKEN = 22, 1024
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class BackchannelRequest:
    """A request that may go on."""

    allowed: Backchannel
    scope: str
    lifetime: int
    # What the client tells of the person's browser.
    seen: RequestOrigin
    login_hint: str | None = field(default=None, repr=False)
    id_token_hint: str | None = field(default=None, repr=False)
    binding_message: str | None = field(default=None, repr=False)
    notification_token: str | None = field(default=None, repr=False)


def check_request(client: Client, parameters: Mapping[str, str]) -> BackchannelRequest:
    """The request of a client that may ask phones; raises OAuthError. What we do not know is ignored."""
    if client.backchannel is None or client.auth_method == NONE:
        raise OAuthError("unauthorized_client", "this client may ask no phone by itself")
    _check_refused(parameters)
    scope = known_scopes(parameters.get("scope", ""), offline_access=client.offline_access)
    if scope is None:
        raise OAuthError("invalid_scope", "scope must contain openid")
    return BackchannelRequest(
        allowed=client.backchannel,
        scope=scope,
        lifetime=_lifetime(parameters.get("requested_expiry")),
        seen=_seen(parameters),
        login_hint=parameters.get("login_hint"),
        id_token_hint=parameters.get("id_token_hint"),
        binding_message=_binding_message(parameters.get("binding_message")),
        notification_token=_notification_token(parameters) if client.backchannel.delivery == PING else None,
    )


def _check_refused(parameters: Mapping[str, str]) -> None:
    """What must not be ignored, because the client relies on it."""
    hints = [name for name in HINTS if name in parameters]
    if len(hints) != 1 or len(parameters.get("login_hint", "")) > MAX_HINT:
        raise OAuthError("invalid_request", "one of login_hint and id_token_hint is required, and only one")
    if hints == ["login_hint_token"]:
        raise OAuthError("invalid_request", "login_hint_token is not supported")
    if "request" in parameters:
        raise OAuthError("invalid_request", "signed authentication requests are not supported")
    if "authorization_details" in parameters:
        raise OAuthError("invalid_authorization_details", "no type of authorization_details is supported")
    wanted = parameters.get("acr_values", "").split()
    if PASSKEY in wanted and TWO_FACTORS not in wanted:
        raise OAuthError("unmet_authentication_requirements", "such a request reaches phones, and no passkey")


def _lifetime(asked: str | None) -> int:
    """The seconds that the request waits: no longer than any login."""
    most = settings().login_lifetime
    if asked is None:
        return most
    if not _SECONDS.fullmatch(asked) or int(asked) == 0:
        raise OAuthError("invalid_request", "requested_expiry is no number of seconds")
    return min(int(asked), most)


def _binding_message(message: str | None) -> str | None:
    """What the phone shows letter by letter: no sign that is not seen, and no blanks that a page would merge."""
    if message is not None:
        shown_exactly = message.isprintable() and message == " ".join(message.split())
        if not shown_exactly or len(message) > MAX_BINDING_MESSAGE:
            raise OAuthError("invalid_binding_message", f"binding_message: {MAX_BINDING_MESSAGE} visible signs at most")
    return message


def _notification_token(parameters: Mapping[str, str]) -> str:
    token = parameters.get("client_notification_token", "")
    if not MIN_TOKEN <= len(token) <= MAX_TOKEN or not _BEARER.fullmatch(token):
        raise OAuthError("invalid_request", "client_notification_token: a bearer token of 22 to 1,024 characters")
    return token


def _seen(parameters: Mapping[str, str]) -> RequestOrigin:
    """Where the person is, as the client tells it: no network of ours has seen it."""
    address = parameters.get("user_ip_address")
    try:
        told = UNKNOWN if address is None else str(ip_address(address))
    except ValueError:
        raise OAuthError("invalid_request", "user_ip_address is no IP address") from None
    return RequestOrigin(told, parameters.get("user_agent", "")[:MAX_AGENT], "", told_by_client=True)
