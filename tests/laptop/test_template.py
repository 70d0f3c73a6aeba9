"""template.yaml is the only place that declares routes, handlers, CORS, settings and the table."""

from pathlib import Path

import pytest

from smartident_laptop.intrinsics import CannotResolve
from smartident_laptop.template import ROOT, Template

SMALL = """
Parameters:
  Stage: {Type: String, Default: dev}
  Origins: {Type: CommaDelimitedList, Default: "https://a.example, https://b.example"}
Conditions:
  Live: !Equals [!Ref Stage, prod]
  Quiet: !And [!Not [!Condition Live], !Or [!Equals [a, b], !Equals [c, c]]]
Mappings:
  Sizes: {prod: {memory: 1769}, dev: {memory: 512}}
Globals:
  Function:
    Timeout: 10
    Environment:
      Variables:
        VALUE: %s
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: hello.handler.handler
      MemorySize: !FindInMap [Sizes, !Ref Stage, memory]
      Events:
        Any: {Type: HttpApi, Properties: {Method: get, Path: /hello}}
        Often: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Rare:
    Type: AWS::Serverless::Function
    Condition: Live
    Properties: {Handler: rare.handler.handler}
"""


@pytest.fixture(scope="module")
def template() -> Template:
    return Template()


def small(tmp_path: Path, value: str = "plain", **parameters: str) -> Template:
    file = tmp_path / "template.yaml"
    file.write_text(SMALL % value)
    return Template(file, parameters)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("!Ref Stage", "dev"),
        ("!Sub 'x-${Stage}-${AWS::Region}'", "x-dev-eu-central-1"),
        ("!Sub ['${Stage}/${Part}', {Part: !Ref Stage}]", "dev/dev"),
        ("!Sub '${!Literal}'", "${Literal}"),
        ("!GetAtt Hello.Arn", "Hello.Arn"),
        ('!Join [",", !Ref Origins]', "https://a.example,https://b.example"),
        ('!Select [1, !Split [",", "a,b"]]', "b"),
        ("!If [Live, yes, no-not-live]", "no-not-live"),
        ("!If [Quiet, quiet, loud]", "quiet"),
        ("12", "12"),
    ],
    ids=lambda text: text,
)
def test_a_setting_is_what_cloudformation_makes_of_it(tmp_path: Path, written: str, read: str) -> None:
    assert small(tmp_path, written).environment == {"VALUE": read}


def test_a_setting_without_a_value_is_not_set(tmp_path: Path) -> None:
    assert small(tmp_path, "!If [Live, here, !Ref AWS::NoValue]").environment == {}


def test_what_only_cloudformation_knows_is_said_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(CannotResolve, match="Fn::ImportValue"):
        _ = small(tmp_path, "!ImportValue other").environment


def test_a_parameter_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="Colour"):
        small(tmp_path, Colour="red")


def test_a_resource_whose_condition_fails_is_not_there(tmp_path: Path) -> None:
    assert list(small(tmp_path).functions) == ["Hello"]
    assert list(small(tmp_path, Stage="prod").functions) == ["Hello", "Rare"]


def test_a_function_has_its_own_size_and_the_shared_timeout(tmp_path: Path) -> None:
    function = small(tmp_path).functions["Hello"]
    assert (function.memory, function.timeout, function.module) == (512, 10, "hello.handler")


def test_only_http_events_are_routes(tmp_path: Path) -> None:
    assert [route.key for route in small(tmp_path).routes] == ["GET /hello"]


def test_every_handler_of_the_template_is_a_file(template: Template) -> None:
    for function in template.functions.values():
        assert (ROOT / "functions" / f"{function.module.replace('.', '/')}.py").is_file()


def test_the_websocket_has_its_two_routes_and_selects_by_action(template: Template) -> None:
    assert {key: route.answers for key, route in template.socket_routes.items()} == {
        "$connect": False,
        "$default": True,
    }
    assert {route.function for route in template.socket_routes.values()} <= set(template.functions)
    assert template.route_selection == "action"


def test_pages_of_an_allowed_origin_may_send_the_device_proof_and_read_when_to_retry() -> None:
    cors = Template(parameters={"AllowedOrigins": "https://a.example,https://b.example"}).cors
    assert cors.origins == ("https://a.example", "https://b.example")
    assert "dpop" in cors.headers
    assert "retry-after" in cors.exposed


def test_without_origins_no_page_is_let_in(template: Template) -> None:
    assert template.cors.origins in {(), ("",)}


def test_the_table_is_one_that_dynamodb_takes(template: Template) -> None:
    table = template.table
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert not {"TimeToLiveSpecification", "PointInTimeRecoverySpecification"} & set(table)
    assert template.ttl_attribute == "ttl"
