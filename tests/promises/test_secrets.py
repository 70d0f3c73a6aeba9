"""A canary: the secrets of a person's whole way are marked, and found in no log line and in no item but their own.

What the functions log is read as CloudWatch would get it: Powertools' own lines, and whatever else prints or logs.
"""

from __future__ import annotations

import io
import json
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from smartident import telemetry
from smartident_client import base64url
from tests.promises import journey
from tests.promises.enrolling import EMAIL, PHONE
from tests.promises.journey import Journey
from tests.promises.source import MODULES
from tests.support.browser_tab import Tab
from tests.support.world import PASSWORD, TEMPLATE, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident_laptop.template import Route
    from tests.support.fake_aws import Aws

# What Powertools adds to every line, and what telemetry.py names.
STANDARD = {"level", "message", "timestamp", "service"}
LINES = {
    "request": {"route", "status", "request_id", "milliseconds"},
    "refusal": {"code", "why", "request_id"},
    "fault": {"error", "where", "request_id"},
    "event": {"event", "request_id"},
}
# What some events bear and others do not.
MAY = {"event": {"login", "reason", "seconds", "budget_left", "budget_percent"}, "request": {"viewer"}}
# Of what a database dump shows, an SMS needs the phone, and a used ticket is the hash that the next one is checked by.
WHERE_THEY_BELONG = {("phone", "account", "phone"), ("used ticket", "login", "ticket_hash")}
CANARY = "Kanarienvogel7"
OPERATIONS = ["GetItem", "UpdateItem", "Query", "TransactWriteItems", "Sign", "GetSecretValue"]


@dataclass
class Story:
    """What a whole way left behind: in the log, on the wire, in the table."""

    journey: Journey
    log: str
    items: list[dict[str, Any]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines()]


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All that is logged at any level, formatted as in Lambda."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(telemetry._logger().registered_formatter)
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="module")
def story(cloud: Aws) -> Iterator[Story]:
    """One whole way, and a fault of ours at its end."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    cloud.clear()
    with logged() as lines:
        lived = journey.whole(world)
        journey.be_told(lived)
        cloud.fails("Query", "ValidationException")
        lived.send(500, lived.phone, "GET", "/v1/devices")
        cloud.clear()
        lived.keep("phone", PHONE)
        yield Story(lived, lines.getvalue(), lived.items())
    patch.undo()


def found(secrets: dict[str, str], text: str) -> list[str]:
    """The secrets that stand in a text; a code of digits only where no other digit is beside it."""
    return [
        name
        for name, secret in secrets.items()
        # More patterns than `re` keeps: one is made where the text holds the secret at all.
        if secret in text and re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", text)
    ]


def strings(value: Any) -> Iterator[str]:
    """Every text and number of an item, as text."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from (name, *strings(member))
    elif value is not None:
        yield str(value)


