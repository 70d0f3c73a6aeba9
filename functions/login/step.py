"""Step 6 of the story: identifier and password begin a login that waits for the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from smartident.accounts.password_attempts import begin_attempt
from smartident.clients.client_cache import check_client, check_origin
from smartident.logins.socket_tickets import SUBPROTOCOL
from smartident.logins.start import StartedLogin, start_or_refuse
from smartident.logins.transfer_code import grouped
from smartident.logins.uniform_login import login_flow
from smartident.passwords.authenticate import check_password
from smartident.rate_limiting.client_address import client_address_of
from smartident.rate_limiting.trusted_browser import MAX_TOKEN_LENGTH
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.statements.login import RequestOrigin


class Credentials(Struct, forbid_unknown_fields=True):
    """What the login page sends."""

    identifier: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    trusted_browser: Annotated[str, Meta(max_length=MAX_TOKEN_LENGTH)] | None = None
    nonce: Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[ -~]+\Z")] | None = None


def start_login(ask: Credentials, *, request_origin: RequestOrigin, browser_cookie: str = "", now: int) -> StartedLogin:
    """A login that waits for its approval; with two-factor off it is approved at once.

    A trusted browser shows its token as a member of the body, or in its cookie.
    """
    client = check_client(ask.client_id, now=now)
    check_origin(request_origin.origin, client)
    client_address, token = client_address_of(request_origin.address), ask.trusted_browser or browser_cookie
    attempt = begin_attempt(ask.identifier, client_address, token=token, now=now)
    checked = check_password(attempt, ask.password, now=now)
    asked = client.asks(ask.nonce)
    return login_flow().start(checked, start_or_refuse, asked=asked, request_origin=request_origin, now=now)


def answers_at_fixed_time(refusal: BaseException | None) -> bool:
    """Whether this answer leaves at one fixed time after its request."""
    return login_flow().answers_at_fixed_time(refusal)


def to_response(started: StartedLogin) -> dict[str, object]:
    """What the browser gets: how to show, follow and complete this login."""
    status = started.login.browser_status(started.login.created_at)
    code = started.transfer_code
    socket = {"url": settings().websocket_url, "protocols": [SUBPROTOCOL, started.ticket]}
    return {
        "login_id": started.login.id,
        "login_token": started.token,
        "status": status,
        "transfer_code": grouped(code) if code else None,
        "expires_at": started.login.expires_at,
        "socket": socket if status == "pending" else None,
    }
