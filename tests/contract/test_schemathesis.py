"""Schemathesis asks what nobody would: every route, as nobody, as a browser and a phone, and one call after another."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import checks
from schemathesis.specs.openapi import checks as promises

from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from tests.contract.caller import Caller, is_malformed
from tests.contract.contract import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

    from smartident_laptop.stack import Stack

pytestmark = pytest.mark.contract

PROMISED = [
    checks.not_a_server_error,
    promises.status_code_conformance,
    promises.content_type_conformance,
    promises.response_headers_conformance,
    promises.response_schema_conformance,
]
FEW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# What anybody may read, and where any application's link leads. Who is not signed in may log out, too.
FOR_EVERYBODY = {
    "/.well-known/jwks.json",
    "/.well-known/webauthn",
    "/v1/passkeys/options",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/oauth2/authorize",
    "/oauth2/logout",
}
SCHEMA = schemathesis.openapi.from_dict(CONTRACT.document)


def first_steps() -> Any:
    """The document for chains of calls. Without `client_id`, which Schemathesis would wait for another call to make."""
    document = deepcopy(CONTRACT.document)
    for schema in ("LoginRequest", "PasskeyLoginRequest"):
        del document["components"]["schemas"][schema]["properties"]["client_id"]
    for example in document["paths"]["/v1/logins"]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ].values():
        example["value"].pop("client_id", None)
    return schemathesis.openapi.from_dict(document).as_state_machine()


@pytest.fixture(scope="module")
def caller(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with Phone(stack.url, KeyStore(tmp_path_factory.mktemp("phone") / "phone.json")) as phone:
        yield Caller(stack, phone)


def judged(case: Case[Any], stack: Stack, **sent: Any) -> Any:
    """The answer, once it is one that the document promises."""
    return case.call_and_validate(base_url=stack.url, checks=PROMISED, **sent)


@SCHEMA.parametrize()
@FEW
def test_nobody_gets_anything_but_a_promised_refusal(case: Case[Any], stack: Stack) -> None:
    answer = judged(case, stack)
    assert answer.status_code >= 400 or case.operation.path in FOR_EVERYBODY


@SCHEMA.parametrize()
@FEW
def test_a_phone_and_a_browser_get_what_is_promised(case: Case[Any], stack: Stack, caller: Caller) -> None:
    caller.aim(case)
    answer = judged(case, stack, auth=caller)
    # OAuth ignores parameters that it does not know, so a malformed form may be none to it.
    assert answer.status_code >= 400 or not is_malformed(case) or case.operation.path in FOR_EVERYBODY


class Flow(first_steps()):  # type: ignore[misc]  # a class that is made of the contract
    """Calls follow each other along the document's links, by people whose credentials are right."""

    caller: Caller

    def setup(self) -> None:
        """Begin each chain of calls in the same state, so that Hypothesis can repeat it."""
        self.caller.begin_anew()

    def teardown(self) -> None:
        """Leave no login waiting."""
        self.caller.give_up()

    def before_call(self, case: Case[Any]) -> None:
        """Put right credentials into what is well-formed."""
        self.caller.introduce(case)

    def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
        """Sign what a phone sends, and bear the token of what a browser sends."""
        return {"auth": self.caller, "base_url": self.caller.stack.url}

    def after_call(self, response: Any, case: Case[Any]) -> None:
        """Remember the token of a login just begun."""
        self.caller.hear(response)

    def validate_response(self, response: Any, case: Case[Any], **_: Any) -> None:
        """Hold the answer against the document."""
        case.validate_response(response, checks=PROMISED)


def test_one_call_after_another_gets_what_is_promised(caller: Caller) -> None:
    Flow.caller = caller
    run_state_machine_as_test(Flow, settings=settings(FEW, max_examples=8, stateful_step_count=8))
