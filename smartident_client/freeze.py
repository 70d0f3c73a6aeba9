"""An account is frozen in need, and opened again with the approval key of a phone that it had a day before."""

from smartident_client.answers import ApprovalRequests, Frozen
from smartident_client.approval_keys import signed_opening
from smartident_client.keystore import Account
from smartident_client.phone import Phone


def freeze(phone: Phone, account: Account) -> None:
    """Freeze the account: nobody gets in until it is opened again."""
    phone.as_device(account, "POST", "/v1/account/freeze", answer=type(None))


def frozen(phone: Phone, account: Account) -> Frozen | None:
    """Ask since when the account is frozen, or None while it is open."""
    return phone.as_device(account, "GET", "/v1/approvals", answer=ApprovalRequests).frozen


def open_again(phone: Phone, account: Account, since: Frozen) -> None:
    """Open the account after the fingerprint: sign which freeze is to end."""
    ask = signed_opening(account.approval_key, account.account_id, since.frozen_at, now=phone.now())
    phone.as_device(account, "POST", "/v1/account/open", body=ask, answer=type(None))
