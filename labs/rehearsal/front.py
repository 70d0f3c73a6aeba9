"""The front as far as the stand-in goes: CloudFront's behaviours, the origin's secret and its replacement, redirects.

The stand-in's CloudFront sends no viewer headers, opens no WebSocket and refuses origins of AWS (blind_spots.py).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import httpx
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from labs.rehearsal.stack_template import SECRET_HEADER, http_url, websocket_url
from smartident_cli.story.play import Differs, expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labs.rehearsal.deployment import Deployment

REFUSAL = "public_url_required"
# RFC 9457 3.
PROBLEM_JSON = "application/problem+json"
DISTRIBUTION, API = "PagesDistribution", "HttpApi"
ASKED_FOR = {"Authorization", "CloudFront-Viewer-Address", "CloudFront-Viewer-Country"}
FORBIDDEN = 403
# A function that nobody called yet starts slowly on a busy machine.
PATIENCE = 30
# The stand-in's Cognito answers these on every host, before CloudFront's behaviours are asked.
TAKEN = {
    ("GET", "/oauth2/authorize"),
    ("POST", "/oauth2/token"),
    ("GET", "/oauth2/userinfo"),
    ("POST", "/oauth2/userinfo"),
}


class ThroughFront(httpx.HTTPTransport):
    """Sends what is for the API to the distribution in front of it, as a viewer by TLS."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__()
        self.prefix = httpx.URL(http_url(deployment.stand_in.url)).raw_path
        self.host = domain_of(deployment)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request."""
        request.url = request.url.copy_with(raw_path=request.url.raw_path.removeprefix(self.prefix) or b"/")
        request.headers["host"], request.headers["x-forwarded-proto"] = self.host, "https"
        return super().handle_request(request)


def domain_of(deployment: Deployment) -> str:
    """The distribution's own host."""
    found = deployment.stand_in.client("cloudfront").get_distribution(Id=deployment.resources[DISTRIBUTION])
    return str(found["Distribution"]["DomainName"])


def check_front(deployment: Deployment) -> None:
    """Raise Differs unless each route is reached through the front, and past it only with a secret in use."""
    config, secrets = _config(deployment), known_secrets(deployment)
    for method, path in _routes(deployment):
        _check_behavior(deployment, config, path)
        expect(_asked(deployment, method, path) == REFUSAL, f"{method} {path}: a call past the front is answered")
        for secret in secrets:
            answered = _asked(deployment, method, path, secret=secret)
            expect(answered != REFUSAL, f"{method} {path}: a call with a secret of the origin is refused")
        if (method, path) in TAKEN:
            continue
        answered = _asked(deployment, method, path, transport=ThroughFront(deployment))
        expect(answered not in {REFUSAL, ""}, f"{method} {path}: nobody gets through the front ({answered})")
    check_socket(deployment)
    check_root(deployment)


def check_secrets(deployment: Deployment, gone: set[str]) -> None:
    """Raise Differs unless the front sends a secret that the functions know, and none that is gone opens them."""
    known = known_secrets(deployment)
    for origin in _config(deployment)["Origins"]["Items"]:
        sent = {one["HeaderValue"] for one in origin.get("CustomHeaders", {}).get("Items", ())}
        expect(sent <= known, f"{origin['Id']}: the front sends a secret that the functions do not know")
    method, path = next(_routes(deployment))
    for secret in gone - known:
        expect(_asked(deployment, method, path, secret=secret) == REFUSAL, "a secret that was replaced still opens")


def known_secrets(deployment: Deployment) -> set[str]:
    """The secrets that functions accept; raises Differs unless all accept the same two."""
    found = {deployment.environment(name)["ORIGIN_SECRETS"] for name in deployment.functions}
    expect(len(found) == 1, "the functions know different secrets of the origin")
    secrets = set(found.pop().split(","))
    expect(len(secrets) == 2 and "" not in secrets, "the functions do not know two secrets of the origin")  # noqa: PLR2004  two
    return secrets


def check_socket(deployment: Deployment) -> None:
    """Raise Differs unless the WebSocket refuses who comes past the front."""
    try:
        connect(websocket_url(deployment.template, deployment.stand_in.url), proxy=None).close()
    except InvalidStatus as refused:
        expect(refused.response.status_code == FORBIDDEN, f"the WebSocket answers {refused.response.status_code}")
    else:
        raise Differs("the WebSocket opens for a call past the front")


def check_root(deployment: Deployment) -> None:
    """Raise Differs unless CloudFront's function leads from the root to the login page."""
    with httpx.Client(transport=ThroughFront(deployment), timeout=PATIENCE) as client:
        answer = client.get(f"{deployment.stand_in.url}/")
    leads = answer.headers.get("location")
    expect(leads == "/financeapp/", f"the root answers {answer.status_code} and leads to {leads}")


def _config(deployment: Deployment) -> dict[str, Any]:
    client = deployment.stand_in.client("cloudfront")
    found = client.get_distribution_config(Id=deployment.resources[DISTRIBUTION])
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def _routes(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Method and path of each route of the deployed API, with something in place of ids."""
    for key in deployment.routes(API):
        method, path = key.split(" ")
        yield method, "/".join("x.y" if part.startswith("{") else part for part in path.split("/"))


def _check_behavior(deployment: Deployment, config: dict[str, Any], path: str) -> None:
    """Raise Differs unless the front hands a path to the API with all that the functions look at."""
    behaviors = [one for one in config["CacheBehaviors"].get("Items", ()) if fnmatchcase(path, one["PathPattern"])]
    expect(bool(behaviors), f"{path}: no behaviour of the front leads to the API")
    one = behaviors[0]
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    headers = {
        header["HeaderName"] for header in origins[one["TargetOriginId"]].get("CustomHeaders", {}).get("Items", ())
    }
    expect(headers == {SECRET_HEADER}, f"{path}: the front sends no secret of the origin")
    sent = _sent_headers(deployment, one)
    expect(sent is not None and "Host" not in sent, f"{path}: the front sends more headers than it names, or the host")
    missing = ASKED_FOR - (sent or set())
    expect(not missing, f"{path}: the front sends no {', '.join(sorted(missing))}")


def _sent_headers(deployment: Deployment, behavior: dict[str, Any]) -> set[str] | None:
    """The headers that the two policies of a behaviour name; None where one of them forwards others too."""
    client = deployment.stand_in.client("cloudfront")
    key = client.get_cache_policy(Id=behavior["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
    request = client.get_origin_request_policy(Id=behavior["OriginRequestPolicyId"])["OriginRequestPolicy"]
    told = [
        key["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"],
        request["OriginRequestPolicyConfig"]["HeadersConfig"],
    ]
    if any(one["HeaderBehavior"] != "whitelist" for one in told):
        return None
    return {name for one in told for name in one.get("Headers", {}).get("Items", ())}


def _asked(
    deployment: Deployment, method: str, path: str, *, secret: str = "", transport: httpx.BaseTransport | None = None
) -> str:
    """The code of the refusal that a request without sense gets, or its status; an empty text if no function spoke."""
    headers = {SECRET_HEADER: secret} if secret else {}
    with httpx.Client(transport=transport or httpx.HTTPTransport(), headers=headers, timeout=PATIENCE) as client:
        answer = client.request(method, http_url(deployment.stand_in.url) + path, json={})
    if "x-request-id" not in answer.headers:
        return ""
    # Some routes answer a browser, with a page or with a redirect.
    refusal = answer.json() if answer.headers.get("content-type", "").startswith(PROBLEM_JSON) else {}
    return str(refusal.get("code", answer.status_code))
