"""A deploy is one release: whatever of it differs, callers get new versions of all functions, and can be taken back."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from smartident_laptop.template import ROOT, Template
from tests.promises.test_deployment import given
from tools.addresses import ADDRESSES, FROM_PUBLIC_URL, named_by, passing
from tools.release import (
    TOLD,
    Unfit,
    check_key_order,
    check_lasting,
    check_runtime,
    effective,
    first_shift,
    key_order,
    name_address,
    outputs_of,
    release,
    status_of,
    taken_back,
)

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = Template()
PAPER = ROOT / "template.yaml"
GLOBALS: dict[str, Any] = TEMPLATE.document["Globals"]["Function"]
FUNCTIONS = dict(TEMPLATE.resources("AWS::Serverless::Function"))
ALARMS = dict(TEMPLATE.resources("AWS::CloudWatch::Alarm"))
NAMED = "https://d111111abcdef8.cloudfront.net"
PARAMETERS = {"SmsDailyBudget": "50", "LogLevel": "INFO"}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """What a build leaves, in small."""
    (tmp_path / "Login" / "login").mkdir(parents=True)
    (tmp_path / "Login" / "login" / "handler.py").write_text("handler = print\n")
    (tmp_path / "template.yaml").write_text("Parameters: {}\n")
    return tmp_path


# What a release is


def test_the_same_deploy_is_the_same_release_wherever_and_whenever_it_was_built(build: Path) -> None:
    before = release(build, PARAMETERS)
    (build / "Login" / "login" / "handler.py").chmod(0o600)
    (build / "Login" / "login" / "handler.py").touch()
    assert release(build, dict(reversed(PARAMETERS.items()))) == before
    assert re.fullmatch(TEMPLATE.document["Parameters"]["Release"]["AllowedPattern"], before)


@pytest.mark.parametrize("changed", ["code", "new file", "template", "parameter", "asked for"])
def test_whatever_differs_makes_another_release(build: Path, changed: str) -> None:
    before, parameters, salt = release(build, PARAMETERS), dict(PARAMETERS), ""
    if changed == "code":
        (build / "Login" / "login" / "handler.py").write_text("handler = exit\n")
    if changed == "new file":
        (build / "Login" / "login" / "step.py").write_text("")
    if changed == "template":
        (build / "template.yaml").write_text("Parameters: {A: {Default: 1}}\n")
    if changed == "parameter":
        parameters["SmsDailyBudget"] = "51"
    if changed == "asked for":
        salt = "something new"
    assert release(build, parameters, salt) != before


@pytest.mark.parametrize(
    ("status", "back"),
    [
        ("CREATE_COMPLETE", False),
        ("UPDATE_COMPLETE", False),
        ("UPDATE_ROLLBACK_COMPLETE", True),
        ("UPDATE_ROLLBACK_FAILED", True),
        (None, False),
    ],
)
def test_what_was_taken_back_comes_again_as_a_new_release(status: str | None, back: bool) -> None:
    """Lambda kept its versions, and CloudFormation stops at a version that there is already."""
    client: Any = boto3.client("cloudformation", region_name="eu-central-1")
    with Stubber(client) as stub:
        if status is None:
            stub.add_client_error("describe_stacks", "ValidationError", "Stack with id smartident does not exist")
        else:
            stack = {"StackName": "smartident", "CreationTime": "2026-01-01T00:00:00Z", "StackStatus": status}
            stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "smartident"})
        assert taken_back(status_of("smartident", cloudformation=client)) == back


@pytest.mark.parametrize(
    ("status", "wished", "shift"),
    [
        ("", {}, "AllAtOnce"),
        ("REVIEW_IN_PROGRESS", {}, "AllAtOnce"),
        ("CREATE_COMPLETE", {}, "Canary10Percent5Minutes"),
        ("UPDATE_ROLLBACK_COMPLETE", {}, "Canary10Percent5Minutes"),
        ("", {"Shift": "Linear10PercentEvery1Minute"}, "Linear10PercentEvery1Minute"),
    ],
)
def test_a_first_deployment_goes_all_at_once_unless_the_operator_says_how(
    status: str, wished: dict[str, str], shift: str
) -> None:
    told = {**given("prod"), **wished}
    assert effective(PAPER, {**told, **first_shift(told, status)})["Shift"] == shift


@pytest.mark.parametrize("look", [status_of, outputs_of, key_order])
def test_a_refusal_of_cloudformation_is_not_taken_for_a_stack_that_is_not_there(look: Any) -> None:
    """Who did would deploy to people a stack that forgets its address, all at once."""
    client: Any = boto3.client("cloudformation", region_name="eu-central-1")
    with Stubber(client) as stub:
        stub.add_client_error("describe_stacks", "Throttling", "Rate exceeded")
        with pytest.raises(ClientError):
            look("smartident", cloudformation=client)


@pytest.mark.parametrize("before", ["first,second", None])
def test_the_order_of_the_signing_keys_is_that_of_the_stack(before: str | None) -> None:
    client: Any = boto3.client("cloudformation", region_name="eu-central-1")
    with Stubber(client) as stub:
        if before is None:
            stub.add_client_error("describe_stacks", "ValidationError", "Stack with id smartident does not exist")
        else:
            stack = {
                "StackName": "smartident",
                "CreationTime": "2026-01-01T00:00:00Z",
                "StackStatus": "CREATE_COMPLETE",
            }
            given = [{"ParameterKey": "SigningKeyOrder", "ParameterValue": before}]
            stub.add_response("describe_stacks", {"Stacks": [{**stack, "Parameters": given}]})
        assert key_order("smartident", cloudformation=client) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [("first", "second"), ("first", "second,first"), ("first,second", "second"), ("second", "first")],
)
def test_a_rotation_that_leaves_a_step_out_stops_the_deploy(before: str, after: str) -> None:
    with pytest.raises(Unfit, match="smartident key rotate"):
        check_key_order(before, after)
    check_key_order(None, after)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_deploy_says_what_every_parameter_is_so_that_one_left_out_goes_back_to_its_default(stage: str) -> None:
    told = effective(PAPER, given(stage))
    assert told.keys() == TEMPLATE.parameters.keys() - {"Release"}
    assert told | given(stage) == told
    assert told["SigningKeyOrder"] == "first"
    assert told["Tracing"] == "Disabled"


def test_a_release_left_over_from_an_earlier_deploy_is_not_taken_for_this_one() -> None:
    assert "Release" not in effective(PAPER, {**given("dev"), "Release": "0" * 64})


def test_a_parameter_that_nobody_knows_stops_the_deploy() -> None:
    with pytest.raises(Unfit, match="SmsDailyBuget"):
        effective(PAPER, {**given("dev"), "SmsDailyBuget": "5"})


WITHOUT_PUBLIC_URL = {
    "AllowedOrigins": "https://financeapp.at,https://app.financeapp.at",
    "ClientOrigins": "https://financeapp.at",
    "ClientRedirectUri": "https://financeapp.at/signed-in",
    "WebauthnRpId": "app.financeapp.at",
    "WebauthnOrigins": "https://app.financeapp.at",
}


@pytest.mark.parametrize("name", FROM_PUBLIC_URL)
def test_an_address_that_nobody_gives_and_nothing_names_stops_the_deploy(name: str) -> None:
    told = {key: value for key, value in WITHOUT_PUBLIC_URL.items() if key != name}
    with pytest.raises(Unfit, match=name):
        effective(PAPER, told)
    assert effective(PAPER, {"PublicUrl": "https://login.example.com"})[name] == ""
    assert effective(PAPER, {"OneHost": "yes"})[name] == ""


HOSTS_APART = {
    "OneHost": "yes",
    "PublicUrl": "https://login.example.com",
    "AppWebUrl": "https://app.example.com/app/",
    "WebauthnOrigins": "https://app.example.com,android:apk-key-hash:x",
    "PagesDomains": "login.example.com,app.example.com",
    "PagesCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x",
    "AllowedOrigins": "https://login.example.com,https://app.example.com",
}


def test_login_page_and_app_may_have_hosts_of_their_own() -> None:
    assert effective(PAPER, {**given("dev"), **HOSTS_APART})["AppWebUrl"] == HOSTS_APART["AppWebUrl"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AllowedOrigins", "", "AllowedOrigins: without https://app.example.com, which AppWebUrl names"),
        ("AppWebUrl", "https://other.example.com/", "without https://other.example.com, which AppWebUrl names"),
        ("ClientOrigins", "https://tax.example.com", "without https://tax.example.com, which ClientOrigins names"),
        ("WebauthnOrigins", "https://b.example.com", "without https://b.example.com, which WebauthnOrigins names"),
        ("PagesDomains", "app.example.com", "PublicUrl: with OneHost one of PagesDomains"),
        (
            "AllowedOrigins",
            "https://app.example.com,https://tax.example.com",
            "without https://login.example.com, where",
        ),
        ("WebauthnOrigins", "https://login.example.com", "without https://app.example.com, where this stack has"),
    ],
)
def test_a_page_that_would_not_reach_the_service_stops_the_deploy(name: str, value: str, said: str) -> None:
    with pytest.raises(Unfit, match=re.escape(said)):
        effective(PAPER, {**given("dev"), **HOSTS_APART, name: value})


@pytest.mark.parametrize(
    ("other", "value", "said"),
    [
        ("ServePages", "no", "OneHost: of no use without ServePages"),
        ("ApiCertificateArn", "arn:aws:acm:eu-central-1:123456789012:certificate/x", "CloudFront has the certificate"),
    ],
)
def test_one_host_and_what_speaks_against_it_stop_the_deploy(other: str, value: str, said: str) -> None:
    told = {**given("dev"), "OneHost": "yes", "PublicUrl": "https://login.example.com", other: value}
    with pytest.raises(Unfit, match=said):
        effective(PAPER, told)


LASTING = {
    "OneHost": "yes",
    "PublicUrl": "https://login.example.com",
    "PagesDomains": "login.example.com",
    "PagesCertificateArn": HOSTS_APART["PagesCertificateArn"],
}


def test_an_address_of_its_own_is_one_for_prod() -> None:
    for told in (LASTING, HOSTS_APART, WITHOUT_PUBLIC_URL):
        assert passing(effective(PAPER, told), "prod") == ""


@pytest.mark.parametrize("url", ["", "https://d111111abcdef8.cloudfront.net"])
def test_an_address_only_good_for_trying_is_none_for_prod(url: str) -> None:
    told = effective(PAPER, {"OneHost": "yes", "PublicUrl": url})
    with pytest.raises(Unfit, match="prod needs a domain of its own"):
        check_lasting(told, "prod")
    check_lasting(told, "dev")
    assert passing(told, "dev") == ""


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    "named", ["d1.cloudfront.net", "https://D1.CloudFront.net", "https://d1.cloudfront.net:443/app/"]
)
def test_prod_names_no_address_only_good_for_trying_anywhere(name: str, named: str) -> None:
    told = effective(PAPER, LASTING)
    assert "domain of its own" in passing({**told, name: f"https://login.example.com,{named}"}, "prod")
    assert passing({**told, name: "https://login.example.com,cloudfront.net.example.com"}, "prod") == ""


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("named", ["https://login.financeapp.example", "a.test", "b.invalid:8443", "localhost"])
def test_prod_names_no_host_that_nobody_can_have(name: str, named: str) -> None:
    told = effective(PAPER, LASTING)
    assert "nobody can reach" in passing({**told, name: f"https://login.example.com,{named}"}, "prod")
    assert passing({**told, name: named}, "dev") == ""


@pytest.mark.parametrize("name", ["PublicUrl", "AllowedOrigins", "WebauthnOrigins", "AppWebUrl"])
def test_prod_is_reached_by_tls_alone(name: str) -> None:
    told = effective(PAPER, LASTING)
    assert f"https:// in {name}" in passing({**told, name: "http://login.example.com"}, "prod")


def test_samconfig_sends_prod_to_the_operator_first() -> None:
    """The addresses that it comes with are examples: to deploy them would cost every phone that enrols there."""
    told = effective(PAPER, given("prod"))
    assert (told["OneHost"], told["PublicUrl"]) == ("yes", "https://login.financeapp.example")
    assert "put your own addresses into samconfig.toml" in passing(told, "prod")


@pytest.mark.parametrize(
    ("parameters", "outputs", "url"),
    [
        ({"OneHost": "yes"}, {"PagesUrl": NAMED}, NAMED),
        ({"OneHost": "yes", "PublicUrl": ""}, {"PagesUrl": NAMED}, NAMED),
        ({"OneHost": "yes", "PublicUrl": "https://login.example.com"}, {"PagesUrl": NAMED}, None),
        ({"OneHost": "yes"}, {}, None),
        ({"OneHost": "no"}, {"PagesUrl": NAMED}, None),
        ({}, {"PagesUrl": NAMED}, None),
    ],
)
def test_cloudfronts_name_stands_in_for_a_domain(
    parameters: dict[str, str], outputs: dict[str, str], url: str | None
) -> None:
    assert named_by(outputs, parameters).get("PublicUrl") == url


def deployed(monkeypatch: pytest.MonkeyPatch, **outputs: str) -> None:
    """CloudFormation knows the stack, with these outputs."""
    told = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    stack = {"StackStatus": "CREATE_COMPLETE", "Outputs": told}
    client = SimpleNamespace(describe_stacks=lambda StackName: {"Stacks": [stack]})  # noqa: N803  boto3's name
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)


def test_after_a_first_deployment_one_more_update_tells_the_functions_their_address(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, samconfig = tmp_path / "parameters.yaml", ROOT / "samconfig.toml"
    before = {**effective(PAPER, given("dev")), "Release": "0" * 64}
    file.write_text(json.dumps(before))
    deployed(monkeypatch)
    assert name_address(build, samconfig, "dev", file) == TOLD
    assert json.loads(file.read_text()) == before
    deployed(monkeypatch, PagesUrl=NAMED)
    assert name_address(build, samconfig, "dev", file) == 0
    after = json.loads(file.read_text())
    assert {name for name in after if after[name] != before[name]} == {"PublicUrl", "Release"}
    assert after["PublicUrl"] == NAMED
    assert name_address(build, samconfig, "dev", file) == TOLD


@pytest.mark.parametrize(
    ("half", "value", "other"),
    [
        ("ApiCertificateArn", "arn:aws:acm:eu-central-1:123456789012:certificate/x", "PublicUrl"),
        ("PagesCertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/x", "PagesDomains"),
        ("PagesDomains", "app.example.com", "PagesCertificateArn"),
    ],
)
def test_half_of_a_domain_stops_the_deploy(half: str, value: str, other: str) -> None:
    with pytest.raises(Unfit, match=rf"{other}: {half}"):
        effective(PAPER, {**given("dev"), half: value})


def test_functions_go_to_the_processor_that_they_were_built_for() -> None:
    with pytest.raises(Unfit, match="Architecture"):
        effective(PAPER, {**given("dev"), "Architecture": "x86_64"})


@pytest.mark.parametrize("python", ["python3.13", "python3.14"])
def test_functions_run_by_the_python_that_they_were_built_for(python: str) -> None:
    told = effective(PAPER, {**given("dev"), "PythonRuntime": python})
    check_runtime(told, python)
    with pytest.raises(Unfit, match=r"PythonRuntime: the artifact is built for python3\.12"):
        check_runtime(told, "python3.12")


# What it reaches


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_published_anew_with_every_release(function: str) -> None:
    assert FUNCTIONS[function]["AutoPublishCodeSha256"] == {"Ref": "Release"}
    assert not {"AutoPublishAlias", "DeploymentPreference", "SnapStart"} & FUNCTIONS[function].keys()


def test_callers_reach_functions_by_their_alias_alone() -> None:
    """A function's own ARN is its latest code, which no alarm ever watched and nothing takes back."""
    assert GLOBALS["AutoPublishAlias"] == "live"
    # A helpdesk may read a function's settings; that calls nothing.
    no_callers = {*FUNCTIONS, "HelpdeskPolicy"}
    named = json.dumps({name: one for name, one in TEMPLATE.document["Resources"].items() if name not in no_callers})
    for function in FUNCTIONS:
        assert f"{function}.Arn" not in named
        assert f'["{function}", "Arn"]' not in named
    ((_, permission),) = TEMPLATE.resources("AWS::Lambda::Permission")
    ((_, integration),) = TEMPLATE.resources("AWS::ApiGatewayV2::Integration")
    assert permission["FunctionName"] == {"Ref": "Browser.Alias"}
    assert TEMPLATE.resolve(integration["IntegrationUri"]).endswith("/functions/Browser.Alias/invocations")


