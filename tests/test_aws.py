"""The AWS clients of one container: made of one session, and never waiting longer than the function may take."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from pynamodb.exceptions import GetError

from smartident.accounts.item.row import AccountRow
from smartident.aws import client, error_code
from smartident.logins.login import LoginRow
from smartident.storage.table import ATTEMPTS, Row
from smartident_laptop.template import Template
from tests.support.world import World

SERVICES = ["dynamodb", "kms", "secretsmanager", "sns"]


def test_all_rows_speak_through_the_one_client_of_the_table(world: World) -> None:
    mine = client("dynamodb", attempts=ATTEMPTS)
    for row in (Row, AccountRow, LoginRow):
        assert row.shared_connection().client is mine


@pytest.mark.parametrize("service", SERVICES)
def test_a_call_that_nobody_answers_is_given_up_before_the_function_ends(world: World, service: str) -> None:
    config = client(service, attempts=ATTEMPTS).meta.config
    longest = (config.connect_timeout + config.read_timeout) * config.retries["total_max_attempts"]
    assert longest < min(function.timeout for function in Template().functions.values())


@pytest.mark.parametrize("service", SERVICES)
def test_the_operators_trail_names_who_called(world: World, service: str) -> None:
    assert client(service).meta.config.user_agent.startswith("smartident")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "Sign"), "AccessDeniedException"),
        (GetError(cause=ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")), "ThrottlingException"),
        (GetError(cause=ReadTimeoutError(endpoint_url="https://aws.example.test")), None),
        (ReadTimeoutError(endpoint_url="https://aws.example.test"), None),
        (EndpointConnectionError(endpoint_url="https://aws.example.test"), None),
    ],
    ids=["refused", "refused through pynamodb", "a read timeout through pynamodb", "a read timeout", "no connection"],
)
def test_a_call_that_got_no_answer_has_no_code(error: Exception, code: str | None) -> None:
    assert error_code(error) == code
