"""The HTTP side of OAuth's endpoints: parameters in, and refusals in OAuth's own forms instead of problem documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types

from smartident.errors import Refusal
from smartident.http import languages, problems
from smartident.http.api import DPOP_ALGORITHMS, MAX_BYTES, api, base_url, phone_request, request_id
from smartident.http.events import body_of, headers_of, is_compressed
from smartident.http.problems import PROBLEMS
from smartident.oauth.oauth_errors import (
    InvalidClient,
    InvalidDpopProof,
    InvalidToken,
    OAuthError,
    RedirectedError,
    RepeatedParameter,
    TokenMissing,
)
from smartident.oauth.parameters import FORM, read_parameters
from smartident.oauth_http import browser_cookie, error_page, logout_page, session_cookie
from smartident.oidc.answer import answer_uri
from smartident.oidc.interaction import Cookies
from smartident.telemetry import log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

    from smartident.crypto.dpop import Request

SEE_OTHER = 303
TOO_MANY, UNAVAILABLE = 429, 503


def client_api() -> APIGatewayHttpResolver:
    """An application for programs: every refusal is JSON with `error` and `error_description`."""
    return _api(_told_to_program)


def browser_api() -> APIGatewayHttpResolver:
    """An application for a person's browser: a refusal goes to the client's redirect URI, or is a page."""
    return _api(_told_to_browser)


def form(app: APIGatewayHttpResolver) -> dict[str, str]:
    """The parameters of the body; raises OAuthError for any other kind of body."""
    kind = headers_of(app.current_event.raw_event).get("content-type", "").partition(";")[0].strip().lower()
    body = body_of(app.current_event.raw_event)
    if kind != FORM or len(body) > MAX_BYTES:
        raise OAuthError("invalid_request", "the body must be a form of 16 KiB at most")
    if is_compressed(app.current_event.raw_event):
        raise OAuthError("invalid_request", "the body must come without Content-Encoding")
    return read_parameters(body)


def query_parameters(app: APIGatewayHttpResolver) -> dict[str, str]:
    """The parameters of the query; raises OAuthError."""
    return read_parameters(str(app.current_event.raw_event.get("rawQueryString") or "").encode())


def once_each(
    read: Callable[[APIGatewayHttpResolver], dict[str, str]],
    app: APIGatewayHttpResolver,
    *,
    refuse: Callable[[Mapping[str, str]], NoReturn],
) -> dict[str, str]:
    """The parameters that `read` finds; where one comes twice, `refuse` hears of those that came once."""
    try:
        return read(app)
    except RepeatedParameter as error:
        refuse(error.once)


def authorization(app: APIGatewayHttpResolver) -> str:
    """The Authorization header, or an empty text."""
    return headers_of(app.current_event.raw_event).get("authorization", "")


def client_proof(app: APIGatewayHttpResolver) -> Request | None:
    """The DPoP proof of a client and what it must cover, or None without one; raises InvalidDpopProof."""
    if "dpop" not in headers_of(app.current_event.raw_event):
        return None
    try:
        return phone_request(app)
    except Refusal as refusal:
        raise InvalidDpopProof(str(refusal)) from None


def cookies(app: APIGatewayHttpResolver) -> Cookies:
    """What the browser has of us."""
    event, issuer = app.current_event.raw_event, base_url(app)
    return Cookies(browser_cookie.secret_in(event, issuer), session_cookie.session_in(event, issuer))


def redirect(app: APIGatewayHttpResolver, location: str, *, secret: str | None = None) -> Response[str]:
    """Send the browser on by GET, with the cookie that binds the interaction, if it begins here."""
    kept: list[Cookie] = [] if secret is None else [browser_cookie.holding(secret, base_url(app))]
    headers: dict[str, str | list[str]] = {"Location": location, "Referrer-Policy": "no-referrer"}
    return Response(SEE_OTHER, content_type=None, body="", headers=headers, cookies=kept)


def signed_in(app: APIGatewayHttpResolver, answer: Response[str], session: str | None) -> Response[str]:
    """The answer, with the session that the browser keeps from now on, if it keeps one."""
    if session is not None:
        answer.cookies.append(session_cookie.keeping(session, base_url(app)))
    return answer


def ask_to_log_out(app: APIGatewayHttpResolver, path: str, fields: Mapping[str, str]) -> Response[str]:
    """The question whether the person wants to log out; the fields go with the answer."""
    return _page(app, lambda language: logout_page.question_page(language, path, fields))


def logged_out(app: APIGatewayHttpResolver, location: str | None) -> Response[str]:
    """Send the browser on, or tell the person; it forgets its session."""
    answer = _page(app, logout_page.ended_page) if location is None else redirect(app, location)
    answer.cookies.append(session_cookie.forgetting(base_url(app)))
    return answer


def _page(app: APIGatewayHttpResolver, write: Callable[[str], str], *, status: int = 200) -> Response[str]:
    """A page in the person's language."""
    accepted: Mapping[str, Any] = headers_of(app.current_event.raw_event)
    language = languages.language(accepted.get("accept-language", ""))
    return Response(status, error_page.CONTENT_TYPE, write(language), {"Content-Language": language})


