"""The code flow beside oidc-provider counts what it says, and tells it as it is."""

from __future__ import annotations

import base64
import itertools
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from labs.openid_peer.code_flow import REDIRECT_URI, CodeFlow, FlowFailed, Granted, code_of, log_in_at_oidc_provider
from labs.openid_peer.measuring import REQUESTS, Side, measure
from labs.openid_peer.report import section
from smartident_laptop.demo.accounts import DEMO_CLIENT, DEMO_SECRET

ISSUER = "http://127.0.0.1:1"
METADATA = {"authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token"}


class Provider:
    """Answers the first requests with pages, as oidc-provider does, and the others at once."""

    def __init__(self) -> None:
        self.prompts = ["login", "consent"]
        self.asked: list[httpx.Request] = []
        self.link: httpx.URL | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=METADATA)
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "token", "id_token": "signed"})
        if request.url.path == "/auth":
            self.link = request.url
        elif request.method == "GET":
            return httpx.Response(200, text=f'<input type="hidden" name="prompt" value="{self.prompts[0]}"/>')
        else:
            self.prompts.pop(0)
        return httpx.Response(303, headers={"location": "/interaction/1" if self.prompts else self.back()})

    def back(self) -> str:
        assert self.link is not None
        return f"{REDIRECT_URI}?code=one&state={self.link.params['state']}"


def flow_at(provider: Provider) -> CodeFlow:
    return CodeFlow(ISSUER, httpx.Client(transport=httpx.MockTransport(provider)))


def test_the_session_at_oidc_provider_answers_what_is_asked_after_it() -> None:
    provider = Provider()
    with flow_at(provider) as flow:
        log_in_at_oidc_provider(flow)
        assert provider.prompts == []
        assert flow.authorize().code == "one"


def test_an_authorization_that_asks_anybody_is_no_authorization() -> None:
    with flow_at(Provider()) as flow, pytest.raises(FlowFailed, match="no code"):
        flow.authorize()


def test_the_token_request_bears_the_verifier_of_its_authorization_and_the_secret_in_its_header() -> None:
    provider = Provider()
    with flow_at(provider) as flow:
        assert flow.token(Granted("one", "verifier")) == "token"
    sent = parse_qs(provider.asked[-1].content.decode())
    assert (sent["code"], sent["code_verifier"]) == (["one"], ["verifier"])
    basic = base64.b64encode(f"{DEMO_CLIENT}:{DEMO_SECRET}".encode()).decode()
    assert provider.asked[-1].headers["authorization"] == f"Basic {basic}"


def test_the_link_asks_for_a_code_with_s256() -> None:
    with flow_at(Provider()) as flow:
        asked = parse_qs(urlsplit(flow.link("verifier", "state")).query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert asked["code_challenge"] == ["iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"]


@pytest.mark.parametrize(
    "location",
    ["", "https://elsewhere.example/?code=one&state=s", f"{REDIRECT_URI}?code=one&state=t", f"{REDIRECT_URI}?state=s"],
    ids=["nowhere", "elsewhere", "for another request", "without a code"],
)
def test_a_browser_sent_elsewhere_brings_no_code(location: str) -> None:
    with pytest.raises(FlowFailed):
        code_of(location, "s")


class Flow:
    """A flow whose every request takes its part the seconds that it is told."""

    def __init__(self, takes: list[float]) -> None:
        self.takes = itertools.cycle(takes)
        self.seconds = 0.0
        self.said: list[str] = []

    def authorize(self) -> str:
        return self.ask("authorization")

    def token(self, code: str) -> str:
        return self.ask(f"token of {code}")

    def userinfo(self, token: str) -> str:
        return self.ask(f"userinfo by {token}")

    def ask(self, said: str) -> str:
        self.seconds += next(self.takes)
        self.said.append(said)
        return said


def test_each_kind_of_request_is_counted_alone_and_the_warming_up_never() -> None:
    flow = Flow([0.9, 0.9, 0.9, 0.001, 0.002, 0.003])
    side = Side(cast("CodeFlow", flow), lambda: {"node": flow.seconds})
    measure([side], batches=1, requests=1)
    assert len(flow.said) == 6
    assert flow.said[:3] == ["authorization", "token of authorization", "userinfo by token of authorization"]
    assert {request: side.medians()[request]["node"] for request in REQUESTS} == pytest.approx(
        {"authorization": 1, "token": 2, "userinfo": 3}
    )


def test_all_is_the_median_of_the_sums() -> None:
    flow = Flow([0.001])
    side = Side(cast("CodeFlow", flow), lambda: {"functions": flow.seconds, "table": 2 * flow.seconds})
    measure([side], batches=3, requests=4)
    assert side.medians()["token"] == pytest.approx({"functions": 1, "table": 2, "all": 3})


def test_the_section_says_who_takes_more() -> None:
    ours = {"functions": 6.0, "gateway": 1.0, "table": 5.0, "all": 12.0}
    found: dict[str, Any] = {
        "machine": {"cores": 2, "processor": "one", "python": "3.13", "load": 7.25},
        "date": "2026-01-01",
        "batches": 3,
        "requests": 4,
        "version": "9",
        "node": "20",
        "theirs": {request: {"node": 3.0, "all": 3.0} for request in REQUESTS},
        "ours": dict.fromkeys(REQUESTS, ours),
    }
    text = section(found)
    assert "| a token request | 3.0 | 6.0 | 2.0 | 1.0 | 5.0 | 12.0 | 4.0 |" in text
    assert "Medians of 3 batches of 4 requests, 12 of each\nkind" in text
