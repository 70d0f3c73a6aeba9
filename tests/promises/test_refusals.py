"""A refusal is one noun, one status, one sentence a language: in the code, on the wire, on pages, at the terminal."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest
import yaml

from smartident import errors
from smartident.approvals import decide
from smartident.approvals.decide import Deny
from smartident.devices import revoke
from smartident.history import events as history
from smartident.http.languages import LANGUAGES
from smartident.http.problems import PROBLEMS
from smartident.passkeys import remove
from smartident_cli.catalogue import CATALOGUE
from smartident_laptop.template import ROOT, Template
from tests.contract.contract import CONTRACT
from tests.promises.reach import REFUSALS, Reach, definitions
from tests.promises.source import MODULES
from tests.promises.texts import FOLDERS, block, keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = Template()
OPENAPI = CONTRACT.document
ASYNCAPI: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8"))
# What any route may come to, whatever it does.
ANYWHERE = {"internal_error", "public_url_required", "service_unavailable"}
# Their refusals are OAuth's own, but for the one that precedes every route.
OAUTH_HANDLERS = {
    "authorize.handler",
    "ciba.handler",
    "end_session.handler",
    "enrolment_codes.handler",
    "token_endpoint.handler",
}
# Raised somewhere below, but never on this way.
NEVER = {
    # What it reads was sealed by us.
    "GET /oauth2/interaction": {"invalid_request"},
    # Only a request come twice meets its own registration again: it was there a moment ago, its proof grows stale
    # before it expires, and nobody knows its id to try codes, because the first answer said that no SMS was sent.
    # No browser begins a registration: to a phone, an e-mail that several accounts share is nobody's.
    "POST /v1/keys": {"registration_not_found", "registration_expired", "code_exhausted", "access_number_required"},
    # The logins it looks at come from the table, with ids that are well-formed.
    "GET /v1/devices": {"login_not_found"},
    "DELETE /v1/devices/{device_id}": {"login_not_found"},
    "POST /v1/devices/{device_id}/revoke": {"login_not_found"},
    "GET /v1/approvals": {"login_not_found"},
    "DELETE /v1/sessions": {"login_not_found"},
    "POST /v1/account/freeze": {"login_not_found"},
    "POST /v1/account/open": {"login_not_found"},
    "POST /v1/notices/freeze": {"login_not_found"},
}
# What no server says, because it happens on the device.
OF_PAGES = set(block(ROOT / "web/language/de.js", "refusals"))
# How smartident.js names the end of a login whose own page gave it up; the page shows a view for it.
OF_THE_CLIENT = {"login_cancelled"}
# Where each kind of event and each reason is put in words.
EVENT_TYPES = set(OPENAPI["components"]["schemas"]["Event"]["properties"]["type"]["enum"])


def test_every_refusal_has_one_code_and_one_entry() -> None:
    assert len(set(REFUSALS.values())) == len(REFUSALS)
    assert set(REFUSALS.values()) == PROBLEMS.keys()


def test_every_refusal_says_what_it_means() -> None:
    classes = [vars(errors)[name] for name in REFUSALS]
    assert [one.__name__ for one in classes if not one.__doc__ or "code" not in vars(one)] == []


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_refusal_speaks_german_and_english(code: str) -> None:
    problem = PROBLEMS[code]
    assert LANGUAGES == ("de", "en")
    assert problem.de != problem.en
    for sentence in (problem.de, problem.en):
        assert re.fullmatch(r"[A-ZÄÖÜ].*[.]", sentence)
    assert 400 <= problem.status < 600


def operations() -> Iterator[tuple[str, str, str]]:
    """Each route, and where it is answered: the handler's module and function."""
    for route in TEMPLATE.routes:
        handler = TEMPLATE.functions[route.function].module
        for name, function in definitions(handler).items():
            for call in function.decorator_list:
                if isinstance(call, ast.Call) and _answers(call, route.method, route.path):
                    yield route.key, handler, name


def _answers(call: ast.Call, method: str, path: str) -> bool:
    assert isinstance(call.func, ast.Attribute)
    assert isinstance(call.args[0], ast.Constant)
    pattern = re.sub(r"<(\w+)>", r"{\1}", str(call.args[0].value))
    return (call.func.attr.upper(), pattern) == (method, path)


def promised(route: str) -> set[str]:
    """The codes that the contract promises for a route."""
    method, path = route.split(" ")
    text = str(list(_responses(OPENAPI["paths"][path][method.lower()]["responses"])))
    return set(re.findall(r"#/components/examples/([a-z_]+)", text)) & PROBLEMS.keys()


