"""Health checks: what a deployment needs to work and to be safe, each looked at with what an operator can see."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.sync.client import connect

from smartident.aws import client
from smartident.crypto.algorithms import RS256
from smartident.crypto.pepper import pepper
from smartident.errors import SigningUnavailable
from smartident.logins.socket_tickets import SUBPROTOCOL
from smartident.settings import settings
from smartident.tokens.jwks import read_jwks
from smartident_cli.deployment import LIVE, Deployment
from smartident_client.wire import is_loopback

TIMEOUT = 10
# CloudFront's own names (tools/addresses.py).
TRIAL = ".cloudfront.net"
CLOCK_GOOD, CLOCK_BEARABLE = 5, 60
MIN_PEPPER_LENGTH = 32
TURNED_AWAY = range(400, 500)
STRANGER = "https://stranger.example"
MIN_CONTAINERS = 100


class Verdict(StrEnum):
    """How a finding is to be taken."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What a check found: a verdict, a sentence, and what it tells."""

    verdict: Verdict
    sentence: str
    values: dict[str, object]


def finding(good: object, sentence: str, *, otherwise: Verdict = Verdict.BAD, **values: object) -> Finding:
    """A finding that is good, or told by the sentence `<name>_not`."""
    return Finding(Verdict.GOOD, sentence, values) if good else Finding(otherwise, f"{sentence}_not", values)


def address(deployment: Deployment) -> Iterator[Finding]:
    """Whether the address is one that CloudFront named, which is only good for trying."""
    if (urlsplit(deployment.url).hostname or "").endswith(TRIAL):
        yield Finding(Verdict.DOUBTFUL, "trial_address", {"url": deployment.url})


def doors(deployment: Deployment) -> Iterator[Finding]:
    """Reachability, keys and clock, by one request for the JWKS."""
    began = time.time()
    try:
        answer = ask(deployment, "GET", "/.well-known/jwks.json")
    except httpx.TransportError as error:
        yield finding(False, "reached", url=deployment.url, error=type(error).__name__)  # noqa: FBT003  the verdict
        return
    ended = time.time()
    yield finding(answer.is_success, "reached", url=deployment.url, error=answer.status_code)
    try:
        served, held = answer.json(), read_jwks()[0]
    except (ValueError, SigningUnavailable):
        served, held = None, {}
    # The RSA keys are known to the functions alone that use them.
    own = [key for key in (served or {}).get("keys", []) if key.get("alg") != RS256]
    yield finding(served and own == held["keys"], "jwks", keys=len(held.get("keys", [])))
    told = answer.headers.get("Date", "")
    try:
        there = parsedate_to_datetime(told).timestamp()
    except ValueError:
        return
    # The header tells whole seconds.
    off = max(began - there - 1, there - ended, 0)
    verdict = Verdict.DOUBTFUL if off <= CLOCK_BEARABLE else Verdict.BAD
    yield finding(off <= CLOCK_GOOD, "clock", otherwise=verdict, seconds=round(off))


def cors(deployment: Deployment) -> Iterator[Finding]:
    """Whether every page of the operator's may ask, and no other."""
    origins = settings().allowed_origins
    yield finding(origins, "origins", origins=", ".join(origins))
    for origin in origins:
        yield finding(_allowed(deployment, origin) in {origin, "*"}, "cors", origin=origin)
    yield finding(_allowed(deployment, STRANGER) not in {STRANGER, "*"}, "cors_stranger")


def socket(_: Deployment) -> Iterator[Finding]:
    """Whether the WebSocket answers, and turns away who has no ticket."""
    url, origins = settings().websocket_url, settings().allowed_origins
    status = 0
    knocked: dict[str, Any] = {
        "subprotocols": [SUBPROTOCOL, "none.none"],
        "origin": next(iter(origins), None),
        "open_timeout": TIMEOUT,
        "proxy": None if is_loopback(url) else True,
    }
    try:
        connect(url, **knocked).close()
    except InvalidStatus as refused:
        status = refused.response.status_code
    except (OSError, TimeoutError, InvalidHandshake):
        yield finding(False, "socket_reached", url=url)  # noqa: FBT003
        return
    yield finding(status in TURNED_AWAY, "socket", url=url)


def release(deployment: Deployment) -> Iterator[Finding]:
    """Whether callers meet what was deployed last: code, and settings, which an alias keeps as they were."""
    if deployment.local:
        return
    functions = client("lambda")
    alias = functions.get_alias(FunctionName=deployment.function, Name=LIVE)
    live, latest = (
        functions.get_function_configuration(FunctionName=deployment.function, **version)
        for version in ({"Qualifier": LIVE}, {})
    )
    shifting = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")
    yield finding(not shifting, "shifted", otherwise=Verdict.DOUBTFUL, version=alias["FunctionVersion"])
    if not shifting:
        yield finding(_deployed(live) == _deployed(latest), "release")


def table(deployment: Deployment) -> Iterator[Finding]:
    """What keeps the table from being lost, and from growing for ever."""
    dynamodb, name = client("dynamodb"), settings().table_name
    described = dynamodb.describe_table(TableName=name)["Table"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    yield finding(described["TableStatus"] in {"ACTIVE", "UPDATING"}, "table", name=name)
    yield finding(expiry.get("AttributeName") == "ttl" and expiry["TimeToLiveStatus"] == "ENABLED", "ttl")
    if deployment.local:
        return
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    yield finding(recovery == "ENABLED", "pitr")
    yield finding(described.get("DeletionProtectionEnabled"), "protection")
    yield finding(described.get("SSEDescription", {}).get("Status") == "ENABLED", "sse", otherwise=Verdict.DOUBTFUL)


def secret(_: Deployment) -> Iterator[Finding]:
    """Whether the pepper can be read and is one."""
    yield finding(len(pepper()) >= MIN_PEPPER_LENGTH, "pepper")


def containers(deployment: Deployment) -> Iterator[Finding]:
    """Whether the account lets more than a handful of requests run at once: a new one does not."""
    if deployment.local:
        return
    limit = client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    yield finding(limit >= MIN_CONTAINERS, "containers", otherwise=Verdict.DOUBTFUL, limit=limit)


def _deployed(configuration: dict[str, Any]) -> tuple[str, dict[str, str]]:
    return configuration["CodeSha256"], configuration.get("Environment", {}).get("Variables", {})


def ask(deployment: Deployment, method: str, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """One request to the API of a deployment; raises httpx.TransportError."""
    trusting = not is_loopback(deployment.url)
    with httpx.Client(timeout=TIMEOUT, trust_env=trusting, headers=headers) as http:
        return http.request(method, deployment.url + path)


def _allowed(deployment: Deployment, origin: str) -> str | None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,dpop",
    }
    try:
        answer = ask(deployment, "OPTIONS", "/v1/logins", asked)
    except httpx.TransportError:
        return None
    allowed: str | None = answer.headers.get("Access-Control-Allow-Origin")
    return allowed
