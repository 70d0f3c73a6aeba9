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
WHERE_FROM = {f"cloudfront-viewer-{name}" for name in ("address", "asn", "city", "country", "country-region")}
# AWS, Add CloudFront request headers: "can be added in an origin request policy, but not in a cache policy".
OUTSIDE_THE_KEY = {f"cloudfront-viewer-{name}" for name in ("address", "asn", "ja3-fingerprint", "tls")}
# AWS, Quotas: headers per cache policy, and headers per origin request policy.
MAX_HEADERS = 10
# What API Gateway itself wants for CORS and for a WebSocket (AWS, Use WebSockets with CloudFront distributions).
OF_API_GATEWAY = {f"access-control-request-{name}" for name in ("headers", "method")} | {
    f"sec-websocket-{name}" for name in ("extensions", "key", "version")
}
# CloudFront sends it of its own accord.
OF_THE_ORIGIN = {SECRET}
# Without it a compressed body is refused too: as one that is no JSON, or no form.
TELLS_WHY_ONLY = {"content-encoding"}
READ = re.compile(
    r"(?:headers|_headers\(app\)|headers_of\([^)]*\)|accepted)\.get\(\s*\"([a-z-]+)\"|\.header\(\"([a-z-]+)\"\)"
)


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


def requests() -> dict[str, Any]:
    ((_, properties),) = SHARED.resources("AWS::CloudFront::OriginRequestPolicy")
    config: dict[str, Any] = SHARED.resolve(properties)["OriginRequestPolicyConfig"]
    return config


def named(headers: dict[str, Any]) -> set[str]:
    """The headers of a policy; a policy by list forwards these and no others."""
    assert headers["HeaderBehavior"] == "whitelist"
    found = [name.lower() for name in headers["Headers"]]
    assert len(found) == len(set(found)) <= MAX_HEADERS
    return set(found)


def in_the_key() -> set[str]:
    return named(caching()["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"])


def beside_the_key() -> set[str]:
    return named(requests()["HeadersConfig"])


def read_by_functions() -> set[str]:
    """The names of all headers that functions/ reads."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "functions").rglob("*.py")]
    return {name for text in texts for found in READ.findall(text) for name in found if name}


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
def test_a_request_reaches_the_api_but_for_the_host_that_it_would_refuse(path: str) -> None:
    one = behaviors()[path]
    assert one["OriginRequestPolicyId"] == "ApiRequests"
    assert one["CachePolicyId"] == "ApiCaching"
    assert set(one["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert one["ViewerProtocolPolicy"] == "https-only"
    assert "FunctionAssociations" not in one
    assert "host" not in in_the_key() | beside_the_key()


def test_a_header_stands_in_the_policy_that_may_name_it() -> None:
    """CloudFront refuses to create a policy otherwise, and the first deployment fails."""
    assert in_the_key() & OUTSIDE_THE_KEY == set()
    assert "authorization" in in_the_key() - beside_the_key()
    assert in_the_key() & beside_the_key() == set()


def test_what_functions_and_api_gateway_read_of_a_request_reaches_them() -> None:
    assert read_by_functions() >= {"authorization", "dpop", "origin", "sec-websocket-protocol", *WHERE_FROM}
    assert (read_by_functions() | OF_API_GATEWAY) - OF_THE_ORIGIN - TELLS_WHY_ONLY == in_the_key() | beside_the_key()
    for all_of_them in (caching()["ParametersInCacheKeyAndForwardedToOrigin"], requests()):
        assert all_of_them["CookiesConfig"]["CookieBehavior"] == "all"
        assert all_of_them["QueryStringsConfig"]["QueryStringBehavior"] == "all"


def test_nobody_gets_the_answer_of_somebody_else() -> None:
    """With MaxTTL 0 CloudFront takes no key and drops Authorization; with more it would keep what allows it."""
    policy = caching()
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, 1)
    assert in_the_key() >= {"authorization", "dpop", "origin", "accept-language", "cloudfront-viewer-country"}


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
