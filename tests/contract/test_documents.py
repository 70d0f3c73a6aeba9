"""The two contracts hold together with themselves and with the code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from smartident.crypto.jwk import is_signature, payload_of, public_key
from smartident.http.problems import PROBLEMS, TYPE
from smartident.http.security_headers import HEADERS, HSTS
from smartident.oidc.reuse import CLASSES
from smartident.tokens.id_token import acr_of
from smartident_client import base64url
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


def codes(media: dict[str, Any]) -> list[str]:
    """The codes of the refusals that an answer may be: each has its example, under its name."""
    found = {name: CONTRACT.followed(node)["value"]["code"] for name, node in media["examples"].items()}
    assert list(found) == list(found.values())
    return list(found)


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
                assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
                for code in codes(media):
                    promised.setdefault(code, set()).add(status)
    assert promised == {code: {problem.status} for code, problem in PROBLEMS.items()}


def test_every_route_may_fail_and_says_so() -> None:
    for method, path, operation in CONTRACT.operations():
        assert {"500", "503"} <= set(operation["responses"]), f"{method} {path}"


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_refusal_is_shown_with_the_sentence_that_the_person_gets(code: str) -> None:
    example = CONTRACT.document["components"]["examples"][code]["value"]
    assert (example["code"], example["status"]) == (code, PROBLEMS[code].status)
    assert (example["title"], example["type"]) == (PROBLEMS[code].de, TYPE + code)
    assert not CONTRACT.faults(example, "components", "schemas", "Problem")


def test_refusals_are_one_schema_that_lists_every_code() -> None:
    problem = CONTRACT.document["components"]["schemas"]["Problem"]
    assert set(problem["properties"]["code"]["enum"]) == set(PROBLEMS)


def test_every_answer_bears_its_headers() -> None:
    for where, _, answer in answers():
        needed = {"X-Request-Id", HSTS, *HEADERS}
        if "application/problem+json" in answer.get("content", {}):
            needed |= {"Content-Language"}
        assert needed <= set(answer["headers"]), where


def objects(node: object, name: str) -> Iterator[tuple[str, bool]]:
    """Every object of a schema, by its name, and whether it refuses members that it does not name."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield name, node.get("additionalProperties") is False
        for key, child in node.items():
            if key not in {"contentSchema", "discriminator"}:
                yield from objects(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from objects(child, name)


def reached(node: object) -> Iterator[str]:
    """The schemas that a part of the document refers to, however far away."""
    if isinstance(node, dict):
        reference = node.get("$ref", "")
        if reference.startswith("#/components/schemas/"):
            yield reference.rpartition("/")[2]
        if reference:
            yield from reached(CONTRACT.followed(node))
        yield from (name for key, child in node.items() if key != "contentSchema" for name in reached(child))
    elif isinstance(node, list):
        yield from (name for child in node for name in reached(child))


OAUTH_FORMS = (
    "AuthorizationRequest",
    "BackchannelRequest",
    "EnrolmentCodeRequest",
    "LogoutRequest",
    "RevocationRequest",
    "TokenRequest",
)
SCHEMAS = CONTRACT.document["components"]["schemas"]
ASKED = {name for _, _, operation in CONTRACT.operations() for name in reached(operation.get("requestBody"))}
ANSWERED = {name for _, _, operation in CONTRACT.operations() for name in reached(operation["responses"])}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_request_may_have_no_other_members(name: str) -> None:
    """WebAuthn's own objects are the exception: browsers add to them."""
    opened = {member for member, closed in objects(SCHEMAS[name], name) if not closed}
    # OAuth's forms too: RFC 6749 3.1 has unknown parameters ignored.
    assert opened <= {"credential", "assertion", *OAUTH_FORMS}


@pytest.mark.parametrize("name", sorted(ANSWERED - ASKED))
def test_an_answer_may_grow(name: str) -> None:
    """Clients ignore what they do not know; the tests here do not: contract.py closes every object."""
    assert [member for member, closed in objects(SCHEMAS[name], name) if closed] == []
    assert "ignore members that they do not know" in CONTRACT.document["info"]["description"]


def examples(name: str) -> Iterator[str]:
    """The values that members of this name have in examples."""
    for _, _, value in _shown(CONTRACT.document):
        for found in re.finditer(rf'"{name}": "([^"]+)"', json.dumps(value)):
            yield found[1]


def test_examples_can_be_decoded_and_their_signatures_verified() -> None:
    statement = next(examples("statement"))
    assert not CONTRACT.faults(json.loads(base64url.decode(statement)), "components", "schemas", "Statement")
    new_device = json.loads(base64url.decode([*examples("statement")][1]))
    assert not CONTRACT.faults(new_device, "components", "schemas", "NewDeviceStatement")
    enrolling = CONTRACT.promised("POST", "/v1/keys/x/verify")
    assert enrolling
    told = next(iter(enrolling[1]["requestBody"]["content"]["application/json"]["examples"].values()))
    approval = public_key(told["value"]["approval_key"]["jwk"], field="jwk")
    signed = json.loads(payload_of(next(examples("jws")), approval))
    assert not CONTRACT.faults(signed, "components", "schemas", "ApprovalPayload")
    assert signed["statement"] == statement
    device_key, device_id = next(_keys("device_key")), next(examples("device_id"))
    assert public_key(device_key, field="jwk").thumbprint() == device_id
    bound = (next(examples("registration_id")), next(examples("challenge")), device_id)
    message = ":".join(("smartident-approval-key", "v1", *bound)).encode()
    assert is_signature(base64url.decode(told["value"]["approval_key"]["signature"]), message, approval)


def test_the_example_of_a_token_fits_the_example_of_its_key() -> None:
    # The keys of a push subscription are a map.
    (key,) = next(keys for keys in _keys("keys") if isinstance(keys, list))
    claims = json.loads(payload_of(next(examples("id_token")), public_key(key, field="jwk")))
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "auth_time", "jti", "amr", "acr", "sid"}
    assert claims["sid"] == next(examples("login_id"))


def _keys(name: str) -> Iterator[Any]:
    for _, _, value in _shown(CONTRACT.document):
        if isinstance(value, dict) and name in value:
            yield value[name]


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


def test_the_docs_tell_every_acr_with_its_amr() -> None:
    """docs/integrate.md has them from strong to weak."""
    text = (ROOT / "docs/integrate.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(urn:smartident:acr:[a-z-]+)` \| `([a-z ]+)` \|", text, re.MULTILINE)
    assert [acr_of(tuple(amr.split())) for _, amr in rows] == [acr for acr, _ in rows]
    assert list(dict.fromkeys(acr for acr, _ in rows)) == [*reversed(CLASSES)]
