"""Step 6 of the story: identifier and password begin a login that waits for the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from smartident.errors import InvalidRequest, KeyRegistrationRequired, OriginRefused
from smartident.logins.socket_tickets import SUBPROTOCOL
from smartident.logins.start import StartedLogin, open_login
from smartident.logins.uniform import open_alike
from smartident.passwords.authenticate import proven, try_password
from smartident.rate_limiting.client_address import client_address_of
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.statements.login import RequestOrigin


class Credentials(Struct, forbid_unknown_fields=True):
    """What the login page sends."""

    identifier: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


def start_login(ask: Credentials, *, request_origin: RequestOrigin, now: int) -> StartedLogin:
    """A login that waits for its approval; with two-factor off it is approved at once.

    With UniformLogin a wrong password begins one too, a decoy.
    """
    client = check_client(ask.client_id)
    check_origin(request_origin)
    tried = try_password(ask.identifier, ask.password, source=client_address_of(request_origin.address), now=now)
    if settings().uniform() and tried.waits:
        return open_alike(tried, client=client, request_origin=request_origin, now=now)
    right = proven(tried, now=now)
    if right.account.two_factor and not right.account.devices:
        right.clear(now=now)
        raise KeyRegistrationRequired(app_links=settings().app_links())
    return open_login(right, client=client, request_origin=request_origin, now=now)


def check_client(client_id: str | None) -> str:
    """The client that the login is for; raises InvalidRequest for one that the operator does not know."""
    known = settings().redirects()
    if client_id is not None and client_id not in known:
        raise InvalidRequest("unknown client", field="client_id")
    return client_id or next(iter(known))


def check_origin(request_origin: RequestOrigin) -> None:
    """Raise OriginRefused for a page that is not the operator's; a caller that is no page sends no Origin."""
    if request_origin.origin and request_origin.origin not in settings().allowed_origins:
        raise OriginRefused


def to_response(opened: StartedLogin) -> dict[str, object]:
    """What the browser gets: how to show, follow and complete this login."""
    status = opened.login.browser_status(opened.login.created_at)
    code = opened.transfer_code
    socket = {"url": settings().websocket_url, "protocols": [SUBPROTOCOL, opened.ticket]}
    return {
        "login_id": opened.login.id,
        "login_token": opened.token,
        "status": status,
        "transfer_code": grouped(code) if code else None,
        "expires_at": opened.login.expires_at,
        "socket": socket if status == "pending" else None,
    }


def grouped(code: str) -> str:
    """A code as people read it aloud: six digits in two groups of three."""
    half = (len(code) + 1) // 2
    return f"{code[:half]} {code[half:]}".strip()
