"""Lambda takes 4 KB of environment variables a function: the longest values that the template takes fit into it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from smartident.notify.sms import CALLING_CODES
from smartident_laptop.template import Template
from tests.promises.test_deployment import given, takes
from tests.promises.test_releases import PAPER
from tools.release import MAX_LIST_LENGTHS, Unfit, effective

MAX_BYTES = 4096
TEMPLATE = Template()
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE.document["Parameters"]
OWN = [one["Environment"] for _, one in TEMPLATE.resources("AWS::Serverless::Function") if "Environment" in one]
VARIABLES: dict[str, Any] = TEMPLATE.document["Globals"]["Function"]["Environment"]["Variables"]
SHARED = set(VARIABLES)
# What any function has on top.
VARIABLES = VARIABLES | {name: value for own in OWN for name, value in own["Variables"].items()}
# What CloudFormation makes; a stack's name of 64 letters, and the longest name of a region.
REGION, ACCOUNT, STACK = "ap-southeast-5", "123456789012", "s" * 64
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret"
MADE = {
    "TABLE_NAME": f"{STACK}-Table-123456789ABC",
    # Both signing keys, as while they change.
    "SIGNING_KEYS": f"{KEY},{KEY}",
    "NOTICE_CONFIGURATION_SET": f"{STACK}-notices",
    "PEPPER_SECRET_ARN": f"{SECRET}:PepperSecret-123456789ABC-123456",
    "PUSH_SECRET_ARN": f"{SECRET}:smartident-push-123456789-123456789012-123456",
    "WEBSOCKET_URL": f"wss://abcdefghij.execute-api.{REGION}.amazonaws.com/v1",
    "CONNECTIONS_URL": f"https://abcdefghij.execute-api.{REGION}.amazonaws.com/v1",
}

# Those whose pattern says how long they may be.
BY_PATTERN = {"ClientId": 64, "ClientName": 64, "SmsSenderId": 11}


def used() -> set[str]:
    """The parameters of which the environment is made, those of its conditions left out."""
    return {name for name in PARAMETERS if re.search(rf"'Ref': '{name}'|\\${{{name}}}", str(VARIABLES))}


def longest(name: str) -> str:
    """The longest value that a parameter takes."""
    one = PARAMETERS[name]
    if "AllowedValues" in one:
        return max(map(str, one["AllowedValues"]), key=len)
    if one["Type"] == "Number":
        return str(one.get("MaxValue", "9" * 9))
    if name == "SmsCountries":
        return ",".join(CALLING_CODES)
    # A name may have umlauts, which count twice.
    most = MAX_LIST_LENGTHS.get(name) or BY_PATTERN.get(name) or one.get("MaxLength", MAX_BYTES)
    letter = "ü" if name == "ClientName" else "x"
    return letter * int(most)


def environment(own: dict[str, Any]) -> dict[str, str]:
    """The environment at its longest of a function that has these variables of its own."""
    template = Template(parameters={name: longest(name) for name in used()})
    every = {**template.environment, **MADE}
    return {name: value for name, value in every.items() if name in own or name not in VARIABLES or name in SHARED}


@pytest.mark.parametrize("own", [one["Variables"] for one in OWN], ids=str)
def test_the_longest_values_fit_into_what_lambda_takes(own: dict[str, Any]) -> None:
    told = json.dumps(environment(own), ensure_ascii=False, separators=(",", ":")).encode()
    assert len(told) <= MAX_BYTES


@pytest.mark.parametrize("name", sorted(used()))
def test_every_value_has_a_longest(name: str) -> None:
    assert len(longest(name)) < MAX_BYTES


@pytest.mark.parametrize("name", BY_PATTERN)
def test_a_pattern_takes_no_longer_text(name: str) -> None:
    assert takes(PARAMETERS[name], "x" * BY_PATTERN[name])
    assert not takes(PARAMETERS[name], "x" * (BY_PATTERN[name] + 1))


@pytest.mark.parametrize("name", MAX_LIST_LENGTHS)
def test_a_list_that_is_too_long_stops_the_deploy(name: str) -> None:
    """CloudFormation knows no length of a list."""
    assert PARAMETERS[name]["Type"] == "CommaDelimitedList"
    effective(PAPER, {**given("dev"), name: "x" * MAX_LIST_LENGTHS[name]})
    with pytest.raises(Unfit, match=f"longer than {MAX_LIST_LENGTHS[name]} letters: {name}"):
        effective(PAPER, {**given("dev"), name: "x" * (MAX_LIST_LENGTHS[name] + 1)})
