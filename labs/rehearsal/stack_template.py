"""What the stand-in cannot read in the template, put so that it can; every permission and setting stays as it is.

MiniStack ignores the OpenAPI `Body` that SAM makes of an HTTP API's events, serves APIs by path on one port, speaks no
TLS, takes a reference to a secret for its name where CloudFormation gives its ARN, and does not tell policies which
signing algorithm KMS is asked for. It hands back whatever a WebSocket's function answers, without a route response, and
knows no saved queries and no alarms over several metrics. Its CloudFront refuses origins at AWS's hosts. So routes are
spelled out, both APIs get fixed names, the addresses say where they are, CloudFront's origin is the stand-in, secrets
are asked for their ARN, and that one condition is left out, with what only an operator looks at. It publishes versions
and reaches them through their alias, as AWS does, but has no CodeDeploy: a first deployment has nothing to shift from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Resources = dict[str, Any]
SECRET_HEADER = "x-smartident-origin-secret"  # noqa: S105  the header's name
NAMES = {"HTTP": "aaaa0001", "WEBSOCKET": "bbbb0002"}
UNKNOWN_CONDITION = ("Condition", {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}})
# The stand-in asks for this with no resource and tells policies of no sender.
SENDS_EMAIL = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
LEFT_OUT = {
    "AWS::ApiGatewayV2::RouteResponse",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::Logs::QueryDefinition",
}
_METHODS = {"get", "post", "put", "patch", "delete", "head", "x-amazon-apigateway-any-method"}


def http_url(origin: str) -> str:
    """Where the HTTP API is on the stand-in at this origin."""
    return f"{origin}/_aws/execute-api/{NAMES['HTTP']}/$default"


def websocket_url(template: dict[str, Any], origin: str) -> str:
    """Where the WebSocket API is."""
    stage = _socket_stage(template["Resources"].values())
    return f"{origin.replace('http', 'ws', 1)}/_aws/execute-api/{NAMES['WEBSOCKET']}/{stage}"


def adapted(template: dict[str, Any], *, origin: str) -> dict[str, Any]:
    """The template as the stand-in at `origin` can deploy it."""
    resources: Resources = {
        name: resource for name, resource in template["Resources"].items() if resource["Type"] not in LEFT_OUT
    }
    socket = websocket_url(template, origin)
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            resources.update(_api(name, resource["Properties"]))
        elif resource["Type"] == "AWS::Lambda::Alias":
            resources[name] = {key: part for key, part in resource.items() if key != "UpdatePolicy"}
        elif resource["Type"] == "AWS::Lambda::Function":
            resources[name] = _with_addresses(resource, socket)
        elif resource["Type"] == "AWS::CloudFront::Distribution":
            resources[name] = _with_reachable_origin(resource, origin)
    secrets = {name for name, resource in resources.items() if resource["Type"] == "AWS::SecretsManager::Secret"}
    for name in secrets:
        resources[name] = _without_punctuation(resources[name])
    found: dict[str, Any] = _readable({**template, "Resources": resources}, secrets)
    return found


def _readable(part: Any, secrets: set[str]) -> Any:
    """A part of the template in which secrets are named by their ARN and no condition is one that cannot be known."""
    if isinstance(part, list):
        return [_readable(item, secrets) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("Action") == SENDS_EMAIL["Action"]:
        return SENDS_EMAIL
    if set(part) == {"Ref"} and part["Ref"] in secrets:
        return {"Fn::GetAtt": [part["Ref"], "Id"]}
    return {name: _readable(item, secrets) for name, item in part.items() if (name, item) != UNKNOWN_CONDITION}


def _socket_stage(resources: Iterable[dict[str, Any]]) -> str:
    """The stage of the WebSocket API; the role that posts to its connections names it too."""
    stages = (one["Properties"]["StageName"] for one in resources if one["Type"] == "AWS::ApiGatewayV2::Stage")
    found: str = next(stage for stage in stages if stage != "$default")
    return found


def _without_punctuation(secret: dict[str, Any]) -> dict[str, Any]:
    """A secret that is its name, where it has one: MiniStack makes commas, which separate the secrets of the origin."""
    properties = {name: part for name, part in secret["Properties"].items() if name != "GenerateSecretString"}
    named = "Name" in properties
    return {**secret, "Properties": {**properties, "SecretString": properties["Name"]}} if named else secret


def _with_reachable_origin(part: Any, origin: str) -> Any:
    """A distribution whose origin before the HTTP API is the stand-in itself, without TLS."""
    if isinstance(part, list):
        return [_with_reachable_origin(item, origin) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("Id") == "api":
        path, place = http_url(""), urlsplit(origin)
        connection = {"OriginProtocolPolicy": "http-only", "HTTPPort": place.port}
        return {**part, "DomainName": place.hostname, "OriginPath": path, "CustomOriginConfig": connection}
    return {name: _with_reachable_origin(item, origin) for name, item in part.items()}


def _with_addresses(function: dict[str, Any], socket: str) -> dict[str, Any]:
    properties = function["Properties"]
    variables = properties["Environment"]["Variables"]
    variables = {
        **variables,
        # Its public URL has a path, which no parameter for origins takes.
        "CLIENT_ORIGINS": {"Fn::Join": [",", [variables["CLIENT_ORIGINS"], variables["API_URL"]]]},
        "CONNECTIONS_URL": socket.replace("ws", "http", 1),
        "WEBSOCKET_URL": socket,
    }
    return {**function, "Properties": {**properties, "Environment": {"Variables": variables}}}


def _api(name: str, properties: dict[str, Any]) -> Resources:
    """An API under its fixed name, and its routes if they stood in a Body."""
    body = properties.get("Body")
    protocol = properties.get("ProtocolType", "HTTP")
    kept = {key: value for key, value in properties.items() if key != "Body"}
    kept |= {"Name": kept.get("Name", name), "ProtocolType": protocol, "Tags": {"ms-custom-id": NAMES[protocol]}}
    found: Resources = {name: {"Type": "AWS::ApiGatewayV2::Api", "Properties": kept}}
    for number, (key, integration) in enumerate(_operations(body or {})):
        found[f"{name}Integration{number}"] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": name},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": integration["uri"],
                "PayloadFormatVersion": integration["payloadFormatVersion"],
            },
        }
        found[f"{name}Route{number}"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": name},
                "RouteKey": key,
                "Target": {"Fn::Sub": f"integrations/${{{name}Integration{number}}}"},
            },
        }
    return found


def _operations(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each route key of an OpenAPI document, with what stands behind it."""
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if method in _METHODS:
                yield f"{method.upper()} {path}", operation["x-amazon-apigateway-integration"]
