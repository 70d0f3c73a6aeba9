"""The rehearsal of the front and of the rotation stops at each fault that it is there for; the stand-in is on paper."""

from __future__ import annotations

import itertools
from copy import deepcopy
from types import SimpleNamespace
from typing import Any, Self

import httpx
import pytest
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from labs.rehearsal import front, rotation, withholding
from labs.rehearsal.front import REFUSAL, check_front, check_secrets
from labs.rehearsal.stack_template import SECRET_HEADER
from smartident_cli.story.play import Differs

KEY = {"HeaderBehavior": "whitelist", "Headers": {"Items": ["Authorization", "CloudFront-Viewer-Country", "Origin"]}}
BESIDE = {"HeaderBehavior": "whitelist", "Headers": {"Items": ["CloudFront-Viewer-Address", "User-Agent"]}}
JWKS = "/.well-known/jwks.json"
BEHAVIOR = {"TargetOriginId": "api", "OriginRequestPolicyId": "beside", "CachePolicyId": "key"}
CONFIG: dict[str, Any] = {
    "Origins": {
        "Items": [
            {"Id": "pages"},
            {"Id": "api", "CustomHeaders": {"Items": [{"HeaderName": SECRET_HEADER, "HeaderValue": "one"}]}},
        ]
    },
    "CacheBehaviors": {"Items": [{**BEHAVIOR, "PathPattern": "/v1/*"}, {**BEHAVIOR, "PathPattern": "/.well-known/*"}]},
}


