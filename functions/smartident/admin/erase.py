"""Erasures: an account and everything about it leaves the table (GDPR article 17)."""

from __future__ import annotations

from smartident.accounts.account import ACCOUNT, LOOKUP, AccountRow, EmailRow, NumberRow
from smartident.storage.table import Row


def erase_account(account_id: str, *, number: str, email: str | None) -> int:
    """Delete every row of an account, page by page, and its lookups; tells how many rows went.

    The number's lookup goes last: whoever is interrupted finds the account again and goes on. With its own row gone
    nobody logs in any more, and what was under way meanwhile is swept up at the end.
    """
    if email is not None:
        EmailRow(f"EMAIL#{email}", account_id).delete()
    AccountRow(account_id, ACCOUNT).delete()
    erased = _sweep(account_id)
    NumberRow(f"NUMBER#{number}", LOOKUP).delete()
    return erased + _sweep(account_id) + _sweep(f"LIMIT#sms-account#{account_id}") + (3 if email else 2)


def _sweep(pk: str) -> int:
    rows = 0
    with Row.batch_write() as batch:
        for row in Row.query(pk, consistent_read=True, attributes_to_get=["pk", "sk", "kind"]):
            batch.delete(row)
            rows += 1
    return rows
