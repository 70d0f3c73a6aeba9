"""`make smoke` up to the credentials, and what it does with them: it refuses, asks, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from bench.cost.prices import REGIONS
from labs.smoke import __main__ as command
from labs.smoke import trial
from labs.smoke.account import STACK, Unfit, check_confirmed, check_phone, check_stage, check_throwaway
from labs.smoke.cost import ALARMS, KEYS, METRICS, SECRETS, at_most
from labs.smoke.removal import remove
from labs.smoke.stack import BROKEN, PARAMETERS, NotDeployed, Stack
from labs.smoke.trial import broken, try_out
from smartident_laptop.template import TEMPLATE, Template
from tests.support.fake_aws import Aws

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE, ACCOUNT = "+491701234567", "123456789012"
REGION = "eu-central-1"


class Client:
    """A client of AWS on paper: what each operation answers, or how it fails; and what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        def ask(*_: object, **__: object) -> Any:
            self.asked.append(operation)
            answer = self.answers[operation]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [getattr(self, operation)()])


def denied(code: str, text: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, "Operation")


def stacks(*found: tuple[str, str, str]) -> Client:
    keys = ("StackName", "StackStatus", "TemplateDescription")
    return Client(list_stacks={"StackSummaries": [dict(zip(keys, one, strict=True)) for one in found]})


class Session:
    """A session of boto3 on paper."""

    def __init__(self, **clients: Client) -> None:
        self.clients = {"sts": Client(get_caller_identity={"Account": ACCOUNT}), "cloudformation": stacks(), **clients}
        self.clients.setdefault("sns", Client(get_sms_sandbox_account_status={"IsInSandbox": False}))

    def client(self, service: str, **_: str) -> Client:
        return self.clients[service]

    def get_available_regions(self, _: str) -> list[str]:
        return [REGION, "us-east-1"]


