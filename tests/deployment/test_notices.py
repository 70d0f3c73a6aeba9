"""What no stand-in shows: what the stream carries, and what e-mails may do."""

from __future__ import annotations

from typing import Any

from smartident.aws import CONNECT_SECONDS, READ_SECONDS
from smartident.notices.outbox import CLAIM_SECONDS
from smartident_laptop.template import Template
from tests.support.iam_roles import NOTICE_SENDER, TEMPLATE, statements

OFF = Template()
ON_DEMAND = {
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
}


def only(kind: str, template: Template = TEMPLATE) -> dict[str, Any]:
    ((_, properties),) = template.resources(kind)
    return dict(template.resolve(properties))


def mapping_of_notices() -> dict[str, Any]:
    return dict(TEMPLATE.resolve(dict(TEMPLATE.resources("AWS::Lambda::EventSourceMapping"))["NoticeEvents"]))


def statement(action: str) -> dict[str, Any]:
    (found,) = [one for one in statements("Notify") if action in str(one["Action"])]
    return dict(TEMPLATE.resolve(found))


def test_the_stream_carries_keys_alone() -> None:
    """A hash, a phone number or a receipt has no business where notices are read."""
    assert only("AWS::DynamoDB::Table")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_e_mails_go_out_under_the_operators_address_only() -> None:
    assert statement("ses:SendEmail")["Condition"] == {"StringEquals": {"ses:FromAddress": NOTICE_SENDER}}


def test_without_a_sender_nothing_is_told_and_nothing_may_be() -> None:
    assert {kind for kind in ON_DEMAND if list(OFF.resources(kind))} == set()
    assert {kind for kind in ON_DEMAND if list(TEMPLATE.resources(kind))} == ON_DEMAND
    assert "NoticeEvents" not in dict(OFF.resources("AWS::Lambda::EventSourceMapping"))
    own = OFF.resolve(dict(OFF.resources("AWS::Serverless::Function"))["Notify"]["Policies"])
    assert "ses:SendEmail" not in str(own)


def test_nothing_is_tracked() -> None:
    destination = only("AWS::SES::ConfigurationSetEventDestination")["EventDestination"]
    assert set(destination["MatchingEventTypes"]) == {"bounce", "complaint", "reject"}
    assert "TrackingOptions" not in only("AWS::SES::ConfigurationSet")


def test_a_claim_outlasts_the_function_that_has_it() -> None:
    function = TEMPLATE.functions["Notify"]
    batch = mapping_of_notices()["BatchSize"]
    assert function.timeout < CLAIM_SECONDS
    # One e-mail that nobody answers, for each record of a batch.
    assert batch * (CONNECT_SECONDS + READ_SECONDS) <= function.timeout
