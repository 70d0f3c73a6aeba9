"""One host for pages, API and WebSocket: what CloudFront must be told so that it works, read from the template."""

from __future__ import annotations

import re
from typing import Any

import pytest

from smartident.http.cloudfront import SECRET
from smartident_laptop.template import ROOT, Template

URL = "https://login.example.com"
SHARED = Template(parameters={"OneHost": "yes", "PublicUrl": URL})
UNNAMED = Template(parameters={"OneHost": "yes"})
APART = Template(parameters={"PublicUrl": URL})
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
WHERE_FROM = {f"cloudfront-viewer-{name}" for name in ("address", "asn", "city", "country", "country-region")}


def distribution(template: Template) -> dict[str, Any]:
    ((_, properties),) = template.resources("AWS::CloudFront::Distribution")
    config: dict[str, Any] = template.resolve(properties)["DistributionConfig"]
    return config


def behaviors() -> dict[str, dict[str, Any]]:
    return {one["PathPattern"]: one for one in distribution(SHARED)["CacheBehaviors"]}


def origins() -> dict[str, dict[str, Any]]:
    return {one["Id"]: one for one in distribution(SHARED)["Origins"]}


def caching() -> dict[str, Any]:
    ((_, properties),) = SHARED.resources("AWS::CloudFront::CachePolicy")
    config: dict[str, Any] = SHARED.resolve(properties)["CachePolicyConfig"]
    return config


def test_every_route_and_the_socket_are_served_under_one_host() -> None:
    assert {path: one["TargetOriginId"] for path, one in behaviors().items()} == {
        "/v1/*": "api",
        "/oauth2/*": "api",
        "/.well-known/*": "api",
        "/ws": "websocket",
    }
    patterns = [re.escape(path).replace(r"\*", ".*") for path in behaviors()]
    assert [route.path for route in SHARED.routes if not any(re.fullmatch(one, route.path) for one in patterns)] == []


