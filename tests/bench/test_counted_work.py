"""The cost model's counts are those of the running code: a story is played, and every unit, byte and call counted."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
import pytest

from bench.cost.work import ENROLMENT, LOGIN, STANDING, Work
from smartident.crypto import pepper
from smartident_client.answers import Registration
from smartident_client.sms import code_in
from tests.logins.test_budget import READS, WRITES
from tests.support.browser_tab import Tab
from tests.support.iam_roles import TEMPLATE
from tests.support.log_lines import logged
from tests.support.world import PASSWORD, TABLE, World

if TYPE_CHECKING:
    from tests.support.fake_aws import Call
    from tests.support.world import Phone

DAY, READ_UNIT, WRITE_UNIT = 86_400, 4096, 1024
# Of what API Gateway fills its access log with.
SAMPLES = {
    "requestTimeEpoch": "1800000000000",
    "requestId": "JKJaXmPLvHcESHA=",
    "identity.sourceIp": "198.51.100.107",
    "routeKey": "POST /v1/approvals/{login_id}",
    "status": "200",
    "responseLength": "1024",
    "responseLatency": "48",
    "integrationLatency": "44",
    "error.responseType": "-",
}


@dataclass
class Counted:
    """What a story has cost so far."""

    world: World
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    read_units: int = 0
    write_units: int = 0
    http_requests: int = 0
    answer_bytes: int = 0
    sms: str = ""

    def http(self, route: str, answer: tuple[int, dict[str, str], Any]) -> Any:
        """Count a request that is answered; its body."""
        assert answer[0] < 300, answer[2]
        self.http_requests += 1
        self.answer_bytes += len(json.dumps(answer[2], separators=(",", ":")))
        self.took(route)
        return answer[2]

    def took(self, route: str) -> None:
        """Count the calls since the last look: what each reads and writes is looked up in the table as it now is."""
        calls, self.world.aws.calls[:] = list(self.world.aws.calls), []
        self.calls[route] = tuple(call.operation for call in calls if call.operation != "GetSecretValue")
        for call in calls:
            self.sms = call.ask.get("Message", self.sms)
            if call.operation in READS:
                self.read_units += -(-max(read_bytes(call), 1) // READ_UNIT)
            if call.operation in WRITES:
                self.write_units += written_units(call)
        self.world.aws.calls.clear()


def client() -> Any:
    return boto3.client("dynamodb")


def size(value: dict[str, Any]) -> int:
    """The bytes of an attribute's value as DynamoDB counts them."""
    [(kind, held)] = value.items()
    if kind == "M":
        return 3 + sum(len(name) + 1 + size(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + size(one) for one in held)
    if kind == "SS":
        return sum(len(one.encode()) for one in held)
    return {"S": lambda: len(held.encode()), "N": lambda: (len(held) + 1) // 2 + 1}.get(kind, lambda: 1)()


def weight(item: dict[str, Any]) -> int:
    """The bytes of an item as DynamoDB counts them."""
    return sum(len(name) + size(value) for name, value in item.items())


def read_bytes(call: Call) -> int:
    ask = {name: value for name, value in call.ask.items() if name != "ReturnConsumedCapacity"}
    if call.operation == "Query":
        return sum(map(weight, client().query(**ask)["Items"]))
    return weight(client().get_item(**ask).get("Item", {}))


def written_units(call: Call) -> int:
    """A unit for each KB of an item, twice in a transaction; what a transaction only checks costs as much."""
    transacted = call.operation == "TransactWriteItems"
    parts = call.ask["TransactItems"] if transacted else [{"one": call.ask}]
    return sum(units(ask) * (1 + transacted) for part in parts for ask in part.values())


def units(ask: dict[str, Any]) -> int:
    source = ask.get("Key") or ask["Item"]
    key = {name: source[name] for name in ("pk", "sk")}
    return -(-max(weight(client().get_item(TableName=TABLE, Key=key).get("Item", {})), 1) // WRITE_UNIT)


def kept(account_id: str, *kinds: str) -> int:
    """The bytes of an account's rows of these kinds."""
    ask = {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": account_id}},
    }
    return sum(weight(item) for item in client().query(**ask)["Items"] if item["sk"]["S"].partition("#")[0] in kinds)


def access_log_bytes() -> int:
    """One line of the HTTP API's access log, filled with what it usually holds."""
    [(_, api)] = TEMPLATE.resources("AWS::Serverless::HttpApi")
    line = str(api["AccessLogSettings"]["Format"])
    for name, sample in sorted(SAMPLES.items(), key=lambda pair: -len(pair[0])):
        line = line.replace(f"$context.{name}", sample)
    assert "$context" not in line
    return len(line)


def same(work: Work, counted: Counted, *, log: str, kept_bytes: int) -> None:
    """Hold the model's figures to the counted ones; lengths differ a little from one run to the next."""
    assert {one.route: one.calls for one in work.invocations} == counted.calls
    assert (work.read_units, work.write_units) == (counted.read_units, counted.write_units)
    assert work.http_requests == counted.http_requests
    said = len(log) + access_log_bytes() * counted.http_requests
    assert work.log_bytes == pytest.approx(said, rel=0.03)
    assert work.answer_bytes == pytest.approx(counted.answer_bytes, rel=0.03)
    assert work.kept_bytes == pytest.approx(kept_bytes, rel=0.03)


@pytest.fixture
def counted(world: World) -> Counted:
    world.now = int(time.time())
    pepper.pepper()
    return Counted(world)


def test_a_login_is_what_the_model_says(world: World, counted: Counted) -> None:
    anna = world.account()
    phone, tab = world.phone(anna), Tab(world)
    # Not the first: it reads what became of the one before it, of yesterday.
    world.now -= DAY
    world.trusted_browser(anna, phone)
    world.now += DAY
    world.aws.clear()
    with logged() as log:
        login_on(world, counted, anna.number, phone, tab)
    same(LOGIN, counted, log=log.text, kept_bytes=kept(anna.id, "LOGIN") // 2)
    assert LOGIN.signatures == sum(calls.count("Sign") for calls in counted.calls.values())
    assert LOGIN.socket_messages == 1 + len(tab.heard)


def login_on(world: World, counted: Counted, number: str, phone: Phone, tab: Tab) -> None:
    """A login over the handlers, as page and app do it."""
    ask = {"identifier": number, "password": PASSWORD}
    begun = counted.http("POST /v1/logins", world.http("POST", "/v1/logins", ask))
    login_id = begun["login_id"]
    tab.connect(*begun["socket"]["protocols"])
    counted.took("$connect")
    tab.ask(login_id)
    counted.took("$default")
    [waiting] = counted.http("GET /v1/approvals", world.send(phone, "GET", "/v1/approvals"))["approvals"]
    evidence = phone.evidence(waiting["statement"], begun["transfer_code"].replace(" ", ""), now=world.now)
    decided = world.send(phone, "POST", f"/v1/approvals/{login_id}", {"decision": "approve", "evidence": evidence})
    counted.http("POST /v1/approvals/{login_id}", decided)
    bearer = {"authorization": f"Bearer {begun['login_token']}"}
    done = world.http("POST", f"/v1/logins/{login_id}/complete", headers=bearer)
    counted.http("POST /v1/logins/{login_id}/complete", done)


def test_an_enrolment_is_what_the_model_says(world: World, counted: Counted) -> None:
    anna, phone = world.account(), world.new_phone()
    world.aws.clear()
    with logged() as log:
        ask = {"identifier": anna.number, "password": PASSWORD, "device_key": phone.key.public_jwk()}
        ask |= {"device_name": "Annas Telefon", "platform": "ios"}
        begun = counted.http("POST /v1/keys", world.send(phone, "POST", "/v1/keys", ask))
        registered = msgspec.convert(begun, Registration)
        proof = phone.approval.prove(registered, device_key=phone.key)
        path = f"/v1/keys/{registered.registration_id}/verify"
        verified = world.send(phone, "POST", path, {"code": code_in(counted.sms), "approval_key": proof})
        counted.http("POST /v1/keys/{registration_id}/verify", verified)
    same(ENROLMENT, counted, log=log.text, kept_bytes=kept(anna.id, "DEVICE", "RECORD"))
    assert ENROLMENT.sms == counted.calls["POST /v1/keys"].count("Publish")


def test_functions_have_the_memory_that_the_model_says() -> None:
    routes = {route.key: route.function for route in TEMPLATE.routes}
    routes |= {key: route.function for key, route in TEMPLATE.socket_routes.items()}
    for one in (*LOGIN.invocations, *ENROLMENT.invocations):
        assert one.memory_mb == TEMPLATE.functions[routes[one.route]].memory


def test_what_stands_in_the_template_is_what_the_model_says() -> None:
    def number(kind: str) -> int:
        return len(list(TEMPLATE.resources(kind)))

    names = [one["MetricTransformations"][0]["MetricName"] for _, one in TEMPLATE.resources("AWS::Logs::MetricFilter")]
    assert STANDING.metrics == len(set(names))
    assert STANDING.alarms == sum(metrics_of(alarm) for _, alarm in TEMPLATE.resources("AWS::CloudWatch::Alarm"))
    assert STANDING.dashboards == number("AWS::CloudWatch::Dashboard")
    assert STANDING.keys == number("AWS::KMS::Key")
    assert STANDING.secrets == number("AWS::SecretsManager::Secret")
    assert STANDING.retention_days == int(TEMPLATE.environment["RETENTION_DAYS"])


def metrics_of(alarm: dict[str, Any]) -> int:
    """How many metrics an alarm looks at: each is paid."""
    return sum("MetricStat" in one for one in alarm["Metrics"]) if "Metrics" in alarm else 1
