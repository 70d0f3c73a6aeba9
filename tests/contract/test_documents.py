"""The two contracts hold together with themselves and with the code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from smartident.http.api import HEADERS
from smartident.http.problems import PROBLEMS, TYPE
from smartident_laptop.template import ROOT, Template
from tests.contract.contract import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterator

ASYNC: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8"))


def answers() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every answer of every operation: where, its status, what it is."""
    for method, path, operation in CONTRACT.operations():
        for status, node in operation["responses"].items():
            yield f"{method} {path} {status}", int(status), CONTRACT.followed(node)


def codes(schema: dict[str, Any]) -> list[str]:
    """The codes of a refusal's schema, named after them."""
    return [node["$ref"].rpartition("/")[2] for node in schema.get("anyOf", [schema])]


def test_openapi_is_well_formed() -> None:
    validate(CONTRACT.document)


def test_the_routes_are_those_of_the_template() -> None:
    written = {f"{method} {path}" for method, path, _ in CONTRACT.operations()}
    assert written == {route.key for route in Template().routes}


def test_each_refusal_is_promised_somewhere_with_the_status_of_the_code() -> None:
    promised: dict[str, set[int]] = {}
    for _, status, answer in answers():
        for kind, media in answer.get("content", {}).items():
            if kind == "application/problem+json":
                for code in codes(media["schema"]):
                    promised.setdefault(code, set()).add(status)
    assert promised == {code: {problem.status} for code, problem in PROBLEMS.items()}


def test_every_route_may_fail_and_says_so() -> None:
    for method, path, operation in CONTRACT.operations():
        assert {"500", "503"} <= set(operation["responses"]), f"{method} {path}"


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_refusal_is_shown_with_the_sentence_that_the_person_gets(code: str) -> None:
    schema = CONTRACT.document["components"]["schemas"][code]["allOf"][1]["properties"]
    example = CONTRACT.document["components"]["examples"][code]["value"]
    assert schema == {"code": {"const": code}, "status": {"const": PROBLEMS[code].status}}
    assert (example["title"], example["type"]) == (PROBLEMS[code].de, TYPE + code)
    assert not CONTRACT.faults(example, "components", "schemas", code)


def test_every_answer_bears_its_headers() -> None:
    for where, _, answer in answers():
        needed = {"X-Request-Id", *HEADERS}
        if "application/problem+json" in answer.get("content", {}):
            needed |= {"Content-Language"}
        assert needed <= set(answer["headers"]), where


def test_objects_promise_all_their_members() -> None:
    """An object without `additionalProperties: false` would let anything through; WebAuthn's own are the exception."""
    open_ends = {"credential", "assertion"}

    def walk(node: object, name: str) -> Iterator[str]:
        if isinstance(node, dict):
            if node.get("type") == "object" and node.get("additionalProperties") is not False:
                yield name
            for key, child in node.items():
                yield from walk(child, key)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child, name)

    assert set(walk(CONTRACT.document["components"]["schemas"], "schemas")) == open_ends


def _shown(node: object, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            for name, example in node["examples"].items():
                yield (*steps, "schema"), name, CONTRACT.followed(example)["value"]
        for key, child in node.items():
            yield from _shown(child, (*steps, str(key)))


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        pytest.param(steps, value, id=f"{'/'.join(steps[1:-2])} {name}")
        for steps, name, value in _shown(CONTRACT.document)
    ],
)
def test_every_example_is_true(steps: tuple[str, ...], value: object) -> None:
    assert not CONTRACT.faults(value, *steps)


@pytest.mark.parametrize("name", ASYNC["components"]["messages"])
def test_every_message_of_the_socket_is_true_to_its_schema(name: str) -> None:
    message = ASYNC["components"]["messages"][name]
    assert message["payload"]["additionalProperties"] is False
    for example in message["examples"]:
        Draft202012Validator(message["payload"]).validate(example["payload"])


def test_every_reference_of_the_socket_leads_somewhere() -> None:
    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in references(ASYNC):
        found: Any = ASYNC
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]
        assert json.dumps(found)