def told(session: Session, *arguments: str, typed: str = "") -> int:
    return command.main(["--phone", PHONE, "--environment", "", *arguments], session, lambda _: typed)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes that something was about to be deployed."""
    seen: list[str] = []

    def deploy(*_: object) -> int:
        seen.append("deployed")
        return 0

    monkeypatch.setattr(command, "_try_out", deploy)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    return seen


@pytest.mark.parametrize("error", [NoCredentialsError(), denied("ExpiredToken")], ids=["none", "expired"])
def test_without_credentials_a_plain_sentence_says_what_to_do(
    error: Exception, capsys: pytest.CaptureFixture[str], deployed: list[str]
) -> None:
    assert told(Session(sts=Client(get_caller_identity=error))) == 2
    assert "There are no AWS credentials that work here" in capsys.readouterr().out
    assert deployed == []


def test_the_command_itself_says_so(tmp_path: Path) -> None:
    """As `make smoke` calls it, on a machine that knows no account."""
    nobody = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    python = ["-m", "labs.smoke", "--phone", PHONE]
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, *python],
        cwd=TEMPLATE.parent,
        env={**nobody, "PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith("There are no AWS credentials that work here (NoCredentialsError).")


def test_for_real_deployments_there_is_no_trial(capsys: pytest.CaptureFixture[str], deployed: list[str]) -> None:
    assert told(Session(), "--environment", "prod", typed=ACCOUNT) == 2
    assert "ENV=prod" in capsys.readouterr().out
    assert deployed == []
    check_stage("dev")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (("smartident-dev", "CREATE_COMPLETE", ""), "no throw-away account"),
        (("Login2FA", "UPDATE_COMPLETE", "smartIDENT, the second factor of FinanceApp's login."), "Login2FA"),
        (("smartident", "DELETE_FAILED", ""), "smartident"),
        ((STACK, "CREATE_COMPLETE", ""), "--remove"),
    ],
)
def test_an_account_in_which_people_may_log_in_is_refused(
    found: tuple[str, str, str], said: str, capsys: pytest.CaptureFixture[str], deployed: list[str]
) -> None:
    assert told(Session(cloudformation=stacks(found)), typed=ACCOUNT) == 2
    assert said in capsys.readouterr().out
    assert deployed == []


def test_what_is_gone_or_of_others_is_no_obstacle_nor_a_region_that_is_switched_off() -> None:
    gone = ("smartident-old", "DELETE_COMPLETE", ""), ("website", "CREATE_COMPLETE", "a site")
    off = Client(list_stacks=denied("UnrecognizedClientException"))
    check_throwaway({"a": stacks(*gone), "b": off}.__getitem__, ["a", "b"])
    with pytest.raises(ClientError):
        check_throwaway(lambda _: Client(list_stacks=denied("AccessDenied")), ["a"])


def test_a_right_that_is_missing_is_said_without_a_traceback(
    capsys: pytest.CaptureFixture[str], deployed: list[str]
) -> None:
    assert told(Session(cloudformation=Client(list_stacks=denied("AccessDenied"))), typed=ACCOUNT) == 2
    assert "cannot be looked at" in capsys.readouterr().out


@pytest.mark.parametrize("status", ["Pending", None])
def test_in_the_sandbox_the_phone_must_be_verified(status: str | None) -> None:
    numbers = [{"PhoneNumber": PHONE, "Status": status}] if status else []
    sandbox = {"get_sms_sandbox_account_status": {"IsInSandbox": True}}
    with pytest.raises(Unfit, match="verify-sms-sandbox-phone-number"):
        check_phone(Client(**sandbox, list_sms_sandbox_phone_numbers={"PhoneNumbers": numbers}), PHONE)
    verified = {"PhoneNumbers": [{"PhoneNumber": PHONE, "Status": "Verified"}]}
    check_phone(Client(**sandbox, list_sms_sandbox_phone_numbers=verified), PHONE)
    check_phone(Client(get_sms_sandbox_account_status={"IsInSandbox": False}), PHONE)


def test_nothing_is_deployed_before_the_accounts_number_is_typed(
    capsys: pytest.CaptureFixture[str], deployed: list[str]
) -> None:
    assert told(Session(), typed="yes") == 2
    assert deployed == []
    out = capsys.readouterr().out
    assert f"to account {ACCOUNT}, {REGION}" in out
    assert "at most 0." in out
    assert told(Session(), typed=ACCOUNT) == 0
    assert told(Session(), "--yes", ACCOUNT) == 0
    assert deployed == ["deployed"] * 2
    with pytest.raises(Unfit):
        check_confirmed("", ACCOUNT)


def test_what_cannot_be_built_is_not_deployed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], deployed: list[str]
) -> None:
    asked: list[list[str]] = []

    def fail(told: list[str], **_: object) -> Any:
        asked.append(told)
        return SimpleNamespace(returncode=2)

    monkeypatch.setattr(subprocess, "run", fail)
    assert told(Session(), "--make", "make -s", typed=ACCOUNT) == 2
    assert asked == [["make", "-s", "validate", "build"]]
    assert "was not built" in capsys.readouterr().out
    assert deployed == []


def test_somebody_must_get_the_sms(capsys: pytest.CaptureFixture[str], deployed: list[str]) -> None:
    assert told(Session(), "--phone", "", typed=ACCOUNT) == 2
    assert "--phone" in capsys.readouterr().out


@pytest.mark.parametrize("region", REGIONS)
def test_a_trial_costs_less_than_a_dollar(region: str) -> None:
    assert 0.3 < at_most(REGIONS[region]) < 1


def test_no_more_stands_in_a_trial_than_is_paid_for() -> None:
    template = Template(parameters={**PARAMETERS, "PublicUrl": "https://d1.cloudfront.net"})
    made = {kind: len(list(template.resources(f"AWS::{kind}"))) for kind in ("SecretsManager::Secret", "KMS::Key")}
    alarms = [one.get("Metrics", [one]) for _, one in template.resources("AWS::CloudWatch::Alarm")]
    # A query of Metrics Insights counts as one; the sum over the others is free.
    paid = [one for each in alarms for one in each if "Expression" not in one or "SELECT" in str(one["Expression"])]
    filters = {
        one["MetricTransformations"][0]["MetricName"] for _, one in template.resources("AWS::Logs::MetricFilter")
    }
    standing = zip((*made.values(), len(paid), len(filters)), (SECRETS, KEYS, ALARMS, METRICS), strict=True)
    assert all(0 < one <= most for one, most in standing)


# The stack


def sam(tmp_path: Path, **answers: Any) -> tuple[Stack, list[list[str]]]:
    """A stack of a build on paper, and the calls of SAM."""
    build = tmp_path / "build"
    build.mkdir(exist_ok=True)
    (build / "template.yaml").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    outputs = [{"OutputKey": "PagesUrl", "OutputValue": "https://d1.cloudfront.net"}]
    found = {"Stacks": [{"StackStatus": "UPDATE_ROLLBACK_COMPLETE", "Outputs": outputs}]}
    client, calls = Client(describe_stacks=found, **answers), list[list[str]]()

    def run(told: list[str], **_: object) -> Any:
        parameters = json.loads((tmp_path / "smoke.yaml").read_text(encoding="utf-8"))
        calls.append([*told, json.dumps(parameters)])
        return SimpleNamespace(returncode=answers.get("returncode", 0))

    return Stack(lambda _: client, build, Path("sam"), REGION, run), calls


def test_a_first_deployment_is_told_its_address_by_a_second(tmp_path: Path) -> None:
    stack, calls = sam(tmp_path)
    stack.deploy()
    first, second = (json.loads(call[-1]) for call in calls)
    assert (first["PublicUrl"], second["PublicUrl"]) == ("", "https://d1.cloudfront.net")
    assert first["Release"] != second["Release"]
    assert (first["OneHost"], first["Shift"]) == ("yes", "AllAtOnce")
    assert calls[0][:2] == ["sam", "deploy"]
    assert STACK in calls[0]
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"


def test_a_deployment_that_fails_is_said(tmp_path: Path) -> None:
    stack, _ = sam(tmp_path, returncode=1)
    with pytest.raises(NotDeployed, match="sam deploy failed"):
        stack.deploy()


def test_the_canary_differs_by_one_function_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack, _ = sam(tmp_path)
    started: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda told, **_: started.append(told))
    stack.start_broken()
    whole, cut = ((stack.build / name).read_text(encoding="utf-8") for name in ("template.yaml", "broken.yaml"))
    assert whole.replace(*BROKEN) == cut != whole
    assert json.loads((tmp_path / "smoke.yaml").read_text(encoding="utf-8"))["Shift"] == "Canary10Percent5Minutes"
    assert str(stack.build / "broken.yaml") in started[0]
    (stack.build / "template.yaml").write_text("no function", encoding="utf-8")
    with pytest.raises(NotDeployed, match="to break"):
        stack.start_broken()


def test_people_call_while_the_canary_is_deployed(tmp_path: Path) -> None:
    stack, _ = sam(tmp_path)
    polls, calls, ended = [None, None, 1], list[int](), list[str]()
    deploy: Any = SimpleNamespace(poll=lambda: polls.pop(0), terminate=lambda: ended.append("ended"))
    status = broken(deploy, stack, lambda: calls.append(1), lambda _: None)
    assert (status, len(calls), ended) == ("UPDATE_ROLLBACK_COMPLETE", 2, ["ended"])


# The end


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each removal."""
    seen: list[str] = []

    def forget(*_: object) -> list[str]:
        seen.append("removed")
        return []

    monkeypatch.setattr(trial, "remove", forget)
    return seen