def nothing() -> Response[str]:
    """200 without a body (RFC 7009 2.2)."""
    return Response(200, content_type=None, body="")


def _api(tell: Callable[[APIGatewayHttpResolver, OAuthError, int], Response[str]]) -> APIGatewayHttpResolver:
    app = api()
    app.exception_handler(OAuthError)(lambda error: _declined(app, error, tell))
    app.exception_handler(Refusal)(lambda refusal: _translated(app, refusal, tell))
    app.exception_handler(Exception)(lambda error: _translated(app, problems.refusal_of(error, request_id(app)), tell))
    return app


def _declined(
    app: APIGatewayHttpResolver,
    error: OAuthError,
    tell: Callable[[APIGatewayHttpResolver, OAuthError, int], Response[str]],
) -> Response[str]:
    log_refusal(error.error, error.description, request_id(app))
    return tell(app, error, error.status)


def _translated(
    app: APIGatewayHttpResolver,
    refusal: Refusal,
    tell: Callable[[APIGatewayHttpResolver, OAuthError, int], Response[str]],
) -> Response[str]:
    """A refusal of ours in OAuth's words: what asking again repairs, now or later, or a fault."""
    log_refusal(refusal.code, str(refusal), request_id(app))
    status = PROBLEMS[refusal.code].status
    code = "temporarily_unavailable" if status in {TOO_MANY, UNAVAILABLE} else "server_error"
    answer = tell(app, OAuthError(code, "please try again"), status)
    if status in {TOO_MANY, UNAVAILABLE}:
        answer.headers["Retry-After"] = str(refusal.details.get("retry_after", 1))
    return answer


def _told_to_program(_app: APIGatewayHttpResolver, error: OAuthError, status: int) -> Response[str]:
    headers: dict[str, str | list[str]] = {}
    if isinstance(error, TokenMissing):
        headers["WWW-Authenticate"] = f"Bearer, DPoP {DPOP_ALGORITHMS}"
    elif isinstance(error, InvalidToken):
        told = f'error="{error.error}", error_description="{error.description}"'
        dpop = f"DPoP {DPOP_ALGORITHMS}"
        headers["WWW-Authenticate"] = f"{dpop}, {told}" if error.scheme == "DPoP" else f"Bearer {told}, {dpop}"
    elif isinstance(error, InvalidClient):
        headers["WWW-Authenticate"] = 'Basic realm="smartident"'
    body = {"error": error.error, "error_description": error.description}
    return Response(status, content_types.APPLICATION_JSON, msgspec.json.encode(body).decode(), headers)


def _told_to_browser(app: APIGatewayHttpResolver, error: OAuthError, status: int) -> Response[str]:
    if isinstance(error, RedirectedError):
        told = {"error": error.error, "error_description": error.description}
        return redirect(app, answer_uri(error.redirect_uri, issuer=base_url(app), state=error.state, **told))
    faulty = request_id(app)
    return _page(
        app, lambda language: error_page.error_page(language, error.error, error.description, faulty), status=status
    )
