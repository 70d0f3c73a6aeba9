"""Imports run one way: handler, step, nouns, table and ports. Read from the source, with what each layer may know."""

from __future__ import annotations

import ast
import sys
from graphlib import TopologicalSorter

import pytest

from tests.promises.source import CLOCKS, EDGES, HANDLERS, MODULES, NOUNS, STEPS, Module

# Floor by floor: a package imports packages of lower floors, never of its own or a higher one.
FLOORS = (
    {"errors", "settings", "aws"},
    {"telemetry"},
    {"crypto", "outbound", "problems"},
    {"storage"},
    {"rate_limiting", "clients", "places"},
    {"accounts", "notify", "statements"},
    {"pairing", "lost_phone"},
    {"passwords", "logins", "notices"},
    {"sessions"},
    {"recovery"},
    {"devices", "oauth", "history", "pings"},
    {"webauthn", "freeze", "oauth_dpop", "enrolment", "retirement"},
    {"approvals", "passkeys", "push", "sign_out"},
    {"admin", "tokens"},
    {"http", "oidc", "streams"},
    {"oauth_http", "ciba"},
)
FLOOR = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}
MAX_MODULES = 10
PORTS = {
    *("smartident.notify.browser", "smartident.notify.email", "smartident.notify.sms"),
    *("smartident.outbound.post", "smartident.push.web_push"),
    "smartident.notify.event_bridge",
    "smartident.streams.sqs",
}
REFUSALS = {"smartident.errors"}
BEHIND_HANDLERS = EDGES | {"smartident.http.problems", "smartident.telemetry"}
# Who may import a package at run time; everybody else does without it.
OWNERS = {
    "aws_lambda_powertools": {
        "smartident.http.answers",
        "smartident.http.api",
        "smartident.http.cookies",
        "smartident.oauth_http.browser_cookie",
        "smartident.oauth_http.endpoint",
        "smartident.telemetry",
    },
    "boto3": set(),
    "botocore": {
        "smartident.aws",
        "smartident.tokens.id_token",
        "smartident.tokens.jwks",
        "smartident.notify.browser",
        "smartident.notify.email",
        "smartident.notify.event_bridge",
        "smartident.notify.sms",
        "smartident.streams.sqs",
    },
    "bcrypt": {"smartident.passwords.legacy_hashes"},
    "cryptography": {
        "smartident.passwords.legacy_hashes",
        "smartident.passwords.legacy_formats",
        "smartident.tokens.id_token",
        "smartident.tokens.jwks",
        "smartident.passwords.hashing",
        "smartident.push.encryption",
        "smartident.push.vapid",
    },
    "joserfc": {"smartident.crypto.jwk", "smartident.crypto.dpop"},
    "msgspec": {
        *EDGES,
        *STEPS,
        "smartident.approvals.decide",
        "smartident.approvals.signed_decision",
        "smartident.statements.by_phone",
        "smartident.devices.device",
    },
    # Rows are declared where they are owned; conditions are composed beside them.
    "pynamodb": {
        "smartident.storage.table",
        "smartident.storage.writes",
        "smartident.clients.client",
        "smartident.ciba.kept_request",
        "smartident.accounts.limits.rings",
        "smartident.pings.outbox",
        "smartident.rate_limiting.counters",
        "smartident.accounts.audit_log",
        "smartident.accounts.item.row",
        "smartident.accounts.external_ids",
        "smartident.accounts.names",
        "smartident.accounts.limits.attempt_counter",
        "smartident.accounts.limits.wrong_sms_codes_of_day",
        "smartident.devices.device",
        "smartident.devices.registration",
        "smartident.enrolment.enrolment_code",
        "smartident.logins.login",
        "smartident.lost_phone.delayed",
        "smartident.notices.outbox",
        "smartident.oauth.authorization",
        "smartident.oauth.client_assertion",
        "smartident.oauth_dpop.proof",
        "smartident.oidc.pushed_request",
        "smartident.pairing.pairing",
        "smartident.passkeys.challenge",
        "smartident.passkeys.passkey",
        "smartident.push.subscription",
        "smartident.sessions.logout_outbox",
        "smartident.sessions.session",
        "smartident.recovery.code_set",
    },
    "webauthn": {
        "smartident.webauthn.ceremonies",
        "smartident.webauthn.checks",
        "smartident.webauthn.cose_key",
    },
    # Chance comes from one place, and the salt of a password from where it is hashed.
    "random": set(),
    "secrets": {"smartident.passwords.hashing", "smartident.crypto.random"},
    "uuid": set(),
    # One place reads the environment, the edges read the clock, one place writes the log.
    "os": {"smartident.settings"},
    "time": CLOCKS,
    # Only as a calendar: the clock is an argument there too.
    "datetime": {"smartident.notices.times"},
    "logging": set(),
    # One place calls addresses that others named.
    **{package: {"smartident.outbound.post"} for package in ("http", "socket", "ssl", "urllib3")},
}


