"""The HTTP side of API Gateway, shared by all handlers: it alone reads the clock, parses events and forms answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from smartident.errors import InvalidRequest, LoginNotFound, ProofInvalid, PublicUrlRequired, Refusal
from smartident.http import cloudfront, cookies, languages, problems
from smartident.http.events import body_of, headers_of, is_compressed
from smartident.http.security_headers import security_headers
from smartident.settings import settings
from smartident.statements.login import RequestOrigin
from smartident.telemetry import begin_request, log_refusal, log_request, note_viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.crypto.dpop import Request

Body = TypeVar("Body")
MAX_BYTES = 16 * 1024
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# These answers name the accepted algorithms (RFC 9449 7.1).
PROOF_REFUSALS = {"proof_invalid", "proof_stale", "device_revoked"}
DPOP_ALGORITHMS = 'algs="ES256 EdDSA"'


def now() -> int:
    """The time in epoch seconds; steps get it as an argument."""
    return int(time.time())


def api(missing: type[Refusal] = LoginNotFound) -> APIGatewayHttpResolver:
    """An HTTP application that answers every refusal and fault with a problem document.

    `missing` answers a path whose id contains characters that our ids never contain.
    """
    app = APIGatewayHttpResolver(serializer=lambda body: msgspec.json.encode(body).decode())
    app.use(middlewares=[_by_public_url])
    app.exception_handler(Refusal)(lambda refusal: _declined(app, refusal))
    app.exception_handler(NotFoundError)(lambda _: _declined(app, missing("no id")))
    app.exception_handler(Exception)(lambda error: _declined(app, problems.refusal_of(error, request_id(app))))
    return app


def entry(app: APIGatewayHttpResolver) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda handler of an application: resolve, add the common headers, log one line."""

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        began = time.monotonic()
        begin_request(event["requestContext"]["requestId"])
        answer: dict[str, Any] = app.resolve(event, context)
        headers = {**security_headers(), **(answer.get("headers") or {})}
        headers["X-Request-Id"] = event["requestContext"]["requestId"]
        answer["headers"] = headers
        log_request(
            route=event["routeKey"],
            status=answer["statusCode"],
            request_id=headers["X-Request-Id"],
            milliseconds=int((time.monotonic() - began) * 1000),
        )
        return answer

    return handler


def read(kind: type[Body], app: APIGatewayHttpResolver) -> Body:
    """The body as the route's type; raises InvalidRequest with the name of the wrong field, never its value."""
    headers = _headers(app)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise InvalidRequest("no JSON", field="content-type")
    if is_compressed(app.current_event.raw_event):
        raise InvalidRequest("compressed body", field="content-encoding")
    raw = body_of(app.current_event.raw_event)
    if len(raw) > MAX_BYTES:
        raise InvalidRequest("body too large", field="body")
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidRequest("body member", field=_field(str(error), kind)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest("body is no JSON", field="body") from None


def base_url(app: APIGatewayHttpResolver) -> str:
    """The public base URL of this service, without a slash at its end: the base of `htu` and `iss`."""
    return settings().api_url or f"https://{app.current_event.raw_event['requestContext']['domainName']}"


def phone_request(app: APIGatewayHttpResolver) -> Request:
    """What the device proof of this request must cover; raises ProofInvalid if there is no proof."""
    from smartident.crypto.dpop import Request  # noqa: PLC0415  only the phone's functions need it

    proof = _headers(app).get("dpop")
    if not proof:
        raise ProofInvalid("no proof")
    context = app.current_event.raw_event["requestContext"]["http"]
    path = quote(app.current_event.raw_event["rawPath"], safe="/%:@!$&'()*+,;=-._~")
    raw = body_of(app.current_event.raw_event)
    if len(raw) > MAX_BYTES:
        raise InvalidRequest("body too large", field="body")
    return Request(method=context["method"], url=base_url(app) + path, body=raw, proof=proof)


def login_token(app: APIGatewayHttpResolver) -> str:
    """The bearer token of the browser; raises LoginNotFound if it is missing, as for a wrong one."""
    scheme, _, token = _headers(app).get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise LoginNotFound("no bearer token")
    return token.strip()


def request_origin(app: APIGatewayHttpResolver) -> RequestOrigin:
    """Who asks, as far as the network knows."""
    headers, context = _headers(app), app.current_event.raw_event["requestContext"]["http"]
    agent, origin = headers.get("user-agent", ""), headers.get("origin", "")
    viewer = cloudfront.viewer_of(headers, context["sourceIp"])
    language = languages.language(headers.get("accept-language", ""))
    return RequestOrigin(viewer.address, agent, origin, language, viewer.place, viewer.country, viewer.asn)


def browser_cookie(app: APIGatewayHttpResolver) -> str:
    """The token of a trusted browser in its cookie, or an empty text."""
    return cookies.token_in(app.current_event.raw_event)


def query(app: APIGatewayHttpResolver, name: str) -> str | None:
    """A parameter of the query, or None."""
    value = (app.current_event.raw_event.get("queryStringParameters") or {}).get(name)
    return None if value is None else str(value)


def request_id(app: APIGatewayHttpResolver) -> str:
    """API Gateway's id of this request, which answers and log lines contain."""
    return str(app.current_event.raw_event["requestContext"]["requestId"])


def _by_public_url(app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[str]]) -> Response[str]:
    # It runs for a path without a route too.
    if cloudfront.came_by_public_url(_headers(app)):
        note_viewer(cloudfront.told_address(_headers(app)))
        return next_middleware(app)
    return _declined(app, PublicUrlRequired())


def _declined(app: APIGatewayHttpResolver, refusal: Refusal) -> Response[str]:
    log_refusal(refusal.code, str(refusal), request_id(app))
    language = _headers(app).get("accept-language", "")
    body = problems.body(refusal, accept_language=language, request_id=request_id(app))
    headers: dict[str, str | list[str]] = {"Content-Language": languages.language(language)}
    if "retry_after" in body:
        headers["Retry-After"] = str(body["retry_after"])
    if refusal.code in PROOF_REFUSALS:
        headers["WWW-Authenticate"] = f"DPoP {DPOP_ALGORITHMS}"
    return Response(problems.PROBLEMS[refusal.code].status, PROBLEM_JSON, msgspec.json.encode(body).decode(), headers)


def _headers(app: APIGatewayHttpResolver) -> dict[str, str]:
    return headers_of(app.current_event.raw_event)


def _field(message: str, kind: type) -> str:
    known = getattr(kind, "__struct_fields__", ())
    return next((name for name in known if f"`{name}`" in message or f"$.{name}" in message), "body")
