"""What is deployed is what was built and tested: parameters, packages and their versions, services, timeouts."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from smartident import aws
from smartident_laptop.template import ROOT, Template
from tests.promises.source import MODULES
from tools.audit import LOCKS
from tools.package import SERVICES

TEMPLATE = Template()
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE.document["Parameters"]
SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
STAGES = [name for name, one in SAMCONFIG.items() if isinstance(one, dict) and "deploy" in one]
# make deploy names it (tools/release.py).
NAMED_BY_MAKE = {"Release"}
# Comes with pynamodb, which is built on it, and has to be the one that pynamodb wants.
BROUGHT_ALONG = {"botocore"}


def given(stage: str) -> dict[str, str]:
    """The parameters that a stage is deployed with."""
    return dict(one.split("=", 1) for one in SAMCONFIG[stage]["deploy"]["parameters"]["parameter_overrides"])


def takes(one: dict[str, Any], value: str) -> bool:
    """Whether CloudFormation takes a value for a parameter; of a list each item has to fit."""
    items = value.split(",") if one["Type"] == "CommaDelimitedList" else [value]
    return all(re.fullmatch(one.get("AllowedPattern", ".*"), item.strip()) for item in items) and (
        value in map(str, one.get("AllowedValues", [value]))
    )


def locked(lock: str) -> dict[str, str]:
    """The packages of a lock and their versions."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_every_parameter_that_has_no_default_and_none_that_there_is_not(stage: str) -> None:
    needed = {name for name, one in PARAMETERS.items() if "Default" not in one}
    assert needed - NAMED_BY_MAKE <= given(stage).keys() <= PARAMETERS.keys() - NAMED_BY_MAKE


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_values_that_the_template_takes(stage: str) -> None:
    for name, value in given(stage).items():
        one = PARAMETERS[name]
        assert takes(one, value), name
        if one["Type"] == "Number":
            assert one.get("MinValue", 0) <= int(value) <= one.get("MaxValue", sys.maxsize), name


def test_every_default_is_a_value_that_the_template_takes() -> None:
    for name, one in PARAMETERS.items():
        value = one.get("Default")
        if value is not None:
            assert takes(one, str(value)), name
            if one["Type"] == "Number":
                assert one.get("MinValue", 0) <= value <= one.get("MaxValue", sys.maxsize), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AllowedOrigins", "https://a.example/"),
        ("AllowedOrigins", "https://a.example, https://b.example"),
        ("AllowedOrigins", "a.example"),
        ("WebauthnOrigins", "https://a.example,https://b.example/app/"),
        ("WebauthnRpId", "https://a.example"),
        ("SmsCountries", "DE,at"),
        ("SmsCountries", "DE,US"),
        ("ClientOrigins", "https://a.example/"),
        ("ClientId", "a b"),
        ("ClientRedirectUri", "javascript:alert(1)"),
        ("SigningKeyOrder", ""),
        ("SigningKeyOrder", "first, second"),
        ("LogLevel", "ERROR"),
    ],
)
def test_a_value_that_would_let_nobody_in_or_silence_the_alarms_is_turned_down(name: str, value: str) -> None:
    assert not takes(PARAMETERS[name], value)


def test_an_origin_of_a_native_app_may_use_passkeys() -> None:
    assert takes(
        PARAMETERS["WebauthnOrigins"],
        "https://a.example:8443,android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck",
    )


def test_every_parameter_is_explained() -> None:
    assert [name for name, one in PARAMETERS.items() if not one.get("Description")] == []


def test_lambda_carries_what_the_functions_import_and_nothing_else() -> None:
    """What is carried is paid for at every cold start."""
    imported = {name.partition(".")[0] for module in MODULES.values() for name in module.imports()}
    imported -= sys.stdlib_module_names | {name.partition(".")[0] for name in MODULES}
    known = packages_distributions()
    needed = {known[name][0].lower().replace("_", "-") for name in imported} - BROUGHT_ALONG
    declared = {re.split(r"[><=\[]", one)[0] for one in PROJECT["dependency-groups"]["runtime"]}
    assert needed == declared
    assert declared | BROUGHT_ALONG <= locked("functions/requirements.txt").keys()


def test_what_is_tested_is_what_is_deployed() -> None:
    deployed, tested = locked("functions/requirements.txt"), locked("requirements/dev.txt")
    assert deployed
    assert {name: tested.get(name) for name in deployed} == deployed


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_its_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"#|[a-z0-9._-]+(\[.*\])?==\S+", requirement), requirement
        assert requirement.startswith("#") or "--hash=sha256:" in requirement, requirement
    assert not re.search(r"https?://|--index-url|--extra-index-url", text)


def test_what_npm_brings_is_pinned_by_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    loose = {name for name, one in packages.items() if name and "sha512-" not in one.get("integrity", "")}
    assert loose == set()


def test_the_artifact_knows_the_services_that_are_called() -> None:
    called = {
        node.args[0].value
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "client" and isinstance(node.args[0], ast.Constant)
    }
    assert called | {"dynamodb"} == SERVICES


def test_a_slow_service_is_given_up_before_the_function_is() -> None:
    """All attempts of one call fit in the function's time, with the fixed time of a failed login beside them."""
    longest = aws.ATTEMPTS * (aws.CONNECT_SECONDS + aws.READ_SECONDS)
    assert all(longest < one.timeout for one in TEMPLATE.functions.values())


def test_functions_run_on_the_python_that_they_are_built_and_locked_for() -> None:
    runtime = TEMPLATE.resolve(TEMPLATE.document["Globals"]["Function"]["Runtime"]).removeprefix("python")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"LAMBDA_VERSION ?= {runtime}\nLAMBDA_PYTHON ?= $(shell tools/find-python $(LAMBDA_VERSION))" in makefile
    assert f"--python-version {runtime} --group runtime" in makefile
    assert "--python-version $(LAMBDA_VERSION) --implementation cp" in makefile
    assert TEMPLATE.resolve(TEMPLATE.document["Globals"]["Function"]["Architectures"]) == ["arm64"]
    assert "manylinux2014_aarch64" in makefile