def test_a_deployment_that_fails_is_removed(removed: list[str]) -> None:
    stack: Any = SimpleNamespace(deploy=lambda: (_ for _ in ()).throw(NotDeployed("no")), aws=None)
    with pytest.raises(NotDeployed):
        try_out(stack, PHONE, terminal=SimpleNamespace(), say=lambda _: None)  # type: ignore[arg-type]  # never asked
    assert removed == ["removed"]


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """A process in the background of a shell may have been told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a request to end"])
def test_who_interrupts_leaves_nothing_behind(removed: list[str], number: signal.Signals) -> None:
    def interrupted() -> None:
        signal.raise_signal(number)
        # Python 3.11 looks for signals where a loop goes back.
        for _ in range(1000):
            pass

    stack: Any = SimpleNamespace(deploy=interrupted, aws=None, url="")
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        try_out(stack, PHONE, terminal=SimpleNamespace(), say=lambda _: None)  # type: ignore[arg-type]  # never asked
    assert removed == ["removed"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_check_that_fails_ends_in_the_removal_too(removed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(trial, "_world", fail)
    stack: Any = SimpleNamespace(deploy=lambda: None, aws=None, url="https://d1.cloudfront.net")
    with pytest.raises(RuntimeError):
        try_out(stack, PHONE, terminal=SimpleNamespace(), say=lambda _: None)  # type: ignore[arg-type]  # never asked
    assert removed == ["removed"]


@pytest.fixture
def account(cloud: Aws) -> Any:
    """An account of moto with what a stack leaves behind; CloudFormation is on paper, and deletes only itself."""
    session = boto3.Session(region_name=REGION)
    table = {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "pk", "KeyType": "HASH"}
    session.client("dynamodb").create_table(
        TableName="smoke-table",
        AttributeDefinitions=[table[0]],
        KeySchema=[table[1]],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    s3, key = session.client("s3"), session.client("kms").create_key()["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="smoke-pages", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="smoke-pages", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket="smoke-pages", Key="index.html", Body=body)
    s3.delete_object(Bucket="smoke-pages", Key="index.html")
    secret = session.client("secretsmanager").create_secret(Name="smoke-pepper", SecretString="x")["ARN"]
    kinds = {
        "DynamoDB::Table": "smoke-table",
        "KMS::Key": key,
        "SecretsManager::Secret": secret,
        "S3::Bucket": "smoke-pages",
    }
    listed = [{"ResourceType": f"AWS::{kind}", "PhysicalResourceId": name} for kind, name in kinds.items()]
    listed += [{"ResourceType": "AWS::Lambda::Function", "PhysicalResourceId": "f"}, {"ResourceType": "AWS::KMS::Key"}]
    cloudformation = Client(
        list_stack_resources={"StackResourceSummaries": listed},
        delete_stack=None,
        get_waiter=SimpleNamespace(wait=lambda **_: None),
    )
    clients = {"cloudformation": cloudformation}
    yield lambda service: clients.get(service) or session.client(service)
    for bucket in s3.list_buckets()["Buckets"]:
        if bucket["Name"] == "smoke-pages":
            s3.delete_bucket(Bucket="smoke-pages")


def test_what_outlives_a_stack_is_removed_as_well(account: Any) -> None:
    assert remove(account, lambda _: None) == []
    assert "smoke-table" not in account("dynamodb").list_tables()["TableNames"]
    assert "smoke-pages" not in [one["Name"] for one in account("s3").list_buckets()["Buckets"]]
    assert [
        one for one in account("secretsmanager").list_secrets()["SecretList"] if one["Name"] == "smoke-pepper"
    ] == []
    states = [account("kms").describe_key(KeyId=one["KeyId"]) for one in account("kms").list_keys()["Keys"]]
    assert "PendingDeletion" in {one["KeyMetadata"]["KeyState"] for one in states}
    # Once more: there is nothing any more, and that is no error.
    table = [one for one in remove(account, lambda _: None) if "smoke-table" in one or "smoke-pepper" in one]
    assert all("ResourceNotFoundException" in one for one in table)


def test_a_stack_that_is_not_there_leaves_nothing_and_what_resists_is_named() -> None:
    absent = Client(list_stack_resources=denied("ValidationError", f"Stack with id {STACK} does not exist"))
    assert remove(lambda _: absent, lambda _: None) == []
    stuck = Client(
        list_stack_resources={
            "StackResourceSummaries": [{"ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": "b"}]
        },
        delete_stack=denied("AccessDenied", "no"),
        list_object_versions=denied("AccessDenied", "no"),
    )
    left = remove(lambda _: stuck, lambda _: None)
    assert [one.partition(":")[0] for one in left] == [STACK, "b"]


def test_what_is_left_is_said_with_what_it_means(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(trial, "remove", lambda *_: ["table: no"])
    assert trial.tidy_up(lambda _: None, said.append) == 1
    assert said[0] == "NOT REMOVED, it costs money: table: no"