# What takes it back


def test_every_kind_of_shift_is_watched_by_alarms_but_that_at_once() -> None:
    kinds = TEMPLATE.document["Mappings"]["Shifts"]
    assert list(kinds) == TEMPLATE.document["Parameters"]["Shift"]["AllowedValues"]
    assert {kind for kind, one in kinds.items() if not one["Gradually"]} == {"AllAtOnce"}
    preference = Template(parameters={"Shift": "AllAtOnce"}).resolve(GLOBALS["DeploymentPreference"])
    assert not preference["Enabled"]
    assert TEMPLATE.resolve(GLOBALS["DeploymentPreference"])["Enabled"]


def test_prod_shifts_gradually_and_dev_at_once() -> None:
    assert effective(PAPER, given("prod"))["Shift"] == "Canary10Percent5Minutes"
    assert effective(PAPER, given("dev"))["Shift"] == "AllAtOnce"


def test_an_alarm_that_takes_back_waits_for_nothing_that_waits_for_the_shift() -> None:
    """The aliases wait for these alarms, and the API waits for the aliases."""
    watched = TEMPLATE.resolve(GLOBALS["DeploymentPreference"])["Alarms"]
    assert {"NewVersionsAlarm", "FaultsAlarm"} <= set(watched) <= ALARMS.keys()
    assert not any("HttpApi" in str(ALARMS[name]) or "Alias" in str(ALARMS[name]) for name in watched)


