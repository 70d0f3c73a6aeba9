"""template.yaml as the laptop and the tests read it: routes, handlers, CORS, settings and the table, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smartident_laptop.intrinsics import Resolver, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"
_LISTS = {"CommaDelimitedList", "List<String>", "List<Number>"}
# What CreateTable does not take: DynamoDB sets these by calls of their own.
_AFTER_CREATION = {"PointInTimeRecoverySpecification", "TimeToLiveSpecification"}


@dataclass(frozen=True)
class Function:
    """One Lambda function: what API Gateway calls and how long it may take."""

    logical_id: str
    handler: str
    timeout: int
    memory: int

    @property
    def module(self) -> str:
        """The module that holds the handler: `login.handler` of `login.handler.handler`."""
        return self.handler.rpartition(".")[0]


@dataclass(frozen=True)
class Route:
    """One route of the HTTP API."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        """The route as API Gateway names it: `POST /v1/logins`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class SocketRoute:
    """One route of the WebSocket API; `answers` is true if the function's answer goes back to the page."""

    key: str
    function: str
    answers: bool


@dataclass(frozen=True)
class Cors:
    """What the HTTP API tells browsers of other origins."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None
    credentials: bool = False


class Template:
    """A SAM template with its parameters at their defaults, or at the values given here."""

    def __init__(self, path: Path = TEMPLATE, parameters: Mapping[str, str] | None = None) -> None:
        self.document = load(path)
        declared: dict[str, Any] = self.document.get("Parameters", {})
        unknown = set(parameters or ()) - set(declared)
        if unknown:
            raise KeyError(f"{path.name} declares no parameter {', '.join(sorted(unknown))}")
        texts = {name: (parameters or {}).get(name, entry.get("Default", "")) for name, entry in declared.items()}
        self.parameters: dict[str, Any] = {
            name: [part.strip() for part in str(text).split(",")] if declared[name]["Type"] in _LISTS else text
            for name, text in texts.items()
        }
        self.resolve = Resolver(self.parameters, self.document.get("Conditions", {}), self.document.get("Mappings", {}))

    def resources(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The logical id and the raw properties of each resource of a type whose condition holds."""
        for logical_id, resource in self.document["Resources"].items():
            condition = resource.get("Condition")
            if resource["Type"] == kind and (condition is None or self.resolve.holds(condition)):
                yield logical_id, resource.get("Properties", {})

    @cached_property
    def _function_globals(self) -> dict[str, Any]:
        shared: dict[str, Any] = self.document.get("Globals", {}).get("Function", {})
        return shared

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Every function of the template by its logical id."""
        found = {}
        for logical_id, own in self.resources("AWS::Serverless::Function"):
            properties = {**self._function_globals, **own}
            found[logical_id] = Function(
                logical_id,
                self.resolve(properties["Handler"]),
                int(self.resolve(properties.get("Timeout", 3))),
                int(self.resolve(properties.get("MemorySize", 128))),
            )
        return found

    @cached_property
    def routes(self) -> list[Route]:
        """The HTTP API's routes, in the template's order."""
        declared = [
            (self.resolve(event["Properties"]), logical_id)
            for logical_id, own in self.resources("AWS::Serverless::Function")
            for event in own.get("Events", {}).values()
            if event["Type"] == "HttpApi"
        ]
        return [Route(event["Method"].upper(), event["Path"], logical_id) for event, logical_id in declared]

    @cached_property
    def socket_routes(self) -> dict[str, SocketRoute]:
        """The WebSocket API's routes by their key (`$connect`, `$default`, …)."""
        integrations = dict(self.resources("AWS::ApiGatewayV2::Integration"))
        answering = {
            self.resolve(properties["RouteId"]) for _, properties in self.resources("AWS::ApiGatewayV2::RouteResponse")
        }
        routes = {}
        for logical_id, properties in self.resources("AWS::ApiGatewayV2::Route"):
            target = self.resolve(properties["Target"]).rpartition("/")[2]
            uri = self.resolve(integrations[target]["IntegrationUri"])
            function = next(name for name in self.functions if f"{name}." in uri or uri.endswith(name))
            key = self.resolve(properties["RouteKey"])
            routes[key] = SocketRoute(key, function, logical_id in answering)
        return routes

    @cached_property
    def socket_stage(self) -> str:
        """The WebSocket API's stage, which is also the first part of its path."""
        for _, properties in self.resources("AWS::ApiGatewayV2::Stage"):
            return str(self.resolve(properties["StageName"]))
        return "$default"

    @cached_property
    def route_selection(self) -> str:
        """The member of a message by which the WebSocket API chooses a route: `action` of `$request.body.action`."""
        for _, properties in self.resources("AWS::ApiGatewayV2::Api"):
            if properties.get("ProtocolType") == "WEBSOCKET":
                return str(self.resolve(properties["RouteSelectionExpression"])).removeprefix("$request.body.")
        return ""

    @cached_property
    def cors(self) -> Cors:
        """The HTTP API's CORS settings."""
        for _, properties in self.resources("AWS::Serverless::HttpApi"):
            declared = self.resolve({"cors": properties.get("CorsConfiguration", {})}).get("cors", {})
            age = declared.get("MaxAge")
            return Cors(
                tuple(declared.get("AllowOrigins", ())),
                tuple(method.upper() for method in declared.get("AllowMethods", ())),
                tuple(header.lower() for header in declared.get("AllowHeaders", ())),
                tuple(header.lower() for header in declared.get("ExposeHeaders", ())),
                None if age is None else int(age),
                bool(declared.get("AllowCredentials", False)),
            )
        return Cors()

    @cached_property
    def environment(self) -> dict[str, str]:
        """The settings every function gets: Globals, and what single functions add, as texts."""
        variables = dict(self._function_globals.get("Environment", {}).get("Variables", {}))
        for _, own in self.resources("AWS::Serverless::Function"):
            variables |= own.get("Environment", {}).get("Variables", {})
        return {name: str(value) for name, value in self.resolve(variables).items()}

    @cached_property
    def table(self) -> dict[str, Any]:
        """The arguments of CreateTable for the one table; its encryption key is the account's own."""
        _, properties = next(self.resources("AWS::DynamoDB::Table"))
        arguments: dict[str, Any] = {
            name: value for name, value in self.resolve(properties).items() if name not in _AFTER_CREATION
        }
        if "StreamSpecification" in arguments:  # which CloudFormation takes for enabled
            arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
        encryption = arguments.pop("SSESpecification", {})
        if encryption.get("SSEEnabled"):
            arguments["SSESpecification"] = {"Enabled": True, "SSEType": encryption.get("SSEType", "KMS")}
        return arguments

    @cached_property
    def ttl_attribute(self) -> str | None:
        """The attribute by which DynamoDB cleans up, if any."""
        _, properties = next(self.resources("AWS::DynamoDB::Table"))
        name = self.resolve(properties).get("TimeToLiveSpecification", {}).get("AttributeName")
        return None if name is None else str(name)