def own(module: Module, *, types: bool = False) -> set[str]:
    return {name for name in module.imports(types=types) if name in MODULES}


def packages(module: Module) -> set[str]:
    return {name.partition(".")[0] for name in module.imports()}


@pytest.mark.parametrize("package", OWNERS)
def test_a_package_is_imported_by_its_owners_only(package: str) -> None:
    assert {name for name, module in MODULES.items() if package in packages(module)} <= OWNERS[package]


def test_everything_from_outside_has_an_owner() -> None:
    known = OWNERS.keys() | sys.stdlib_module_names | {name.partition(".")[0] for name in MODULES}
    assert {package for module in MODULES.values() for package in packages(module)} <= known


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_knows_its_own_step_the_edge_the_ports_and_the_refusals(name: str) -> None:
    step = name.replace(".handler", ".step")
    assert step in own(MODULES[name])
    assert own(MODULES[name]) <= {step} | EDGES | PORTS | REFUSALS


@pytest.mark.parametrize("name", STEPS)
def test_a_step_knows_nouns_and_no_other_step(name: str) -> None:
    assert own(MODULES[name], types=True) <= NOUNS.keys() - BEHIND_HANDLERS


@pytest.mark.parametrize("name", STEPS)
def test_a_step_never_holds_a_row_or_a_transaction(name: str) -> None:
    imported = [
        alias.name for node in ast.walk(MODULES[name].tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    assert [one for one in imported if "row" in one.lower() or one in {"write", "Put", "Update", "Check"}] == []
    assert not any(package in MODULES[name].text for package in ("pynamodb", "botocore", "boto3", "powertools"))


def package_of(name: str) -> str:
    """The package of a module of smartident, or the module itself at its root."""
    return name.split(".")[1]


@pytest.mark.parametrize("name", NOUNS)
def test_a_package_imports_lower_floors_only(name: str) -> None:
    here = package_of(name)
    for other in own(MODULES[name], types=True) & NOUNS.keys():
        there = package_of(other)
        assert there == here or FLOOR[there] < FLOOR[here], other


def test_every_package_has_its_floor_and_few_modules() -> None:
    sizes: dict[str, int] = {}
    for name in NOUNS:
        if name.count(".") == 2:
            sizes[package_of(name)] = sizes.get(package_of(name), 0) + 1
    assert {package_of(name) for name in NOUNS} == FLOOR.keys()
    assert {package: count for package, count in sizes.items() if count > MAX_MODULES} == {}


@pytest.mark.parametrize("name", NOUNS)
def test_a_noun_knows_neither_steps_nor_handlers_nor_their_edge(name: str) -> None:
    if name not in EDGES:
        assert own(MODULES[name], types=True) <= NOUNS.keys() - EDGES


def test_no_two_modules_need_each_other() -> None:
    graph = {name: own(module, types=True) for name, module in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == MODULES.keys()


def test_only_settings_read_the_environment() -> None:
    touching = {name for name, module in MODULES.items() if any("environ" in used for used in module.names())}
    assert touching == {"smartident.settings"}


def test_only_the_edges_read_the_clock() -> None:
    """What `import time` and `datetime` forbid above, once more by its use: time is an argument everywhere else."""
    clocks = ("time.time", "datetime.now", "datetime.utcnow", "time.monotonic", "time_ns")
    assert {name for name, module in MODULES.items() if set(module.names()) & set(clocks)} == CLOCKS


def test_nothing_but_telemetry_writes() -> None:
    loud = {"print", "sys.stdout.write", "sys.stderr.write", "warnings.warn"}
    assert {name for name, module in MODULES.items() if set(module.names()) & loud} == set()


def test_importing_a_module_reads_nothing_and_calls_nobody() -> None:
    """No settings, no client, no pepper at import: a cold start pays for nothing that the request does not need."""
    lazy = {"settings", "client", "pepper", "_session", "_logger"}
    for name, module in MODULES.items():
        for statement in module.tree.body:
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                called = {ast.unparse(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
                assert not called & lazy, name