@pytest.mark.parametrize("name", ["NewVersionsAlarm", "FaultsAlarm"])
def test_one_bad_minute_is_enough_to_take_a_shift_back(name: str) -> None:
    alarm = ALARMS[name]
    metrics = alarm.get("Metrics", [])
    periods = [metric["MetricStat"]["Period"] for metric in metrics if "MetricStat" in metric] or [alarm["Period"]]
    assert max(periods) * alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"]) <= 60


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_that_takes_what_is_missing_for_nothing_looks_again_at_what_comes_late(name: str) -> None:
    """FILL makes the last period a quiet one until its metrics arrive, which takes minutes: one look is too early."""
    if "FILL" in str(ALARMS[name].get("Metrics", "")):
        assert ALARMS[name]["DatapointsToAlarm"] < ALARMS[name]["EvaluationPeriods"]


def test_the_new_versions_of_all_functions_are_watched_and_not_those_before_them() -> None:
    """By two alarms, because one takes ten metrics."""
    watched = of_new_versions("NewVersionsAlarm") | of_new_versions("OauthNewVersionsAlarm")
    # The functions behind the stream, and what belongs to them, have alarms of their own.
    assert watched == FUNCTIONS.keys() - {"BackChannelLogout", "Dispatch", "Notify", "Push", "PushSubscription"}


def of_new_versions(name: str) -> set[str]:
    """The functions whose new versions an alarm watches."""
    metrics = [one for one in ALARMS[name]["Metrics"] if "MetricStat" in one]
    watched = set()
    for metric in metrics:
        dimensions = {one["Name"]: one["Value"] for one in metric["MetricStat"]["Metric"]["Dimensions"]}
        function = dimensions["FunctionName"]["Ref"]
        assert dimensions["ExecutedVersion"] == {"Fn::GetAtt": [function, "Version.Version"]}
        assert dimensions["Resource"] == {"Fn::Sub": f"${{{function}}}:{GLOBALS['AutoPublishAlias']}"}
        watched.add(function)
    (total,) = [one["Expression"] for one in ALARMS[name]["Metrics"] if "Expression" in one]
    assert total == " + ".join(f"FILL({metric['Id']}, 0)" for metric in metrics)
    return watched
