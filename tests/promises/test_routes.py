"""One route, one function, one place in the code: template, resolvers, contracts and flow page name the same ones."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from smartident_laptop.template import ROOT, Template
from tests.promises.source import HANDLERS, MODULES

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = Template()
SOCKET: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HTTP = {name: one for name, one in TEMPLATE.functions.items() if any(r.function == name for r in TEMPLATE.routes)}


def resolved(handler_module: str) -> set[str]:
    """The routes that a handler's application answers, as API Gateway writes them."""
    app = import_module(handler_module).app
    routes = [*app._static_routes, *app._dynamic_routes]
    return {f"{route.method} " + re.sub(r"<(\w+)>", r"{\1}", route.path) for route in routes}


def folder(function: str) -> str:
    return TEMPLATE.functions[function].handler.partition(".")[0]


def mentioned(page: Path) -> set[str]:
    """The routes that a page names; a query may follow."""
    found = re.findall(
        r"\b(GET|POST|PATCH|DELETE|PUT) (/(?:v1|oauth2|\.well-known)[\w/{}.-]*)", page.read_text(encoding="utf-8")
    )
    return {f"{method} {path.rstrip('.')}" for method, path in found}


@pytest.mark.parametrize("function", HTTP)
def test_a_function_answers_the_routes_it_is_given_and_no_other(function: str) -> None:
    given = [route.key for route in TEMPLATE.routes if route.function == function]
    assert resolved(TEMPLATE.functions[function].module) == set(given)
    assert len(given) == len(set(given))


@pytest.mark.parametrize("name", HANDLERS)
def test_a_parameter_of_the_path_reaches_the_function_under_its_name(name: str) -> None:
    for function in MODULES[name].tree.body:
        if isinstance(function, ast.FunctionDef):
            for call in function.decorator_list:
                named = re.findall(r"<(\w+)>", ast.unparse(call))
                assert named == [argument.arg for argument in function.args.args]


def test_the_socket_has_two_routes_and_one_function() -> None:
    assert set(TEMPLATE.socket_routes) == {"$connect", "$default"}
    assert {folder(route.function) for route in TEMPLATE.socket_routes.values()} == {"browser"}


def test_the_socket_chooses_by_what_its_messages_bear() -> None:
    """No message has a route of its own name, so `$default` hears them all."""
    ask = SOCKET["components"]["messages"]["ask"]["payload"]
    assert TEMPLATE.route_selection in ask["required"]
    assert ask["properties"][TEMPLATE.route_selection]["const"] not in TEMPLATE.socket_routes


def test_the_contract_of_the_socket_names_the_routes_of_the_template() -> None:
    text = (ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"`(\$\w+)`", text)) <= TEMPLATE.socket_routes.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_routes_that_exist(page: Path) -> None:
    assert mentioned(page) <= {route.key for route in TEMPLATE.routes}


def test_the_flow_tells_of_every_step_of_the_story() -> None:
    """One row a step: the route and the function that the template gives it."""
    text = (ROOT / "docs/flow.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|.*`([A-Z]+ /[^` ]+)`.*?\| `(\w+)` \|", text, re.MULTILINE)
    routes = {route.key: folder(route.function) for route in TEMPLATE.routes}
    assert dict(rows).items() <= routes.items()
    assert len(rows) == len(dict(rows))
    story = {"register_key", "verify_sms", "login", "approve", "complete"}
    assert {function for _, function in rows} >= story
    sockets = re.findall(r"^\|.*WebSocket.*?\| `(\w+)` \|", text, re.MULTILINE)
    assert set(sockets) == {"browser"}


def test_the_flow_tells_of_every_route() -> None:
    """docs/flow.md is where every handler's docstring points."""
    assert {route.key for route in TEMPLATE.routes} - mentioned(ROOT / "docs/flow.md") == set()


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_says_which_route_it_is(name: str) -> None:
    said = ast.get_docstring(MODULES[name].tree) or ""
    function = next(one.logical_id for one in TEMPLATE.functions.values() if one.module == name)
    paths = [route.path for route in TEMPLATE.routes if route.function == function]
    assert "docs/flow.md" in said
    # A second route below the first need not be spelt out.
    assert all(any(path.startswith(named) for named in re.findall(r"/[\w/{}.-]+", said)) for path in paths)
