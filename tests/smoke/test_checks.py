"""Each question of `make smoke`: what holds is said to hold, and what AWS does otherwise is said plainly."""

from __future__ import annotations

from typing import Any

import pytest

from labs.rehearsal.blind_spots import BLIND_SPOTS
from labs.smoke.trial import CHECKS
from labs.smoke.verdicts import Failed, NotAsked, ask
from labs.smoke.world import Addresses, Story
from tests.smoke.aws_on_paper import ALLOWANCE, API, DENIAL, STREAM, URL, Paper, world

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("person_told", {"lines": {"functions": 99}}, "no notice was sent"),
    ("signing_algorithm", {"denies": "allowed"}, "may sign by RSASSA_PSS_SHA_256"),
    ("signing_algorithm", {"allows": "implicitDeny"}, "denies what the role has just done"),
    (
        "fine_grained_rights",
        {"denies": "allowed"},
        "CompleteRole may dynamodb:GetItem where dynamodb:LeadingKeys is CLIENTS",
    ),
    ("fine_grained_rights", {"denies": "implicitDeny"}, "is CLIENTS: implicitDeny"),
    ("fine_grained_rights", {"allows": "implicitDeny"}, "may not dynamodb:GetItem where .* is elsewhere: implicitDeny"),
    ("logs_arrive", {"lines": {"functions": 0, "http": 99}}, "no line arrived in HttpLogs"),
    ("subprotocol", {"subprotocol": None}, "the subprotocol is None"),
    ("route_response", {"told": {"message": "Forbidden"}}, "Forbidden"),
    (
        "socket_through_front",
        {"socket_url": "wss://ws.execute-api.test/ws"},
        "pages are told wss://ws.execute-api.test/ws",
    ),
    ("viewer_headers", {"place": None}, "names no place"),
    ("viewer_headers", {"ip": "?"}, r"names no address, but \?"),
    ("viewer_headers", {"ip": "10.0.0.7"}, "names no address, but 10.0.0.7"),
    ("kept_by_nobody", {"somebody_else": 200}, "another token got the answer"),
    ("direct_calls", {"direct": {"message": "Not Found"}}, "the API's own host answers 403"),
    ("direct_calls", {"direct_socket": 101}, "opens past CloudFront"),
    ("direct_calls", {"direct_socket": 500}, "answers 500"),
    ("cors_on_429", {"turned_away": 0}, "none was turned away"),
    ("cors_on_429", {"cors": False}, "may not read"),
    ("ipv6", {"without_ipv6": ("ws.execute-api.test",)}, "no IPv6 address: ws.execute-api.test"),
    ("canary_goes_back", {"ends_as": "UPDATE_COMPLETE"}, "the stack is UPDATE_COMPLETE"),
    ("canary_goes_back", {"afterwards": "internal_error"}, "answers internal_error"),
    ("canary_goes_back", {"afterwards": ""}, "lets somebody in"),
]


def test_make_smoke_asks_exactly_for_what_no_stand_in_shows() -> None:
    assert list(CHECKS) == [spot.id for spot in BLIND_SPOTS]


@pytest.mark.parametrize("check", CHECKS)
def test_where_all_is_well_every_question_is_answered_so(check: str) -> None:
    CHECKS[check](world(Paper()))


@pytest.mark.parametrize(("check", "spoiled", "said"), BROKEN, ids=[f"{name} {said}" for name, _, said in BROKEN])
def test_what_aws_does_otherwise_is_said(check: str, spoiled: dict[str, Any], said: str) -> None:
    with pytest.raises(Failed, match=said):
        CHECKS[check](world(Paper(**spoiled)))


@pytest.mark.parametrize("check", ["sms_handed_on", "signing_algorithm"])
def test_a_story_that_ended_early_fails_what_it_should_have_shown(check: str) -> None:
    with pytest.raises(Failed, match="Step 4"):
        CHECKS[check](world(Paper(), Story(differed="Step 4 differs")))


@pytest.mark.parametrize(
    "check",
    [
        *("person_told", "subprotocol", "route_response", "socket_through_front"),
        *("viewer_headers", "kept_by_nobody", "direct_calls"),
    ],
)
def test_without_a_phone_a_question_is_not_asked(check: str) -> None:
    with pytest.raises(NotAsked, match="Step 4"):
        CHECKS[check](world(Paper(), Story(differed="Step 4 differs")))


def test_roles_without_conditions_are_not_asked() -> None:
    with pytest.raises(NotAsked, match="no role"):
        CHECKS["fine_grained_rights"](world(Paper(statements=[ALLOWANCE])))


def test_a_log_may_arrive_later() -> None:
    pauses: list[float] = []
    CHECKS["logs_arrive"](world(Paper(lines={"functions": 0, "http": 3}), pause=pauses.append))
    assert len(pauses) == 3


def test_every_socket_has_a_ticket_of_its_own_and_all_are_closed() -> None:
    paper = Paper()
    here = world(paper)
    for check in ("subprotocol", "route_response", "socket_through_front"):
        CHECKS[check](here)
    assert paper.asked == ["socket 1", "closed", "socket 2", "closed", "socket 3", "closed"]


def test_calls_past_cloudfront_go_to_the_apis_own_host() -> None:
    paper = Paper()
    CHECKS["direct_calls"](world(paper))
    assert paper.asked == [f"POST {API}/v1/logins", "past CloudFront with account"]
    assert not API.startswith(URL)


def test_the_socket_api_has_a_host_of_its_own_that_no_output_names() -> None:
    """With one host the output WebSocketUrl is the public address: a call to it is no call past CloudFront."""
    api = "https://h1.execute-api.eu-central-1.amazonaws.com"
    found = Addresses.of(URL, api, {"HttpApi": "h1", "WebSocketApi": "w2"})
    assert found.websocket == "wss://w2.execute-api.eu-central-1.amazonaws.com/ws"
    assert found.hosts == ["d1.cloudfront.net", api.removeprefix("https://"), found.websocket.split("/")[2]]


def test_a_role_that_may_nothing_of_what_a_denial_takes_away_is_asked_nothing() -> None:
    CHECKS["fine_grained_rights"](world(Paper(denies="allowed", statements=[DENIAL, STREAM])))


def test_every_question_gets_a_verdict_whatever_another_meets() -> None:
    paper, said = Paper(subprotocol="other", place=None), list[str]()
    here = world(paper)
    here.addresses_of = lambda _: 1 // 0  # type: ignore[assignment, return-value]  # a fault of ours
    verdicts = ask(CHECKS, here, said.append)
    assert {one.id: one.outcome for one in verdicts if one.outcome != "holds"} == {
        "subprotocol": "FAILS",
        "viewer_headers": "FAILS",
        "ipv6": "FAILS",
    }
    assert len(said) == len(BLIND_SPOTS)
    assert "ZeroDivisionError" in said[-2]
    assert said[0] == f"holds      {BLIND_SPOTS[0].sentence}"
