"""Keys for RS256 in the KMS of the tests."""

from __future__ import annotations

import boto3


def rsa_key(spec: str = "RSA_2048") -> str:
    """The ARN of a new key in KMS."""
    return str(boto3.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"])
