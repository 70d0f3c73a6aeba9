"""The passkeys of an export, held against the records that vouch for them: a passkey without one was put in."""

from collections.abc import Iterator
from typing import Any

from smartident.crypto.hash_chain import passkey_digest
from smartident.passkeys.passkey import ACTIVE, REMOVED
from smartident.storage import passkey_keys
from smartident_cli.receipts.finding import Finding

Row = dict[str, Any]
MADE, GONE = "passkey_made", "passkey_removed"


def passkey_findings(passkeys: list[Row], records: list[Row]) -> Iterator[Finding]:
    """Whether the passkeys are what the records say."""
    made = {str(record.get("detail")) for record in records if record["type"] == MADE}
    gone = {str(record.get("detail")): record["at"] for record in records if record["type"] == GONE}
    there = {passkey_keys.passkey_id(str(passkey["sk"])): passkey for passkey in passkeys}
    # A passkey stays, removed or not, until the account is erased.
    for _ in made - {passkey_digest(name, passkey) for name, passkey in there.items()}:
        yield Finding("log_passkey_gone")
    for name, passkey in there.items():
        if passkey_digest(name, passkey) not in made:
            yield Finding("log_passkey", {"passkey": name})
        at = passkey.get("removed_at")
        # The record of a removal goes in time, the passkey that was removed stays.
        if gone.get(name, at) != at or passkey["state"] != (ACTIVE if at is None else REMOVED):
            yield Finding("log_passkey_removed", {"passkey": name})