class Paper:
    """A deployment on paper; a test spoils one of these."""

    def __init__(self) -> None:
        self.config = deepcopy(CONFIG)
        self.key, self.beside = deepcopy(KEY), deepcopy(BESIDE)
        self.secrets = {"Login": "one,two", "Devices": "one,two"}
        self.past, self.with_secret, self.through = REFUSAL, "401", "401"
        self.opens, self.root = False, "/financeapp/"
        self.template: dict[str, Any] = {
            "Resources": {"S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"StageName": "ws"}}}
        }
        self.resources = {"PagesDistribution": "id"}
        self.functions = list(self.secrets)
        self.stand_in = SimpleNamespace(url="http://127.0.0.1:1", client=lambda _: self)

    def routes(self, _api: str) -> dict[str, str]:
        return {"POST /v1/logins": "Login", "GET /v1/devices": "Devices", f"GET {JWKS}": "Devices"}

    def environment(self, function: str) -> dict[str, str]:
        return {"ORIGIN_SECRETS": self.secrets[function]}

    def get_distribution(self, **_: str) -> dict[str, Any]:
        return {"Distribution": {"DomainName": "d1.cloudfront.net"}}

    def get_distribution_config(self, **_: str) -> dict[str, Any]:
        return {"DistributionConfig": self.config}

    def get_cache_policy(self, **_: str) -> dict[str, Any]:
        told = {"HeadersConfig": self.key}
        return {"CachePolicy": {"CachePolicyConfig": {"ParametersInCacheKeyAndForwardedToOrigin": told}}}

    def get_origin_request_policy(self, **_: str) -> dict[str, Any]:
        return {"OriginRequestPolicy": {"OriginRequestPolicyConfig": {"HeadersConfig": self.beside}}}


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Any:
    found = Paper()

    def asked(_deployment: Any, _method: str, _path: str, *, secret: str = "", transport: Any = None) -> str:
        if transport is not None:
            return found.through
        return found.with_secret if secret in {"one", "two"} else found.past

    def connect(_url: str, **_: object) -> Any:
        if found.opens:
            return SimpleNamespace(close=lambda: None)
        raise InvalidStatus(Response(403, "", Headers()))

    class Client:
        def __init__(self, **_: object) -> None:
            self.headers = {"location": found.root}
            self.status_code = 302

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def get(self, _url: str) -> Client:
            return self

    monkeypatch.setattr(front, "_asked", asked)
    monkeypatch.setattr(front, "connect", connect)
    monkeypatch.setattr("labs.rehearsal.front.httpx.Client", Client)
    return found


def test_a_front_that_is_as_it_should_be_passes(paper: Any) -> None:
    check_front(paper)
    check_secrets(paper, {"one", "two"})
    check_secrets(paper, {"of old"})


def test_what_the_stand_in_takes_for_itself_is_asked_past_the_front_alone(paper: Any, monkeypatch: Any) -> None:
    paper.through = ""
    monkeypatch.setattr(front, "TAKEN", {("POST", "/v1/logins"), ("GET", "/v1/devices"), ("GET", JWKS)})
    check_front(paper)
    paper.past = "401"
    with pytest.raises(Differs, match="a call past the front is answered"):
        check_front(paper)


def test_a_call_past_the_front_is_noticed(paper: Any) -> None:
    paper.past = "401"
    with pytest.raises(Differs, match="a call past the front is answered"):
        check_front(paper)
    with pytest.raises(Differs, match="a secret that was replaced still opens"):
        check_secrets(paper, {"of old"})


def host_is_sent(paper: Any) -> None:
    paper.beside["Headers"]["Items"].append("Host")


def all_are_sent(paper: Any) -> None:
    paper.beside = {"HeaderBehavior": "allViewer"}


def no_behavior(paper: Any) -> None:
    paper.config["CacheBehaviors"]["Items"].pop()


def no_secret(paper: Any) -> None:
    paper.config["Origins"]["Items"][1]["CustomHeaders"] = {"Quantity": 0}


def no_authorization(paper: Any) -> None:
    paper.key["Headers"]["Items"].remove("Authorization")


def no_viewer(paper: Any) -> None:
    paper.beside["Headers"]["Items"].remove("CloudFront-Viewer-Address")


def secret_refused(paper: Any) -> None:
    paper.with_secret = REFUSAL


def nobody_through(paper: Any) -> None:
    paper.through = ""


def socket_opens(paper: Any) -> None:
    paper.opens = True


def root_leads_nowhere(paper: Any) -> None:
    paper.root = None


def different_secrets(paper: Any) -> None:
    paper.secrets["Devices"] = "one,three"


def one_secret(paper: Any) -> None:
    paper.secrets = dict.fromkeys(paper.secrets, "one")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (host_is_sent, "more headers than it names, or the host"),
        (all_are_sent, "more headers than it names, or the host"),
        (no_behavior, "no behaviour of the front"),
        (no_secret, "sends no secret"),
        (no_authorization, "sends no Authorization"),
        (no_viewer, "sends no CloudFront-Viewer-Address"),
        (secret_refused, "with a secret of the origin is refused"),
        (nobody_through, "nobody gets through the front"),
        (socket_opens, "the WebSocket opens"),
        (root_leads_nowhere, "the root answers 302"),
        (different_secrets, "different secrets"),
        (one_secret, "do not know two secrets"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_each_fault_of_the_front_stops_the_rehearsal(paper: Any, fault: Any, said: str) -> None:
    fault(paper)
    with pytest.raises(Differs, match=said):
        check_front(paper)


def test_a_front_that_sends_what_no_function_knows_is_noticed(paper: Any) -> None:
    paper.config["Origins"]["Items"][1]["CustomHeaders"]["Items"][0]["HeaderValue"] = "three"
    with pytest.raises(Differs, match="api: the front sends a secret"):
        check_secrets(paper, set())


def test_a_rotation_is_published_signed_and_retired_and_secrets_change_one_at_a_time() -> None:
    orders = [one["SigningKeyOrder"] for one in rotation.DEPLOYMENTS]
    assert orders == ["first,second", "second,first", "second"]
    secrets = [{key: value for key, value in one.items() if "OriginSecret" in key} for one in rotation.DEPLOYMENTS]
    assert [len(after.items() - before.items()) for before, after in itertools.pairwise(secrets)] == [1, 1]


@pytest.mark.parametrize(("fresh", "stale"), [({"b"}, {"a"}), ({"a"}, {"b"})], ids=["fresh", "stale"])
def test_a_token_whose_key_a_jwks_lacks_stops_the_rehearsal(
    monkeypatch: pytest.MonkeyPatch, fresh: set[str], stale: set[str]
) -> None:
    token: Any = SimpleNamespace(
        complete=lambda _: SimpleNamespace(id_token="eyJraWQiOiAiYSJ9.x"), start=lambda *_: None
    )
    monkeypatch.setattr(rotation, "ThroughFront", lambda _: None)
    monkeypatch.setattr(rotation, "_jwks", lambda *_: fresh)

    class Browser:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def __enter__(self) -> Any:
            return token

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(rotation, "Browser", Browser)
    deployment: Any = SimpleNamespace(stand_in=SimpleNamespace(url="http://127.0.0.1:1"))
    with pytest.raises(Differs, match="lacks the token's key a"):
        rotation._sign_in(deployment, stale, "here")


def test_a_lack_that_rings_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = {("Login", "dynamodb:Query")}
    monkeypatch.setattr(withholding, "_rings_without", lambda _deployment, right, _people: right not in silent)
    chosen, people = [("Login", "dynamodb:Query"), ("Complete", "kms:Sign")], iter(range(2))
    with pytest.raises(Differs, match=r"no alarm of the shift rings without dynamodb:Query of Login$"):
        withholding.withhold_each(SimpleNamespace(), chosen, people)  # type: ignore[arg-type]  # looked at by nobody
    withholding.withhold_each(SimpleNamespace(), chosen[1:], iter(range(1)))  # type: ignore[arg-type]  # as above


JSON = {"x-request-id": "id", "content-type": "application/json"}
PROBLEM = {"x-request-id": "id", "content-type": "application/problem+json"}
PAGE = {"x-request-id": "id", "content-type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(403, headers=PROBLEM, json={"code": REFUSAL}), REFUSAL),
        (httpx.Response(200, headers=JSON, json={"keys": []}), "200"),
        (httpx.Response(403, headers=PAGE, text="<!doctype html>"), "403"),
        (httpx.Response(303, headers={"x-request-id": "id", "location": "/"}), "303"),
        (httpx.Response(204, headers={"x-request-id": "id"}), "204"),
        (httpx.Response(403, headers={"content-type": "application/json"}, json={"code": REFUSAL}), ""),
    ],
    ids=["refusal", "answer", "page", "redirect", "nothing", "no function"],
)
def test_every_kind_of_answer_behind_the_front_is_read(answer: httpx.Response, told: str) -> None:
    deployment: Any = SimpleNamespace(stand_in=SimpleNamespace(url="http://127.0.0.1:1"))
    assert front._asked(deployment, "GET", "/", transport=httpx.MockTransport(lambda _: answer)) == told