def in_table(secrets: dict[str, str], items: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Which secret stands where: its name without number, the kind of item, the attribute."""
    return {
        (name.rpartition(" ")[0], item["kind"], attribute)
        for item in items
        for attribute, value in item.items()
        for name in found(secrets, "\n".join(strings(value)))
    }


def test_the_log_holds_no_secret(story: Story) -> None:
    assert len(story.lines) > len(story.journey.answers)
    assert found({**story.journey.secrets, "e-mail": EMAIL, "account": story.journey.account.id}, story.log) == []


def test_a_log_line_holds_what_telemetry_names_and_nothing_else(story: Story) -> None:
    assert {line["message"] for line in story.lines} == LINES.keys()
    for line in story.lines:
        assert line.keys() - MAY.get(line["message"], set()) == STANDARD | LINES[line["message"]]
        assert re.fullmatch(r"([A-Z]+ /[\w/{}.-]+|\$\w+)", line.get("route", "$connect"))


def test_only_telemetry_logs_so_that_a_new_field_is_seen_there() -> None:
    loggers = {"Logger", "logger", "_logger", "logging", "Tracer", "Metrics"}
    assert {name for name, one in MODULES.items() if set(one.names()) & loggers} == {"smartident.telemetry"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_fault_leaves_no_secret_in_the_log(operation: str, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    """The texts of DynamoDB and KMS may repeat what they were sent; ours never repeat theirs."""
    with logged() as lines:
        lived = journey.begin(world)
        login = journey.live(lived)
        body = journey.approval(lived, login, login["transfer_code"])
        world.aws.fails(operation, "ValidationException")
        lived.cool()
        world.http("POST", "/v1/logins", {"identifier": EMAIL, "password": PASSWORD})
        world.send(lived.phone, "POST", f"/v1/approvals/{login['login_id']}", body)
        world.http("GET", f"/v1/logins/{login['login_id']}", headers=login["bearer"])
        world.http("POST", f"/v1/logins/{login['login_id']}/complete", headers=login["bearer"])
    lived.keep("phone", PHONE)
    said = capfd.readouterr()
    assert found(lived.secrets, lines.getvalue() + said.out + said.err) == []


@pytest.mark.parametrize("route", TEMPLATE.routes, ids=lambda route: str(route.key))
def test_nothing_that_a_stranger_sends_is_logged_or_said_back(route: Route, world: World) -> None:
    """In the path, the query, every header and the body, as name and as value, in a proof that nobody signed."""
    path = re.sub(r"\{\w+\}", f"{CANARY}.{CANARY}", route.path) + f"?before={CANARY}&{CANARY}=1"
    claims = base64url.encode(json.dumps({"sub": CANARY, "htm": CANARY, "jti": CANARY}).encode())
    header = base64url.encode(json.dumps({"typ": "dpop+jwt", "alg": CANARY, "kid": CANARY}).encode())
    headers = dict.fromkeys(("origin", "user-agent", "accept-language", "x-forwarded-for", "cookie"), CANARY)
    headers |= {"authorization": f"Bearer {CANARY}", "dpop": f"{header}.{claims}.{base64url.encode(CANARY.encode())}"}
    for body in ({"identifier": CANARY, "password": CANARY}, {CANARY: CANARY}, [CANARY], CANARY.encode()):
        with logged() as lines:
            answer = world.http(route.method, path, body, headers=headers)
        assert answer[0] in {200, *range(400, 500)}
        assert CANARY not in lines.getvalue() + json.dumps(answer)


@pytest.mark.parametrize("text", [CANARY, json.dumps({"action": CANARY}), json.dumps({"action": "status", CANARY: 1})])
def test_nothing_that_a_page_says_is_logged(text: str, world: World) -> None:
    tab = Tab(world)
    with logged() as lines:
        tab.connect("smartident.v1", f"{CANARY}.{CANARY}.{CANARY}", origin=CANARY)
        tab.connect("smartident.v1", f"{CANARY}.{CANARY}.{CANARY}")
        tab.say(text)
    assert len(lines.getvalue().splitlines()) >= 3
    assert CANARY not in lines.getvalue() + json.dumps(tab.heard)


def test_a_refusal_never_says_the_value_back(story: Story) -> None:
    refused = [answer for answer in story.journey.answers if answer.status >= 400]
    assert refused
    for answer in refused:
        assert found(story.journey.secrets, json.dumps(answer.body)) == [], f"{answer.method} {answer.path}"


def test_the_table_alone_opens_nothing_while_a_login_waits(world: World) -> None:
    lived = journey.begin(world)
    journey.live(lived)
    lived.keep("phone", PHONE)
    assert in_table(lived.secrets, lived.items()) == WHERE_THEY_BELONG


PUSH_SECRETS = {"push endpoint": "endpoint", "push secret of the browser": "auth"}


def test_the_table_keeps_the_signed_receipt_and_no_other_secret(story: Story) -> None:
    """The receipt is what the person signed, the transfer code in it: worth nothing once the login is decided.

    A denial is kept with the proof of its request, which could only deny again; a removal with its signature, which
    could only remove the same phone again; an opening with its own, good for one freeze. By its notification token a
    client knows us: who pings with it has it ask here, where it has to prove who it is. A
    wish for recovery codes counts for minutes. The stop of a waiting phone is kept with the proof of its request, which
    could only stop it again.
    """
    kept_with_denials = {(name, "login", "denial_evidence") for name in ("evidence", "proof", "proof's signature")}
    expected = (
        WHERE_THEY_BELONG
        | kept_with_denials
        | {("evidence", "login", "receipt"), ("evidence", "record", "receipt"), ("signed removal", "record", "receipt")}
        | {("signed opening", "record", "receipt")}
        # Without them nobody could be woken; they open nothing.
        | {(name, "push_subscription", kept) for name, kept in PUSH_SECRETS.items()}
        | {("notification token", "backchannel_request", "notification_token")}
        | {("signed wish for codes", kind, "receipt") for kind in ("recovery_codes", "record")}
        | {(name, "record", "receipt") for name in ("proof", "proof's signature")}
    )
    # A completed login has no ticket any more.
    ticket = ("used ticket", "login", "ticket_hash")
    assert in_table(story.journey.secrets, story.items) | {ticket} == expected
    logins = [item for item in story.items if item["kind"] == "login" and "receipt" in item]
    kept = [item for item in logins if "pwd" in item["amr"]]
    signed = [json.loads(base64url.decode(json.loads(item["receipt"])["jws"].split(".")[1])) for item in kept]
    assert signed
    assert {one["transfer_code"] for one in signed} <= set(story.journey.secrets.values())
    assert {item["state"] for item in kept} <= {"approved", "completed", "denied"}


def test_an_e_mail_stands_in_its_lookup_and_beside_its_account_only(story: Story) -> None:
    """And that of a stranger nowhere: the guard of an unknown identifier is named by a seal."""
    people = {"e-mail 1": EMAIL, "stranger 2": "nobody@person.example"}
    assert in_table(people, story.items) == {
        ("e-mail", "email", "pk"),
        ("e-mail", "account", "email"),
        # Where a notice went, for thirty days: the account is beside it.
        ("e-mail", "notice", "told"),
    }


def test_what_is_secret_stays_out_of_reprs(world: World) -> None:
    """An exception's text or a debugger's line would show them."""
    account = world.account()
    world.phone(account)
    started = world.start(account)
    shown = repr(started) + repr(started.login) + repr(account)
    assert found({"token": started.token, "transfer code": str(started.transfer_code)}, shown) == []
    assert not re.search(r"\+49170|token_hash|transfer_code_mac|Anna", shown)
