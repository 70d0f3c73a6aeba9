"""docs/api/openapi.yaml as a judge: every answer that it sees must be one that the document promises."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from smartident_laptop.intrinsics import load
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

METHODS = ("get", "post", "put", "patch", "delete")
_HERE = "urn:smartident:openapi"


class Contract:
    """The OpenAPI document, with its references followed."""

    @cached_property
    def document(self) -> dict[str, Any]:
        # No tag of CloudFormation stands in it, so the template's quick loader reads it as any other does.
        return load(ROOT / "docs/api/openapi.yaml")

    @cached_property
    def _registry(self) -> Registry[Any]:
        """The document with every object closed: clients ignore members that they do not know, a judge does not."""
        resource = Resource.from_contents(_closed(self.document), default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_HERE, resource)
        return registry

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every operation: method, path, and what the document says of it."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method]

    def followed(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node itself, or what it refers to."""
        if "$ref" not in node:
            return node
        found: dict[str, Any] = self.document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def faults(self, value: object, *steps: str) -> list[str]:
        """What is wrong with a value under the schema that stands at these steps of the document."""
        pointer = "/".join(quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in steps)
        validator = Draft202012Validator({"$ref": f"{_HERE}#/{pointer}"}, registry=self._registry)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def promised(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        """The path and operation that a request is for."""
        for pattern, item in self.document["paths"].items():
            if method.lower() in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                return pattern, item[method.lower()]
        return None

    def judge(self, response: httpx.Response) -> list[str]:
        """What is wrong with an answer: an undocumented status, type or header, or another shape than promised."""
        method, path = response.request.method, response.request.url.path
        found = self.promised(method, path)
        if found is None:
            return [f"{method} {path} is no route"]
        pattern, operation = found
        status = str(response.status_code)
        if status not in operation["responses"]:
            return [f"{method} {pattern} may not answer {status}: {response.text}"]
        answer = self.followed(operation["responses"][status])
        return [f"{method} {pattern} {status}: {fault}" for fault in self._faults_of(response, answer)]

    def _faults_of(self, response: httpx.Response, answer: dict[str, Any]) -> Iterator[str]:
        for name, node in answer.get("headers", {}).items():
            header = self.followed(node)
            if name not in response.headers:
                yield f"header {name} is missing"
            else:
                yield from Draft202012Validator(header["schema"]).iter_errors(response.headers[name])
        if "content" not in answer:
            if response.content:
                yield "there should be no body"
            return
        kind = response.headers.get("content-type", "")
        if kind not in answer["content"]:
            yield f"content type {kind!r}"
            return
        if kind.startswith("text/html"):
            return
        body = json.loads(response.content)
        yield from self._shape(body, answer["content"][kind]["schema"])
        if kind == "application/problem+json":
            yield from self._other_refusal(body, answer["content"][kind]["examples"])

    def _other_refusal(self, body: dict[str, Any], examples: dict[str, Any]) -> Iterator[str]:
        """Whether a refusal is none of those that the answer shows, or says less than its example."""
        if body.get("code") not in examples:
            yield f"refusal {body.get('code')!r}"
            return
        shown = self.followed(examples[body["code"]])["value"]
        if not {*shown} - {"field"} <= {*body} or body["status"] != shown["status"]:
            yield f"other members or another status than in the example of {body['code']}"

    def _shape(self, body: object, schema: dict[str, Any]) -> Iterator[str]:
        resolved = json.loads(json.dumps(schema).replace('"#/', f'"{_HERE}#/'))
        for error in Draft202012Validator(resolved, registry=self._registry).iter_errors(body):
            yield f"{error.json_path}: {error.message}"


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(child) for child in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(child) for key, child in node.items()}
    if node.get("type") == "object" and "properties" in node:
        closed.setdefault("additionalProperties", False)
    return closed


CONTRACT = Contract()
