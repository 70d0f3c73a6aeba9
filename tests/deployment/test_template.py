"""template.yaml: what it promises to the code, to the operator and to those who guard the account."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from smartident.settings import (
    DispatchSettings,
    EnrolmentSettings,
    LoginPolicySettings,
    LostPhoneSettings,
    NoticeSettings,
    PasskeySettings,
    PushSettings,
    RsaSettings,
    SessionSettings,
    Settings,
)
from smartident_laptop.template import ROOT, Template
from tests.support.iam_roles import FUNCTIONS, TEMPLATE, Overstepped, actions, require, statements

# What Powertools reads by itself.
POWERTOOLS = {"POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}

SHARED = Template(parameters={"OneHost": "yes"})
PUSH = {"Push", "PushSubscription"}
OPENID_CONNECT = {
    "Authorize",
    "BackChannelLogout",
    "Ciba",
    "EndSession",
    "EnrolmentCodes",
    "Interaction",
    "Ping",
    "TokenEndpoint",
}
# What SNS does with the role of the function that asked it; a function itself gets nothing by it.
IN_THE_NAME_OF_SNS = {"StringEquals": {"aws:CalledViaLast": "sns.amazonaws.com"}}


@pytest.mark.parametrize(
    ("action", "functions"),
    [
        ("sns:Publish", {"RegisterKey", "Notify"}),
        ("sms-voice:SendTextMessage", {"RegisterKey", "Notify"}),
        ("ses:SendEmail", {"Notify"}),
        ("dynamodb:GetRecords", {"Dispatch", "Push"}),
        ("sqs:SendMessage", {"Dispatch"}),
        ("sqs:ReceiveMessage", {"BackChannelLogout", "Notify", "Ping"}),
        ("kms:Sign", {"BackChannelLogout", "Complete", "TokenEndpoint"}),
        ("kms:GetPublicKey", {"Authorize", "Ciba", "EndSession", "SigningKeys", "TokenEndpoint"}),
        ("execute-api:ManageConnections", {"Approve", "Freeze"}),
        (
            "secretsmanager:GetSecretValue",
            {"RegisterKey", "VerifySms", "Login", "Approve", "Complete", "Devices", "Freeze", "Passkeys", "Notify"}
            | PUSH
            | {"RecoveryCodes"}
            | OPENID_CONNECT,
        ),
        (
            "dynamodb:Query",
            {"RegisterKey", "Login", "Approve", "Devices", "Freeze", "Passkeys", "Notify", "BackChannelLogout", "Ciba"}
            | {"EnrolmentCodes", "RecoveryCodes"}
            | PUSH,
        ),
        (
            "dynamodb:PutItem",
            {
                "RegisterKey",
                "VerifySms",
                "Login",
                "Approve",
                "Devices",
                "Freeze",
                "Passkeys",
                "PushSubscription",
                "RecoveryCodes",
            }
            | OPENID_CONNECT - {"BackChannelLogout", "Ping"},
        ),
        ("dynamodb:ConditionCheckItem", {"RegisterKey", "Login", "Approve", "RecoveryCodes"}),
        ("dynamodb:GetItem", TEMPLATE.functions.keys() - {"Dispatch", "Push", "SigningKeys"}),
        ("dynamodb:UpdateItem", TEMPLATE.functions.keys() - {"Dispatch", "SigningKeys"}),
        ("events:PutEvents", {"Notify"}),
        ("dynamodb:Scan", set()),
        ("dynamodb:DeleteItem", set()),
    ],
)
def test_only_those_who_must_may(action: str, functions: set[str]) -> None:
    """And all who must: before a function leaves this list, its right stood in outgoing_rights.py for a release.

    Most callers meet the version before while the roles are new already (decision 16).
    """
    assert {name for name in FUNCTIONS if action in actions(name)} == functions


def test_a_step_that_oversteps_its_role_fails_in_every_test() -> None:
    require("Complete", "dynamodb", "UpdateItem", {})
    with pytest.raises(Overstepped, match="dynamodb:Query"):
        require("Complete", "dynamodb", "Query", {})
    with pytest.raises(Overstepped, match="dynamodb:PutItem"):
        require("Browser", "dynamodb", "TransactWriteItems", {"TransactItems": [{"Update": {}}, {"Put": {}}]})


def test_every_door_speaks_tls_and_no_other() -> None:
    assert re.findall(r"\b(?:http|ws)://", (ROOT / "template.yaml").read_text(encoding="utf-8")) == []
    properties = {
        name: one["Properties"] for name, one in TEMPLATE.document["Resources"].items() if "Properties" in one
    }
    assert properties["ApiDomain"]["DomainNameConfigurations"][0]["SecurityPolicy"] == "TLS_1_2"
    pages = properties["PagesDistribution"]["DistributionConfig"]
    assert pages["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert pages["ViewerCertificate"]["Fn::If"][1]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    refusals = [
        one for one in properties["PagesBucketPolicy"]["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"
    ]
    assert [one["Condition"] for one in refusals] == [{"Bool": {"aws:SecureTransport": "false"}}]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_role_allows_all_actions_or_all_resources(function: str) -> None:
    for statement in statements(function):
        denies = statement["Effect"] == "Deny"
        assert denies or "*" not in str(statement["Action"])
        assert statement.get("Resource") != "*" or statement["Condition"] == IN_THE_NAME_OF_SNS


def test_an_sms_goes_to_phones_never_to_a_topic() -> None:
    (publish,) = [statement for statement in statements("RegisterKey") if statement["Action"] == "sns:Publish"]
    assert "Resource" not in publish
    assert TEMPLATE.resolve(publish["NotResource"]) == "arn:aws:sns:*:*:*"


def test_what_hands_an_sms_on_is_allowed_to_sns_alone() -> None:
    """AWS's own policy for SNS has the same condition; without the action SNS refuses some SMS."""
    (handed_on,) = [one for one in statements("RegisterKey") if one["Action"] == "sms-voice:SendTextMessage"]
    assert handed_on["Condition"] == IN_THE_NAME_OF_SNS
    with pytest.raises(Overstepped):
        require("RegisterKey", "sms-voice", "SendTextMessage", {})


