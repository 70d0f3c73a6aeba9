"""The account that is tried on: whose it is, whether it is a throw-away one, and whether it can send the one SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STACK = "smartident-smoke"
OURS = "smartIDENT, the second factor"
"""How the description of every stack of ours begins (template.yaml)."""
VERIFIED = "Verified"


class Unfit(Exception):  # noqa: N818  the account is unfit, not the program
    """Nothing was deployed: the text says why, and what to do."""


def account_id(sts: Any) -> str:
    """Whose account the credentials open; raises Unfit without any."""
    try:
        return str(sts.get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise Unfit(
            f"There are no AWS credentials that work here ({type(error).__name__}). Log in to a throw-away account "
            "(aws sso login, or AWS_PROFILE) and call again. Nothing was deployed."
        ) from None


def check_throwaway(clients: Callable[[str], Any], regions: Iterable[str]) -> None:
    """Raise Unfit for an account that has a stack of smartIDENT in any region: people may depend on it."""
    for region in regions:
        found = sorted(_ours(clients(region)))
        if STACK in found:
            raise Unfit(
                f"{region} still has {STACK} from a trial before. Remove it: make smoke ARGS=--remove. "
                "Nothing was deployed."
            )
        if found:
            raise Unfit(
                f"This is no throw-away account: {region} has {', '.join(found)}. Use an account in which nobody "
                "logs in. Nothing was deployed."
            )


def check_phone(sns: Any, phone: str) -> None:
    """Raise Unfit unless this account's SNS sends to the phone number."""
    if not sns.get_sms_sandbox_account_status()["IsInSandbox"]:
        return
    known = {one["PhoneNumber"]: one["Status"] for one in sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]}
    if known.get(phone) != VERIFIED:
        raise Unfit(
            f"The account is in the SMS sandbox and {phone} is not verified there: "
            f"aws sns create-sms-sandbox-phone-number --phone-number {phone}, then aws sns "
            f"verify-sms-sandbox-phone-number --phone-number {phone} --one-time-password … Nothing was deployed."
        )


def check_stage(environment: str) -> None:
    """Raise Unfit where somebody means a deployment that is for real."""
    if environment == "prod":
        raise Unfit("ENV=prod is for people. A trial has a stack of its own: make smoke, without ENV.")


def check_confirmed(typed: str, account: str) -> None:
    """Raise Unfit unless the operator typed the account's number."""
    if typed.strip() != account:
        raise Unfit("That is not the account's number. Nothing was deployed.")


def _ours(cloudformation: Any) -> Iterator[str]:
    """The stacks of ours that are there, by name or by description."""
    try:
        for page in cloudformation.get_paginator("list_stacks").paginate():
            for one in page["StackSummaries"]:
                named = "smartident" in one["StackName"].lower() or OURS in one.get("TemplateDescription", "")
                if named and one["StackStatus"] != "DELETE_COMPLETE":
                    yield one["StackName"]
    except ClientError as error:
        # A region that the account has not opted into has no stacks.
        if error.response["Error"]["Code"] not in {"InvalidClientTokenId", "UnrecognizedClientException"}:
            raise
