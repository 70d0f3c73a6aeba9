"""What a person decides about: decoded from the very bytes that get signed."""

from dataclasses import dataclass

import msgspec

from smartident_client import base64url
from smartident_client.answers import ApprovalRequest, Statement
from smartident_client.keystore import Account
from smartident_client.wire import NotAsPromised

LOGIN = "smartident-login"
"""The one purpose that this app approves."""


@dataclass(frozen=True)
class Pending:
    """A request under "Freigabe": for which account, what came, and what that says."""

    account: Account
    request: ApprovalRequest
    statement: Statement


def read_statement(statement: str) -> Statement:
    """Decode a statement; one that cannot be shown cannot be approved."""
    try:
        return msgspec.json.decode(base64url.decode(statement), type=Statement)
    except (ValueError, msgspec.MsgspecError) as error:
        raise NotAsPromised(f"a statement that cannot be shown cannot be approved: {error}") from None