def test_the_names_to_which_sns_logs_deliveries_are_made_only_on_demand() -> None:
    """They are the same for all stacks of an account and region, and hold phone numbers."""
    kinds = ("AWS::Logs::LogGroup", "AWS::IAM::Role")

    def names(wished: str) -> set[str]:
        template = Template(parameters={"SmsDeliveryLogs": wished})
        return {name for kind in kinds for name, _ in template.resources(kind)}

    assert names("yes") - names("no") == {"SmsDeliveredLogs", "SmsUndeliveredLogs", "SmsDeliveryRole"}


@pytest.mark.parametrize(
    ("senders", "taken"),
    [("AT=Finanz", True), ("AT=Finanz,FR=", True), ("", True), ("AT", False), ("at=Finanz", False), ("AT=1a", False)],
)
def test_a_sender_of_a_country_is_a_country_and_a_name(senders: str, taken: bool) -> None:
    pattern = TEMPLATE.document["Parameters"]["SmsSenders"]["AllowedPattern"]
    assert bool(re.match(pattern, senders)) == taken


def test_every_setting_comes_from_the_template_and_none_is_idle() -> None:
    kinds = (
        Settings,
        DispatchSettings,
        EnrolmentSettings,
        LostPhoneSettings,
        NoticeSettings,
        PasskeySettings,
        LoginPolicySettings,
        RsaSettings,
        PushSettings,
        SessionSettings,
    )
    own = {field.name.upper() for kind in kinds for field in fields(kind)}
    assert set(TEMPLATE.environment) - POWERTOOLS == own


def test_every_parameter_is_used() -> None:
    text = (ROOT / "template.yaml").read_text(encoding="utf-8").partition("\nConditions:")[2]
    idle = [name for name in TEMPLATE.parameters if not re.search(rf"!Ref {name}\b|\${{{name}}}", text)]
    assert idle == []


