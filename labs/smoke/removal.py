"""Everything that a trial made is removed, also what outlives a stack on purpose; what resists is told by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from labs.smoke.account import STACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The shortest time that KMS grants before it deletes a key.
PENDING_DAYS = 7
ABSENT = "does not exist"


def remove(aws: Callable[[str], Any], say: Callable[[str], None]) -> list[str]:
    """Remove the stack and what outlives it; what could not be removed, with the reason."""
    cloudformation = aws("cloudformation")
    try:
        kept = list(_outliving(cloudformation))
    except ClientError as error:
        return [] if ABSENT in str(error) else [f"{STACK}: {error}"]
    left = []
    say(f"removing {STACK}: CloudFront takes minutes")
    steps: list[tuple[str, Callable[[], object]]] = [
        *((name, lambda kind=kind, name=name: _unprotect(aws, kind, name)) for kind, name in kept),
        (STACK, lambda: _delete_stack(cloudformation)),
        *((name, lambda kind=kind, name=name: _delete(aws, kind, name)) for kind, name in kept),
    ]
    for name, step in steps:
        try:
            step()
        except (BotoCoreError, ClientError) as error:
            left.append(f"{name}: {error}")
    return left


def _outliving(cloudformation: Any) -> Iterator[tuple[str, str]]:
    kinds = {"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::S3::Bucket"}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK):
        for one in page["StackResourceSummaries"]:
            if one["ResourceType"] in kinds and one.get("PhysicalResourceId"):
                yield one["ResourceType"], one["PhysicalResourceId"]


def _delete_stack(cloudformation: Any) -> None:
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)


def _unprotect(aws: Callable[[str], Any], kind: str, name: str) -> None:
    if kind == "AWS::DynamoDB::Table":
        aws("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)


def _delete(aws: Callable[[str], Any], kind: str, name: str) -> None:
    """Delete what a stack leaves behind; what it has taken along is no error."""
    try:
        if kind == "AWS::DynamoDB::Table":
            aws("dynamodb").delete_table(TableName=name)
        elif kind == "AWS::KMS::Key":
            aws("kms").schedule_key_deletion(KeyId=name, PendingWindowInDays=PENDING_DAYS)
        elif kind == "AWS::SecretsManager::Secret":
            aws("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        else:
            _delete_bucket(aws("s3"), name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ResourceNotFoundException", "NoSuchBucket", "NotFoundException"}:
            raise


def _delete_bucket(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
    s3.delete_bucket(Bucket=bucket)
