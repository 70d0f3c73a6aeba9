"""The phone's memory: its accounts and their keys, in one file that only its owner can read."""

import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from smartident_client import base64url
from smartident_client.approval_keys import ApprovalKey, RawApprovalKey
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Key

VERSION = 1
OTHERS = stat.S_IRWXG | stat.S_IRWXO


Reason = Literal["exposed", "foreign", "unreadable"]
REASONS: dict[Reason, str] = {
    "exposed": "others can read the keys in {path}; close it with: chmod 600 {path}",
    "foreign": "{path} is not a phone's file",
    "unreadable": "{path} cannot be read",
}


class KeyStoreRefused(Exception):  # noqa: N818  # said to a person, as a refusal
    """The file is not one that keys may be read from, for this reason; the text says how to mend it."""

    def __init__(self, reason: Reason, path: Path) -> None:
        super().__init__(REASONS[reason].format(path=path))
        self.reason = reason
        self.path = path


@dataclass(frozen=True)
class Account:
    """One stored account: whose it is, and the two keys that act for it."""

    url: str
    account_id: str
    access_number: str
    display_name: str
    device_key: Key
    approval_key: ApprovalKey

    @property
    def device_id(self) -> str:
        """The name of this phone at the service."""
        return self.device_key.thumbprint


class KeyStore:
    """The file of keys: mode 0600, replaced in one move, never half written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def accounts(self) -> list[Account]:
        """Read all stored accounts; none where there is no file yet."""
        try:
            with self.path.open(encoding="utf-8") as file:
                _check_private(file.fileno(), self.path)
                stored = json.load(file)
        except FileNotFoundError:
            return []
        except OSError:
            raise KeyStoreRefused("unreadable", self.path) from None
        except (ValueError, RecursionError):
            raise KeyStoreRefused("foreign", self.path) from None
        if not isinstance(stored, dict) or stored.get("version") != VERSION:
            raise KeyStoreRefused("foreign", self.path)
        try:
            return [_account(entry) for entry in stored["accounts"]]
        except (KeyError, TypeError, ValueError):
            raise KeyStoreRefused("foreign", self.path) from None

    def keep(self, account: Account) -> None:
        """Store this account, in the place of an earlier state of it."""
        others = [known for known in self.accounts() if known.device_id != account.device_id]
        self._write([*others, account])

    def forget(self, account: Account) -> None:
        """Drop this account and its keys."""
        self._write([known for known in self.accounts() if known.device_id != account.device_id])

    def _write(self, accounts: list[Account]) -> None:
        stored = {"version": VERSION, "accounts": [_entry(account) for account in accounts]}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(stored, file, indent=2, ensure_ascii=False)
                file.flush()
                os.fsync(descriptor)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _check_private(descriptor: int, path: Path) -> None:
    if os.fstat(descriptor).st_mode & OTHERS:
        raise KeyStoreRefused("exposed", path)


def _entry(account: Account) -> dict[str, Any]:
    return {
        "url": account.url,
        "account_id": account.account_id,
        "access_number": account.access_number,
        "display_name": account.display_name,
        "device_key": account.device_key.private_jwk(),
        "approval_key": account.approval_key.stored(),
    }


def _account(entry: dict[str, Any]) -> Account:
    return Account(
        url=entry["url"],
        account_id=entry["account_id"],
        access_number=entry["access_number"],
        display_name=entry["display_name"],
        device_key=Key.from_jwk(entry["device_key"]),
        approval_key=_approval_key(entry["approval_key"]),
    )


def _approval_key(stored: dict[str, Any]) -> ApprovalKey:
    key = Key.from_jwk(stored["key"])
    if stored["type"] == "jwk":
        return RawApprovalKey(key)
    credential_id = base64url.decode(stored["credential_id"])
    return Authenticator(key, origin=stored["origin"], rp_id=stored["rp_id"], credential_id=credential_id)
