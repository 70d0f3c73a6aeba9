"""`smartident doctor`: what is wrong with a deployment is said, each point with a plain verdict."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import boto3
import httpx
import pytest

from smartident.clients.client import ClientRow
from smartident.tokens.jwks import read_jwks
from smartident_cli.deployment import LIVE, Deployment
from smartident_cli.doctor.health_checks import address
from smartident_client.run_file import read_run_file, run_file
from smartident_laptop.run_file import published
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT
from tests.cli.operator import Operator, function_of
from tests.client.paper_service import Service
from tests.support.tax_app import TAX_PAGE, add_tax_app, client_row
from tests.support.world import ORIGIN, TABLE, World

NOWHERE = "ws://127.0.0.1:9/"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, world: World) -> Service:
    """A healthy API of paper."""
    service = Service()
    service.on("GET /.well-known/jwks.json", keys(read_jwks()[0]))
    service.on("OPTIONS /v1/logins", allowing(ORIGIN), allowing(None))

    class PaperClient(httpx.Client):
        def __init__(self, **how: Any) -> None:
            super().__init__(headers=how["headers"], transport=httpx.MockTransport(clocked))

    def clocked(request: httpx.Request) -> httpx.Response:
        answer = service(request)
        answer.headers["Date"] = formatdate(time.time() + float(answer.headers.get("Clock", 0)), usegmt=True)
        return answer

    monkeypatch.setattr(httpx, "Client", PaperClient)
    world.aws.fails("GetSMSSandboxAccountStatus", "AuthorizationError")
    world.aws.tells("GetAccountSettings", {"AccountLimit": {"ConcurrentExecutions": 1000}})
    dynamodb = boto3.client("dynamodb")
    dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    dynamodb.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return service


def keys(body: Any, clock: int = 0) -> httpx.Response:
    return httpx.Response(200, json=body, headers={"Clock": str(clock)})


def allowing(origin: str | None) -> httpx.Response:
    return httpx.Response(204, headers={"Access-Control-Allow-Origin": origin} if origin else {})


def verdicts(operator: Operator) -> tuple[int, list[str]]:
    told = operator("doctor", WEBSOCKET_URL=NOWHERE, PEPPER_SECRET_ARN=os.environ["PEPPER_SECRET_ARN"])
    return told.exit_code, told.output.splitlines()


def test_what_is_good_is_said_too(operator: Operator, service: Service) -> None:
    code, lines = verdicts(operator)
    assert code == 1
    assert [line for line in lines if line.startswith("gut")] == [
        "gut       https://api.example.test antwortet.",
        "gut       Das JWKS nennt genau die 1 Schlüssel in KMS.",
        "gut       Die Uhren gehen gleich.",
        "gut       Alle erreichen dieselbe Version (1).",
        "gut       Diese Version ist die zuletzt ausgerollte.",
        f"gut       Erlaubte Seiten: {ORIGIN}.",
        f"gut       CORS erlaubt {ORIGIN}.",
        "gut       CORS weist fremde Seiten ab.",
        "gut       Clients: financeapp.",
        "gut       Die Tabelle smartident ist bereit.",
        "gut       Abgelaufenes wird gelöscht (TTL).",
        "gut       Die Tabelle lässt sich zurückholen (PITR).",
        "gut       Die Tabelle ist vor Löschen geschützt.",
        "gut       Die Tabelle ist mit KMS verschlüsselt.",
        "gut       SMS gehen in diese Länder: DE, CH.",
        "gut       Für jedes dieser Länder ist bekannt, ob der Absendername registriert sein muss (Stand 2026-11-28).",
        "gut       1000 Anfragen dürfen zugleich laufen.",
    ]
    assert [line for line in lines if line.startswith("schlecht")] == [
        f"schlecht  Der WebSocket {NOWHERE} antwortet nicht.",
        "schlecht  Der Pepper ist zu kurz.",
    ]
    assert any(line.startswith("fraglich  sms ließ sich nicht prüfen: ") for line in lines)
    assert lines[-1].endswith("schlechte Punkte: 2.")


def test_a_client_whose_page_cors_does_not_let_in(operator: Operator, service: Service, world: World) -> None:
    add_tax_app(world)
    world.set(ALLOWED_ORIGINS=ORIGIN)
    code, lines = verdicts(operator)
    assert code == 1
    assert f"schlecht  Seiten des Clients taxapp stehen nicht in AllowedOrigins: {TAX_PAGE}." in lines
    assert "gut       Clients: financeapp, taxapp." in lines


def test_a_client_that_somebody_wrote_without_the_pepper(operator: Operator, service: Service, world: World) -> None:
    add_tax_app(world)
    client_row().update(actions=[ClientRow.name.set("Andere")])
    assert [line for line in verdicts(operator)[1] if "taxapp" in line] == [
        "schlecht  Den Client taxapp hat jemand ohne den Pepper in die Tabelle geschrieben; er gilt nicht."
    ]


def test_countries_that_no_sms_can_be_sent_to(operator: Operator, service: Service) -> None:
    told = operator("doctor", WEBSOCKET_URL=NOWHERE, SMS_COUNTRIES="DE,US")
    assert any("deren Vorwahl der Dienst nicht kennt: US." in line for line in told.output.splitlines())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(500), "schlecht  https://api.example.test antwortet nicht wie erwartet"),
        (keys({"keys": []}), "schlecht  Das JWKS nennt andere Schlüssel"),
        (keys({}, -30), "fraglich  Die Uhr hier"),
        (keys({}, 9999), "schlecht  Die Uhr hier"),
    ],
    ids=["broken", "other keys", "clock a bit off", "clock far off"],
)
def test_what_is_wrong_with_the_doors(operator: Operator, service: Service, answer: httpx.Response, said: str) -> None:
    service.answers.pop("GET /.well-known/jwks.json")
    service.on("GET /.well-known/jwks.json", answer)
    code, lines = verdicts(operator)
    assert code == 1
    assert any(line.startswith(said) for line in lines)


def test_settings_that_no_caller_meets_and_a_shift_that_is_under_way(operator: Operator, service: Service) -> None:
    changes = {"WEBSOCKET_URL": NOWHERE, "SMS_SENDER_ID": "Changed"}
    function: dict[str, Any] = {"FunctionName": function_of(operator.stack(**changes))}
    client: Any = boto3.client("lambda")
    client.update_function_configuration(**function, Environment={"Variables": {"SMS_SENDER_ID": "Later"}})
    told = operator("doctor", **changes).output
    assert "gut       Alle erreichen dieselbe Version (1)." in told
    assert "schlecht  Code oder Einstellungen der Version sind nicht die zuletzt ausgerollten" in told
    routing = {"AdditionalVersionWeights": {client.publish_version(**function)["Version"]: 0.1}}
    client.update_alias(**function, Name=LIVE, RoutingConfig=routing)
    told = operator("doctor", **changes).output
    assert "fraglich  Gerade wird auf eine neue Version umgestellt" in told
    assert "zuletzt ausgerollt" not in told


def test_where_nobody_answers_the_rest_is_looked_at(operator: Operator, world: World) -> None:
    for unseen in ("GetSMSSandboxAccountStatus", "GetAccountSettings"):
        world.aws.fails(unseen, "AccessDenied")
    told = operator("doctor", API_URL="http://127.0.0.1:9", WEBSOCKET_URL=NOWHERE)
    assert told.exit_code == 1
    assert "schlecht  http://127.0.0.1:9 antwortet nicht" in told.output
    assert f"schlecht  CORS erlaubt {ORIGIN} nicht." in told.output
    assert "gut       Die Tabelle smartident ist bereit." in told.output


def test_pages_that_may_not_ask_and_strangers_that_may(operator: Operator, service: Service) -> None:
    service.answers.pop("OPTIONS /v1/logins")
    service.on("OPTIONS /v1/logins", allowing("https://old.example.test"), allowing("*"))
    _, lines = verdicts(operator)
    assert f"schlecht  CORS erlaubt {ORIGIN} nicht." in lines
    assert "schlecht  CORS erlaubt jede Seite." in lines


def test_a_table_that_can_be_lost(operator: Operator, service: Service) -> None:
    dynamodb = boto3.client("dynamodb")
    dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=False)
    dynamodb.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    _, lines = verdicts(operator)
    assert "schlecht  PITR ist aus: Gelöschtes ist verloren." in lines
    assert "schlecht  Die Tabelle ist nicht vor Löschen geschützt." in lines


@pytest.mark.usefixtures("service")
def test_what_an_account_has_to_be_given_before_people_come(operator: Operator, world: World) -> None:
    world.aws.mends()
    world.aws.tells("GetSMSSandboxAccountStatus", {"IsInSandbox": True})
    world.aws.tells("GetSMSAttributes", {"attributes": {"MonthlySpendLimit": "1"}})
    world.aws.tells("GetAccountSettings", {"AccountLimit": {"ConcurrentExecutions": 10}})
    _, lines = verdicts(operator)
    assert "schlecht  Das Konto ist in der SMS-Sandbox: SMS erreichen nur bestätigte Nummern." in lines
    assert any(line.startswith("fraglich  SMS dürfen nur 1 USD im Monat kosten") for line in lines)
    assert any(line.startswith("fraglich  SNS schreibt nicht auf, was aus jeder SMS wurde") for line in lines)
    assert any(line.startswith("fraglich  Das Konto lässt nur 10 Anfragen zugleich laufen") for line in lines)


@pytest.fixture(scope="module")
def laptop() -> Iterator[Stack]:
    with Stack(seed=False) as stack, published(stack):
        yield stack


def at_the_laptop(stack: Stack, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "smartident_cli", *words, "--local", "--port", str(stack.port)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SMARTIDENT_"))}
    return subprocess.run(  # noqa: S603  our own module
        command, cwd=ROOT, env=plain, input=typed, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_laptop_is_healthy_and_takes_people(laptop: Stack) -> None:
    assert stat.S_IMODE(run_file(laptop.port).stat().st_mode) == 0o600
    told = at_the_laptop(laptop, "doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "nichts Schlechtes gefunden" in told.stdout
    assert at_the_laptop(laptop, "account", "create", "7", "--name", "Anna", typed="geheim-genug\n").returncode == 0
    assert "Anna" in at_the_laptop(laptop, "account", "show", "7").stdout


def test_a_stack_that_ended_is_not_there_any_more() -> None:
    stack = Stack()
    stack.port = 3
    with published(stack):
        assert run_file(3).exists()
    assert not run_file(3).exists()


def test_a_stack_that_was_killed_is_not_taken_for_running() -> None:
    stack, killed = Stack(), run_file(5)
    stack.port = 4
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    with published(stack):
        told = json.loads(run_file(4).read_text())
        assert read_run_file(run_file(4)) is not None
        killed.write_text(json.dumps({**told, "process": int(gone.stdout)}))
    assert read_run_file(killed) is None
    with published(stack):
        assert not killed.exists()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://d111111abcdef8.cloudfront.net", ["trial_address"]),
        ("https://D111111ABCDEF8.CloudFront.net:443", ["trial_address"]),
        ("https://login.example.com", []),
        ("https://cloudfront.net.example.com", []),
    ],
)
def test_an_address_that_cloudfront_named_is_called_one_for_trying(url: str, found: list[str]) -> None:
    assert [one.sentence for one in address(Deployment("smartident-dev", url, local=False))] == found