def test_every_handler_is_deployed_and_every_function_has_its_code() -> None:
    written = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert {properties["Handler"] for properties in FUNCTIONS.values()} == {
        f"{name}.handler.handler" for name in written
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_waits_for_the_api_whose_routes_wait_for_it(function: str) -> None:
    own = {name: value for name, value in FUNCTIONS[function].items() if name != "Events"}
    assert "HttpApi" not in str(own) + str(TEMPLATE.document["Globals"])


def test_the_socket_is_not_deployed_before_its_routes_and_answers_are_there() -> None:
    """API Gateway deploys what there is when a stage is made."""
    resources = TEMPLATE.document["Resources"]
    kinds = {"AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::RouteResponse"}
    parts = {name for name, one in resources.items() if one["Type"] in kinds}
    assert set(resources["WebSocketStage"]["DependsOn"]) == parts


def test_functions_that_hash_passwords_get_a_whole_cpu() -> None:
    whole = {name for name, function in TEMPLATE.functions.items() if function.memory >= 1769}
    assert whole == {"Login", "RegisterKey"}


def test_what_is_kept_survives_the_stack() -> None:
    resources = TEMPLATE.document["Resources"]
    kept = {name for name, one in resources.items() if one.get("DeletionPolicy", "Delete").startswith("Retain")}
    assert kept == {"Table", "SigningKey", "SecondSigningKey", "PepperSecret", "PagesBucket"}
    assert {resources[name]["UpdateReplacePolicy"] for name in kept} == {"Retain"}
    (table,) = (properties for _, properties in TEMPLATE.resources("AWS::DynamoDB::Table"))
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}


def test_a_first_deployment_that_fails_leaves_nothing_but_the_table_which_refuses_to_be_deleted() -> None:
    policies = {name: one.get("DeletionPolicy") for name, one in TEMPLATE.document["Resources"].items()}
    assert {name for name, policy in policies.items() if policy == "Retain"} == {"Table"}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("AWS::CloudFront::CachePolicy", "CachePolicyConfig.Name"),
        ("AWS::CloudFront::Function", "Name"),
        ("AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.Name"),
        ("AWS::CloudFront::OriginRequestPolicy", "OriginRequestPolicyConfig.Name"),
        ("AWS::CloudFront::ResponseHeadersPolicy", "ResponseHeadersPolicyConfig.Name"),
        ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ],
)
def test_a_name_that_counts_for_the_whole_account_tells_two_regions_apart(kind: str, path: str) -> None:
    ((_, name),) = SHARED.resources(kind)
    for part in path.split("."):
        name = name[part]
    assert str(name["Fn::Sub"]).startswith("${AWS::StackName}-${AWS::Region}")


def test_nothing_is_measured_by_route_because_each_such_metric_costs_and_nobody_looks_at_it() -> None:
    kinds = ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Stage")
    for settings in (one["DefaultRouteSettings"] for kind in kinds for _, one in TEMPLATE.resources(kind)):
        assert settings.keys() == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}


def test_access_logs_name_routes_never_paths_queries_or_headers() -> None:
    template = Template(parameters={"WebSocketAccessLogs": "yes"})
    kinds = ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Stage")
    logs = [
        template.resolve(properties)["AccessLogSettings"]["Format"]
        for kind in kinds
        for _, properties in template.resources(kind)
    ]
    assert len(logs) == len(kinds)
    for variable in re.findall(r"\$context[\w.]+", " ".join(logs)):
        assert not re.search(r"path|query|header|authorizer|userAgent|protocol", variable, re.IGNORECASE)


def test_logs_that_api_gateway_writes_need_no_room_in_the_policy_of_the_account() -> None:
    """It has one line for everything under /aws/vendedlogs/; it is full in an account that is in use."""
    template = Template(parameters={"WebSocketAccessLogs": "yes"})
    kinds = ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Stage")
    groups = {name: template.resolve(one["LogGroupName"]) for name, one in template.resources("AWS::Logs::LogGroup")}
    for kind in kinds:
        for _, properties in template.resources(kind):
            group = template.resolve(properties["AccessLogSettings"])["DestinationArn"].partition(".")[0]
            assert groups[group].startswith("/aws/vendedlogs/smartident/")


