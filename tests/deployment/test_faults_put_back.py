"""Each fault that once stood in the template, put back: the test that was written against it fails.

What the stand-in shows is tried in test_rehearsal.py; what only AWS shows, `make smoke` asks (tests/smoke).
"""

from __future__ import annotations

import importlib.util
import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.template import ROOT, Template

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]
# It reads the template when it is imported, for the tests that use it.
SUPPORT = "tests.support.iam_roles"
HERE = "tests/deployment"
DOCUMENT = Template().document


def properties(document: Document, name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["Resources"][name]["Properties"]
    return found


def behaviors(document: Document) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = distribution(document)["CacheBehaviors"]["Fn::If"][1]
    return found


def distribution(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = properties(document, "PagesDistribution")["DistributionConfig"]
    return found


def statements(document: Document, function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = properties(document, function)["Policies"][0]["Statement"]
    return found


def variables(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document["Globals"]["Function"]["Environment"]["Variables"]
    return found


def viewers_host_is_sent(document: Document) -> None:
    for one in behaviors(document):
        one["OriginRequestPolicyId"] = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def all_but_the_host_is_sent(document: Document) -> None:
    """Such a policy adds no header of CloudFront: nobody's address and network is known."""
    properties(document, "ApiRequests")["OriginRequestPolicyConfig"]["HeadersConfig"] = {
        "HeaderBehavior": "allExcept",
        "Headers": ["Host"],
    }


def key(document: Document) -> list[str]:
    told = properties(document, "ApiCaching")["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    found: list[str] = told["HeadersConfig"]["Headers"]
    return found


def beside_the_key(document: Document) -> list[str]:
    found: list[str] = properties(document, "ApiRequests")["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
    return found


def authorization_is_lost(document: Document) -> None:
    key(document).remove("Authorization")


def authorization_beside_the_key(document: Document) -> None:
    key(document).remove("Authorization")
    beside_the_key(document)[2] = "Authorization"


def the_address_in_the_key(document: Document) -> None:
    """As it stood here: CloudFront takes no such cache policy, so no deployment with one host would have succeeded."""
    beside_the_key(document).remove("CloudFront-Viewer-Address")
    key(document).append("CloudFront-Viewer-Address")


def one_header_too_many(document: Document) -> None:
    beside_the_key(document).append("Referer")


def the_subprotocol_is_lost(document: Document) -> None:
    beside_the_key(document).remove("Sec-WebSocket-Protocol")


def cache_without_a_key(document: Document) -> None:
    properties(document, "ApiCaching")["CachePolicyConfig"]["MaxTTL"] = 0


def a_function_at_the_api(document: Document) -> None:
    behaviors(document)[0]["FunctionAssociations"] = [{"EventType": "viewer-request"}]


def no_secret_at_the_origin(document: Document) -> None:
    for origin in distribution(document)["Origins"][1:]:
        origin["Fn::If"][1]["OriginCustomHeaders"] = [{"HeaderName": "x-other", "HeaderValue": "1"}]


def one_secret_in_the_functions(document: Document) -> None:
    variables(document)["ORIGIN_SECRETS"]["Fn::If"][1] = {"Fn::Sub": "{{resolve:secretsmanager:${FirstOriginSecret}}}"}


def the_stage_of_old(document: Document) -> None:
    properties(document, "WebSocketStage")["StageName"] = "v1"


def a_route_beside_the_behaviors(document: Document) -> None:
    behaviors(document)[0]["PathPattern"] = "/v1/logins*"


def refusals_become_pages(document: Document) -> None:
    errors = distribution(document)["CustomErrorResponses"]["Fn::If"]
    errors[1] = errors[2]


def the_apis_host_in_public(document: Document) -> None:
    policy = properties(document, "PagesHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"][1]["Api"] = {
        "Fn::Sub": "https://${HttpApi}.execute-api.${AWS::Region}.amazonaws.com"
    }


def an_address_for_itself(document: Document) -> None:
    variables(document)["ALLOWED_ORIGINS"] = {"Ref": "AllowedOrigins"}


def only_the_new_key_may_sign(document: Document) -> None:
    for one in statements(document, "Complete"):
        if one["Action"] == "kms:Sign":
            one["Resource"] = {
                "Fn::If": ["FirstKeySigns", {"Fn::GetAtt": "SigningKey.Arn"}, {"Fn::GetAtt": "SecondSigningKey.Arn"}]
            }


def only_the_new_key_may_be_read(document: Document) -> None:
    for one in statements(document, "SigningKeys"):
        one["Resource"] = {
            "Fn::If": ["FirstKeySigns", {"Fn::GetAtt": "SigningKey.Arn"}, {"Fn::GetAtt": "SecondSigningKey.Arn"}]
        }


def jwks_of_the_signing_key_alone(document: Document) -> None:
    variables(document)["SIGNING_KEYS"] = {
        "Fn::If": ["FirstKeySigns", {"Fn::GetAtt": "SigningKey.Arn"}, {"Fn::GetAtt": "SecondSigningKey.Arn"}]
    }


def sns_may_not_hand_on(document: Document) -> None:
    found = statements(document, "RegisterKey")
    found[:] = [one for one in found if one["Action"] != "sms-voice:SendTextMessage"]


def anybody_may_hand_on(document: Document) -> None:
    for one in statements(document, "RegisterKey"):
        one.pop("Condition", None) if one["Action"] == "sms-voice:SendTextMessage" else None


def a_log_group_of_its_own_name(document: Document) -> None:
    properties(document, "HttpLogs")["LogGroupName"] = {"Fn::Sub": "/smartident/${AWS::StackName}/http"}


def a_socket_for_ipv4(document: Document) -> None:
    del properties(document, "WebSocketApi")["IpAddressType"]


def a_domain_for_ipv4(document: Document) -> None:
    del properties(document, "ApiDomain")["DomainNameConfigurations"][0]["IpAddressType"]


def unlimited_variables(document: Document) -> None:
    document["Parameters"]["AppStoreUrl"]["MaxLength"] = 4096


def functions_that_nobody_watches(alarm: str) -> Callable[[Document], None]:
    def fault(document: Document) -> None:
        metrics = properties(document, alarm)["Metrics"]
        metrics[:] = [one for one in metrics if "Devices" not in str(one)]

    fault.__name__ = f"{alarm} overlooks a function"
    return fault


def a_socket_that_nobody_watches(document: Document) -> None:
    properties(document, "SocketErrorsAlarm")["MetricName"] = "ConnectCount"


def a_widget_for_each_function(document: Document) -> None:
    board = properties(document, "Dashboard")["DashboardBody"]["Fn::Sub"]
    board[1]["Functions"]["Fn::Join"][1].pop()


def an_alarm_that_is_gone(document: Document) -> None:
    del document["Resources"]["SmsSpendAlarm"]


def denials_that_ring_nobody(document: Document) -> None:
    document["Globals"]["Function"]["DeploymentPreference"]["Alarms"].remove({"Ref": "FaultsAlarm"})


def a_log_without_tls_rules(document: Document) -> None:
    variables(document)["STRICT_TRANSPORT_SECURITY"] = "max-age=1"


BOTH_KEYS = {"before": "first,second", "after": "second,first"}
ROTATION, ONE_HOST, TEMPLATE_TEST = (f"{HERE}/test_{name}.py" for name in ("key_rotation", "one_host", "template"))
WATCHED = f"{HERE}/test_observability.py"
NAMED = "test_a_request_reaches_the_api_but_for_the_host_that_it_would_refuse"
SIGNED = "test_both_versions_may_sign_under_the_roles_of_the_new_one_and_of_the_old_one"
KID = "test_no_token_bears_a_kid_that_a_jwks_in_service_lacks"
RINGS = "test_every_function_that_ends_or_is_turned_away_rings"
SECRET = {"origin": "api", "chosen": "first", "secret": "FirstOriginSecret"}
KEY = "test_a_header_stands_in_the_policy_that_may_name_it"
REACHES = "test_what_functions_and_api_gateway_read_of_a_request_reaches_them"
HANDED_ON = "test_what_hands_an_sms_on_is_allowed_to_sns_alone"
LOGS = "test_logs_that_api_gateway_writes_need_no_room_in_the_policy_of_the_account"
IPV6 = "test_every_door_is_open_to_ipv6"
SHIFT = "test_the_alarm_rings_at_the_first_denial_and_takes_the_shift_back"

FAULTS: list[tuple[Callable[[Document], None], str, str, dict[str, Any]]] = [
    (viewers_host_is_sent, ONE_HOST, NAMED, {"path": "/v1/*"}),
    (a_function_at_the_api, ONE_HOST, NAMED, {"path": "/v1/*"}),
    (all_but_the_host_is_sent, ONE_HOST, REACHES, {}),
    (authorization_is_lost, ONE_HOST, REACHES, {}),
    (authorization_beside_the_key, ONE_HOST, KEY, {}),
    (the_address_in_the_key, ONE_HOST, KEY, {}),
    (one_header_too_many, ONE_HOST, KEY, {}),
    (the_subprotocol_is_lost, ONE_HOST, REACHES, {}),
    (cache_without_a_key, ONE_HOST, "test_nobody_gets_the_answer_of_somebody_else", {}),
    (no_secret_at_the_origin, ONE_HOST, "test_cloudfront_proves_itself_with_the_secret_in_use", SECRET),
    (
        one_secret_in_the_functions,
        ONE_HOST,
        "test_the_functions_know_both_secrets_and_none_where_nobody_is_in_front",
        {},
    ),
    (the_stage_of_old, ONE_HOST, "test_a_stage_is_named_as_the_path_that_reaches_it", {}),
    (a_route_beside_the_behaviors, ONE_HOST, "test_every_route_and_the_socket_are_served_under_one_host", {}),
    (refusals_become_pages, ONE_HOST, "test_a_refusal_of_the_api_is_replaced_by_no_page_and_kept_by_nobody", {}),
    (the_apis_host_in_public, ONE_HOST, "test_no_page_names_the_apis_own_host", {"template": None}),
    (an_address_for_itself, ONE_HOST, "test_all_addresses_follow_from_the_public_url", {}),
    (only_the_new_key_may_sign, ROTATION, SIGNED, BOTH_KEYS),
    (only_the_new_key_may_be_read, ROTATION, KID, BOTH_KEYS),
    (jwks_of_the_signing_key_alone, ROTATION, KID, BOTH_KEYS),
    (sns_may_not_hand_on, TEMPLATE_TEST, HANDED_ON, {}),
    (anybody_may_hand_on, TEMPLATE_TEST, HANDED_ON, {}),
    (a_log_group_of_its_own_name, TEMPLATE_TEST, LOGS, {}),
    (a_socket_for_ipv4, TEMPLATE_TEST, IPV6, {}),
    (a_domain_for_ipv4, TEMPLATE_TEST, IPV6, {}),
    (
        a_log_without_tls_rules,
        TEMPLATE_TEST,
        "test_the_pages_and_the_functions_say_the_same_of_tls",
        {"subdomains": "yes", "header": "max-age=7; includeSubDomains"},
    ),
    (
        unlimited_variables,
        f"{HERE}/test_environment_size.py",
        "test_the_longest_values_fit_into_what_lambda_takes",
        {"own": {}},
    ),
    (
        functions_that_nobody_watches("ThrottlesAlarm"),
        WATCHED,
        RINGS,
        {"alarm": "ThrottlesAlarm", "metric": "Throttles"},
    ),
    (functions_that_nobody_watches("DeathsAlarm"), WATCHED, RINGS, {"alarm": "DeathsAlarm", "metric": "Errors"}),
    (
        functions_that_nobody_watches("NewVersionsAlarm"),
        WATCHED,
        RINGS,
        {"alarm": "NewVersionsAlarm", "metric": "Errors"},
    ),
    (a_socket_that_nobody_watches, WATCHED, "test_a_socket_that_cannot_reach_its_function_rings", {}),
    (a_widget_for_each_function, WATCHED, "test_two_widgets_draw_every_function", {}),
    (an_alarm_that_is_gone, WATCHED, "test_every_alarm_and_every_metric_is_on_the_dashboard_or_rings", {}),
    (denials_that_ring_nobody, "tests/promises/test_withheld.py", SHIFT, {}),
]


def loaded(path: str) -> Any:
    """The module of a test, imported once more: it reads the template as it is now."""
    spec = importlib.util.spec_from_file_location("put_back", ROOT / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules["put_back"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Document, str], Any]:
    """Imports the module of a test, which then reads this document for the template."""

    def read(document: Document, path: str) -> Any:
        monkeypatch.setattr("smartident_laptop.template.load", lambda _: deepcopy(document))
        monkeypatch.delitem(sys.modules, SUPPORT, raising=False)
        return loaded(path)

    monkeypatch.setitem(sys.modules, "put_back", sys)
    return read


@pytest.mark.parametrize(
    ("fault", "path", "test", "given"), FAULTS, ids=[fault.__name__.replace("_", " ") for fault, *_ in FAULTS]
)
def test_a_fault_that_was_there_once_is_noticed(
    reading: Callable[[Document, str], Any],
    fault: Callable[[Document], None],
    path: str,
    test: str,
    given: dict[str, Any],
) -> None:
    run(reading(DOCUMENT, path), test, given)
    spoiled = deepcopy(DOCUMENT)
    fault(spoiled)
    assert spoiled != DOCUMENT
    module = reading(spoiled, path)
    with pytest.raises((AssertionError, LookupError, ValueError)):
        run(module, test, given)


def run(module: Any, test: str, given: dict[str, Any]) -> None:
    """Run a test of a module; a template among what it is given is the module's own."""
    getattr(module, test)(**{name: module.UNNAMED if value is None else value for name, value in given.items()})