@pytest.mark.parametrize("path", ["/v1/*", "/oauth2/*", "/.well-known/*", "/ws"])
def test_a_request_reaches_the_api_whole_but_for_the_host_that_it_would_refuse(path: str) -> None:
    one = behaviors()[path]
    assert one["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert one["CachePolicyId"] == "ApiCaching"
    assert set(one["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert one["ViewerProtocolPolicy"] == "https-only"
    assert "FunctionAssociations" not in one


def test_authorization_and_where_the_viewer_is_reach_the_api_by_the_cache_key() -> None:
    told = caching()["ParametersInCacheKeyAndForwardedToOrigin"]
    headers = {name.lower() for name in told["HeadersConfig"]["Headers"]}
    assert told["HeadersConfig"]["HeaderBehavior"] == "whitelist"
    assert headers >= {"authorization", *WHERE_FROM}
    assert "host" not in headers
    assert len(headers) <= 10


def test_nobody_gets_the_answer_of_somebody_else() -> None:
    """With MaxTTL 0 CloudFront takes no key and drops Authorization; with more it would keep what allows it."""
    policy, told = caching(), caching()["ParametersInCacheKeyAndForwardedToOrigin"]
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 1)
    assert told["CookiesConfig"]["CookieBehavior"] == told["QueryStringsConfig"]["QueryStringBehavior"] == "all"
    headers = {name.lower() for name in told["HeadersConfig"]["Headers"]}
    assert headers >= {"authorization", "dpop", "origin", "cloudfront-viewer-address"}


@pytest.mark.parametrize("origin", ["api", "websocket"])
@pytest.mark.parametrize(("chosen", "secret"), [("first", "FirstOriginSecret"), ("second", "SecondOriginSecret")])
def test_cloudfront_proves_itself_with_the_secret_in_use(origin: str, chosen: str, secret: str) -> None:
    template = Template(parameters={"OneHost": "yes", "PublicUrl": URL, "OriginSecretInUse": chosen})
    (one,) = (one for one in distribution(template)["Origins"] if one["Id"] == origin)
    (header,) = one["OriginCustomHeaders"]
    assert header == {"HeaderName": SECRET, "HeaderValue": f"{{{{resolve:secretsmanager:{secret}}}}}"}
    assert one["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}


def test_the_functions_know_both_secrets_and_none_where_nobody_is_in_front() -> None:
    both = [f"{{{{resolve:secretsmanager:{name}OriginSecret}}}}" for name in ("First", "Second")]
    assert SHARED.environment["ORIGIN_SECRETS"].split(",") == both
    assert APART.environment["ORIGIN_SECRETS"] == Template().environment["ORIGIN_SECRETS"] == ""


@pytest.mark.parametrize("name", ["First", "Second"])
def test_another_number_makes_another_secret(name: str) -> None:
    def named(number: str) -> Any:
        template = Template(parameters={"OneHost": "yes", f"{name}OriginSecretNumber": number})
        resources = dict(template.resources("AWS::SecretsManager::Secret"))
        return template.resolve(resources[f"{name}OriginSecret"]["Name"])

    assert named("1") != named("2")


def test_a_stage_is_named_as_the_path_that_reaches_it() -> None:
    ((_, stage),) = SHARED.resources("AWS::ApiGatewayV2::Stage")
    assert f"/{stage['StageName']}" in behaviors()
    assert "OriginPath" not in origins()["websocket"]


def test_a_refusal_of_the_api_is_replaced_by_no_page_and_kept_by_nobody() -> None:
    shared, apart = (distribution(one)["CustomErrorResponses"] for one in (SHARED, APART))
    assert {code["ErrorCode"] for code in shared} >= {403, 404, 500, 502, 503, 504}
    assert all(set(code) == {"ErrorCode", "ErrorCachingMinTTL"} and code["ErrorCachingMinTTL"] == 0 for code in shared)
    assert {code["ResponsePagePath"] for code in apart} == {"/missing.html"}


def test_a_folder_that_there_is_not_leads_back_on_a_shared_host() -> None:
    ((_, function),) = SHARED.resources("AWS::CloudFront::Function")
    code = SHARED.resolve(function)["FunctionCode"]
    found = re.search(r"const folders = \[(.*)\];", code)
    assert found
    folders = {f"/{page.parent.relative_to(ROOT / 'web')}/" for page in (ROOT / "web").glob("*/**/index.html")}
    assert set(re.findall(r'"([^"]+)"', found[1])) == folders
    assert "true && !folders" in code
    assert "false && !folders" in APART.resolve(function)["FunctionCode"]


def test_all_addresses_follow_from_the_public_url() -> None:
    told = SHARED.environment
    assert {name: told[name] for name in ADDRESSES} == ADDRESSES


ADDRESSES = {
    "API_URL": URL,
    "ALLOWED_ORIGINS": URL,
    "CLIENT_ORIGINS": URL,
    "CLIENT_REDIRECT_URI": f"{URL}/financeapp/signed-in/",
    "WEBAUTHN_ORIGINS": URL,
    "WEBAUTHN_RP_ID": "login.example.com",
    "APP_WEB_URL": f"{URL}/app/",
    "WEBSOCKET_URL": "wss://login.example.com/ws",
}


def test_what_an_operator_says_goes_before_the_public_url() -> None:
    given = {
        "AllowedOrigins": "https://a.example,https://b.example",
        "ClientOrigins": "https://a.example",
        "ClientRedirectUri": "https://a.example/in",
        "WebauthnOrigins": "https://b.example",
        "WebauthnRpId": "b.example",
        "AppWebUrl": "https://b.example/",
    }
    told = Template(parameters={"OneHost": "yes", "PublicUrl": URL, **given}).environment
    assert [told[name] for name in ("ALLOWED_ORIGINS", "CLIENT_ORIGINS", "CLIENT_REDIRECT_URI")] == [
        *list(given.values())[:3],
    ]
    assert [told[name] for name in ("WEBAUTHN_ORIGINS", "WEBAUTHN_RP_ID", "APP_WEB_URL")] == list(given.values())[3:]


@pytest.mark.parametrize("host", ["login.example.com", "login.example.com:8443"])
def test_passkeys_belong_to_a_host_without_its_port(host: str) -> None:
    assert Template(parameters={"PublicUrl": f"https://{host}"}).environment["WEBAUTHN_RP_ID"] == "login.example.com"


@pytest.mark.parametrize("host", ["api.example.com", "api.example.com:8443"])
def test_a_domain_of_the_api_is_a_host_without_its_port(host: str) -> None:
    template = Template(
        parameters={"PublicUrl": f"https://{host}", "ApiCertificateArn": "arn:aws:acm:eu-central-1:1:x"}
    )
    ((_, domain),) = template.resources("AWS::ApiGatewayV2::DomainName")
    assert template.resolve(domain["DomainName"]) == "api.example.com"


def test_who_is_refused_is_asked_where_the_callers_address_is() -> None:
    for template, words in ((SHARED, ["message", "viewer"]), (APART, ["ip"])):
        [asked] = [
            template.resolve(query)
            for _, query in template.resources("AWS::Logs::QueryDefinition")
            if "refused most" in str(query["Name"])
        ]
        assert all(word in asked["QueryString"] for word in words)
        assert ("viewer" in asked["QueryString"]) is (template is SHARED)


def test_before_its_name_is_known_a_stack_can_be_deployed() -> None:
    assert UNNAMED.environment["WEBAUTHN_RP_ID"] == UNNAMED.environment["ALLOWED_ORIGINS"] == ""
    assert distribution(UNNAMED)["CacheBehaviors"] == distribution(SHARED)["CacheBehaviors"]


@pytest.mark.parametrize(
    ("template", "origin"),
    [
        (SHARED, URL),
        (APART, URL),
        (UNNAMED, "https://PagesDistribution.DomainName"),
        (Template(), "https://HttpApi.execute-api"),
    ],
    ids=["one host", "a domain of the API", "not yet named", "no front"],
)
def test_the_outputs_name_keys_where_they_are_to_be_had(template: Template, origin: str) -> None:
    told = template.resolve(template.document["Outputs"]["JwksUrl"]["Value"])
    assert told.startswith(origin)
    assert told.endswith("/.well-known/jwks.json")


def test_the_outputs_name_the_socket_that_pages_are_sent_to() -> None:
    outputs = SHARED.document["Outputs"]
    assert SHARED.resolve(outputs["WebSocketUrl"]["Value"]) == SHARED.environment["WEBSOCKET_URL"]


def test_the_apis_own_host_stays_reachable_for_cloudfront() -> None:
    """DisableExecuteApiEndpoint would refuse CloudFront too: there is no other host of the API behind it."""
    apis = [*SHARED.resources("AWS::Serverless::HttpApi"), *SHARED.resources("AWS::ApiGatewayV2::Api")]
    assert len(apis) == 2
    assert [name for name, one in apis if one.get("DisableExecuteApiEndpoint")] == []


@pytest.mark.parametrize("template", [SHARED, UNNAMED], ids=["named", "not yet named"])
def test_no_page_names_the_apis_own_host(template: Template) -> None:
    ((_, headers),) = template.resources("AWS::CloudFront::ResponseHeadersPolicy")
    assert "execute-api" not in str(template.resolve(headers))


def test_without_one_host_the_distribution_serves_pages_alone() -> None:
    config = distribution(APART)
    assert [one["Id"] for one in config["Origins"]] == ["pages"]
    assert "CacheBehaviors" not in config
    assert list(APART.resources("AWS::SecretsManager::Secret")) != []
    assert list(Template(parameters={"ServePages": "no"}).resources("AWS::CloudFront::Distribution")) == []


def test_a_web_acl_stands_before_the_distribution_only_on_demand() -> None:
    arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/smartident/1"
    assert distribution(Template(parameters={"WebAclArn": arn}))["WebACLId"] == arn
    assert "WebACLId" not in distribution(SHARED)
