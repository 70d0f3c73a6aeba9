"""Erasure: an account and everything about it leaves the table (GDPR article 17)."""

from __future__ import annotations

from smartident.accounts.account import read_account
from smartident.accounts.creation import delete_email_lookup, delete_external_ids, delete_item, delete_number_lookup
from smartident.admin.export import EXPORTED
from smartident.passkeys.passkey import CredentialRow, PasskeyRow
from smartident.storage import keys, passkey_keys
from smartident.storage.table import Row


def erase_account(account_id: str, *, number: str, email: str | None) -> int:
    """Delete every item of an account, page by page, and its lookups; returns the number of deleted items.

    The number's lookup goes last, so that an interrupted deletion can find the account again. The account's own item
    goes first, so that nobody logs in any more; the end deletes what others wrote meanwhile.
    """
    account = read_account(account_id)
    erased = 0 if account is None else delete_external_ids(account)
    if email is not None:
        delete_email_lookup(email, account_id)
    delete_item(account_id)
    erased += _sweep(account_id)
    delete_number_lookup(number)
    sms_counters = keys.counters("sms-account", account_id)
    return erased + _sweep(account_id) + _sweep(sms_counters) + (3 if email else 2)


# A Query of the partition finds the kinds of items that were loaded, and no others.
ERASED = EXPORTED


def _sweep(pk: str) -> int:
    rows = 0
    with Row.batch_write() as batch:
        for row in Row.query(pk, consistent_read=True, attributes_to_get=["pk", "sk", "kind"]):
            batch.delete(row)
            rows += 1
            if isinstance(row, PasskeyRow):
                batch.delete(CredentialRow(*passkey_keys.credential(passkey_keys.passkey_id(row.sk))))
                rows += 1
    return rows
