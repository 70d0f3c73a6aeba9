"""The resource policy of a registered sender ID: whether SNS may send under it, and the statement that lets it."""

import json
from typing import Any

SNS = "sns.amazonaws.com"
ACTION = "sms-voice:SendTextMessage"


def read_policy(messaging: Any, arn: str) -> dict[str, Any]:
    """Read the policy of a sender ID; one without statements where it has none."""
    try:
        text = messaging.get_resource_policy(ResourceArn=arn).get("Policy")
    except messaging.exceptions.ResourceNotFoundException:
        text = None
    found: dict[str, Any] = json.loads(text or '{"Version": "2012-10-17"}')
    return {**found, "Statement": _listed(found.get("Statement", []))}


def opens_to_sns(policy: dict[str, Any]) -> bool:
    """Whether a policy lets SNS send under its sender ID."""
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    return any(SNS in str(one["Principal"]) and ACTION in _listed(one["Action"]) for one in allowed)


def opened_to_sns(policy: dict[str, Any], arn: str) -> dict[str, Any]:
    """Return the policy with a statement more, which lets SNS send; whatever it says besides stays."""
    added = {"Effect": "Allow", "Principal": {"Service": SNS}, "Action": ACTION, "Resource": arn}
    return {**policy, "Statement": [*policy["Statement"], added]}


def _listed(one: Any) -> list[Any]:
    # IAM takes a single statement or action without its list.
    return one if isinstance(one, list) else [one]