def _responses(responses: dict[str, Any]) -> Iterator[Any]:
    for one in responses.values():
        name = one.get("$ref", "").rpartition("/")[2]
        yield OPENAPI["components"]["responses"][name] if name else one


@pytest.mark.parametrize(("route", "handler", "function"), [pytest.param(*one, id=one[0]) for one in operations()])
def test_a_route_promises_the_refusals_that_it_can_come_to_and_no_other(
    route: str, handler: str, function: str
) -> None:
    if handler in OAUTH_HANDLERS:
        assert promised(route) == {"public_url_required"}
        return
    reached = Reach(handler).codes(function) | ANYWHERE
    assert NEVER.get(route, set()) <= reached
    assert promised(route) == reached - NEVER.get(route, set())


def test_every_route_was_looked_at() -> None:
    assert {route for route, _, _ in operations()} == {route.key for route in TEMPLATE.routes}


def test_every_refusal_can_happen() -> None:
    """Raised by name somewhere: an entry that nothing raises is a promise to nobody."""
    raised = {
        node.func.id
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS
    }
    raised |= {
        node.exc.id
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name)
    }
    assert REFUSALS.keys() - raised == set()


def test_the_socket_promises_what_a_message_can_come_to() -> None:
    told = ASYNCAPI["components"]["messages"]["refusal"]["payload"]["properties"]["code"]
    assert set(told.get("enum", [told.get("const")])) == Reach("browser.handler").codes("on_message")


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_the_pages_say_the_same_things_in_both_languages(folder: Path) -> None:
    german, english = ((ROOT / folder / f"{language}.js").read_text(encoding="utf-8") for language in LANGUAGES)
    assert keys(german)
    assert keys(german) == keys(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_have_words_only_for_what_the_server_never_says(language: str) -> None:
    sentences = block(ROOT / "web/language" / f"{language}.js", "refusals")
    assert sentences.keys() == OF_PAGES
    assert OF_PAGES.isdisjoint(PROBLEMS)
    assert all(len(sentence) > len('""') for sentence in sentences.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_of_a_refusal_stands_once(language: str) -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "web").rglob("*.js"))
    assert [code for code, problem in PROBLEMS.items() if getattr(problem, language) in pages] == []


def test_what_pages_refuse_themselves_is_said_by_them() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "web").rglob("*.js"))
    own = set(re.findall(r'new Refusal\(.*?"([a-z_]+)"', scripts))
    assert own <= OF_PAGES
    assert all(f'"{code}"' in scripts for code in OF_PAGES - own)


@pytest.mark.parametrize("folder", ["web", "smartident_cli"])
def test_whoever_tells_refusals_apart_knows_their_codes(folder: str) -> None:
    """A code that is compared with, but that nobody sends, is a branch that never runs."""
    files = [path for end in ("*.js", "*.py") for path in (ROOT / folder).rglob(end)]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    compared = set(re.findall(r'\.code\)? (?:[!=]==?|in|not in) (?:\{.*?\}|"[a-z_]+")', text))
    sets = re.findall(r"const (?:OVER|LATER|GONE)\w* = new Set\(\[(.*?)\]\)", text, re.DOTALL)
    named = set(re.findall(r'"([a-z_]+)"', " ".join([*compared, *sets])))
    assert named
    assert named <= PROBLEMS.keys() | OF_PAGES | OF_THE_CLIENT


def written_events() -> set[str]:
    """The kinds of events that the service writes."""
    calls = [
        node.args[0]
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record"
    ]
    named = {vars(revoke)[one.id] if isinstance(one, ast.Name) else ast.literal_eval(one) for one in calls}
    return named | set(history._LOGIN_EVENTS.values())


def test_every_event_has_its_words() -> None:
    assert written_events() == EVENT_TYPES
    assert CATALOGUE.keys() >= {f"event_{kind}" for kind in EVENT_TYPES}
    for language in LANGUAGES:
        assert block(ROOT / "web/app/language" / f"{language}.js", "types").keys() == EVENT_TYPES


def test_every_reason_has_its_words() -> None:
    reasons = set(get_args(get_type_hints(Deny)["reason"]))
    assert decide.NOT_ME in reasons
    reasons |= {decide.TRANSFER_CODE, revoke.DEVICE_REVOKED, remove.PASSKEY_REMOVED}
    assert CATALOGUE.keys() >= {f"reason_{reason}" for reason in reasons}
    for language in LANGUAGES:
        assert block(ROOT / "web/app/language" / f"{language}.js", "reasons").keys() == reasons