def test_every_door_is_open_to_ipv6() -> None:
    resources = TEMPLATE.document["Resources"]
    assert resources["WebSocketApi"]["Properties"]["IpAddressType"] == "dualstack"
    (server,) = resources["HttpApi"]["Properties"]["DefinitionBody"]["servers"]
    assert server == {"x-amazon-apigateway-endpoint-configuration": {"ipAddressType": "dualstack"}}
    (domain,) = resources["ApiDomain"]["Properties"]["DomainNameConfigurations"]
    assert domain["IpAddressType"] == "dualstack"
    assert resources["PagesDistribution"]["Properties"]["DistributionConfig"]["IPV6Enabled"]


@pytest.mark.parametrize(("subdomains", "header"), [("yes", "max-age=7; includeSubDomains"), ("no", "max-age=7")])
def test_the_pages_and_the_functions_say_the_same_of_tls(subdomains: str, header: str) -> None:
    template = Template(parameters={"HstsMaxAge": "7", "HstsSubdomains": subdomains})
    assert template.environment["STRICT_TRANSPORT_SECURITY"] == header
    policy = template.document["Resources"]["PagesHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    pages = template.resolve(policy["SecurityHeadersConfig"]["StrictTransportSecurity"])
    assert pages == {"AccessControlMaxAgeSec": "7", "IncludeSubdomains": subdomains == "yes", "Override": True}


def test_every_log_group_forgets() -> None:
    template = Template(parameters={"WebSocketAccessLogs": "yes"})
    assert all("RetentionInDays" in properties for _, properties in template.resources("AWS::Logs::LogGroup"))


def test_pages_may_call_only_from_the_origins_of_the_operator() -> None:
    assert TEMPLATE.cors.origins == ("https://financeapp.example",)
    assert not TEMPLATE.cors.credentials
    assert set(TEMPLATE.cors.methods) == {route.method for route in TEMPLATE.routes}
    assert Template().cors.origins == ()


def test_cors_stands_inside_a_function_because_sam_drops_the_rest_beside_a_bare_ref() -> None:
    (api,) = (properties for _, properties in TEMPLATE.resources("AWS::Serverless::HttpApi"))
    assert set(api["CorsConfiguration"]) == {"Fn::If"}


def test_several_origins_stay_a_list_though_sam_writes_the_text_of_a_parameter_into_the_api() -> None:
    (api,) = (properties for _, properties in TEMPLATE.resources("AWS::Serverless::HttpApi"))
    origins = {"Fn::If": ["HasOrigins", {"Ref": "AllowedOrigins"}, {"Ref": "PublicUrl"}]}
    assert api["CorsConfiguration"]["Fn::If"][1]["AllowOrigins"] == {"Fn::Split": [",", origins]}
    assert TEMPLATE.document["Parameters"]["AllowedOrigins"]["Type"] == "String"


@pytest.mark.parametrize(("given", "kept"), [("0", None), ("25", "25")])
def test_containers_are_reserved_only_where_passwords_are_hashed_and_only_if_asked_for(
    given: str, kept: str | None
) -> None:
    template = Template(parameters={"HashingConcurrency": given})
    functions = {name: template.resolve(one) for name, one in template.resources("AWS::Serverless::Function")}
    for name, one in functions.items():
        reserved = one.get("ReservedConcurrentExecutions")
        assert reserved == (kept if name in {"Login", "RegisterKey"} else None)


def test_the_api_gets_the_domain_of_its_url() -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/x"
    template = Template(parameters={"PublicUrl": "https://api.example.com", "ApiCertificateArn": certificate})
    ((_, domain),) = template.resources("AWS::ApiGatewayV2::DomainName")
    assert template.resolve(domain)["DomainName"] == "api.example.com"
    assert list(Template().resources("AWS::ApiGatewayV2::DomainName")) == []


def test_no_output_bears_the_name_of_a_parameter() -> None:
    """`sam build` takes the one for the other, and ends if the parameter is a list."""
    assert TEMPLATE.document["Outputs"].keys() & TEMPLATE.document["Parameters"].keys() == set()
