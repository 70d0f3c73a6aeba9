"""What an item of the table is found by. Only the modules `…keys` of storage/ spell key formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartident.storage.ids import newest_first, split_id

if TYPE_CHECKING:
    from collections.abc import Collection

_LOOKUP, _ACCOUNT = "LOOKUP", "ACCOUNT"
_DEVICE, _LOGIN, _RECORD, _REGISTRATION = "DEVICE#", "LOGIN#", "RECORD#", "REGISTRATION#"
NOTICES, _PAIRING = "NOTICE#", "DEVICE_PAIRING"
# Sorts behind every character of our ids.
_LAST = "~"


class Key(NamedTuple):
    """Partition key and sort key of one item."""

    pk: str
    sk: str


class Range(NamedTuple):
    """The sort keys of one partition from the first to the last, both included."""

    first: str
    last: str


def account(account_id: str) -> Key:
    """An account's own item, beside everything else about it."""
    return Key(account_id, _ACCOUNT)


def unknown_name(name_mac: str) -> Key:
    """What counts attempts for a name that no account, or more than one, goes by."""
    return Key(f"UNKNOWN#{name_mac}", _ACCOUNT)


def pairing(account_id: str) -> Key:
    """The one new phone of an account that waits for an old one."""
    return Key(account_id, _PAIRING)


def access_number(number: str) -> Key:
    """Which account an access number stands for."""
    return Key(f"NUMBER#{number}", _LOOKUP)


def number_of(key: Key) -> str:
    """The access number that a lookup's key names."""
    return key.pk.removeprefix("NUMBER#")


def email(address: str, account_id: str) -> Key:
    """One account that goes by an e-mail; several may share the address."""
    return Key(f"EMAIL#{address}", account_id)


def device(account_id: str, device_id: str) -> Key:
    """One phone of an account."""
    return Key(account_id, _DEVICE + device_id)


def devices() -> Range:
    """All devices of an account."""
    return Range(_DEVICE, _DEVICE + _LAST)


def device_id(sk: str) -> str:
    """The device that a sort key names."""
    return sk.removeprefix(_DEVICE)


def login(login_id: str) -> Key | None:
    """One login, found from its id alone; None for what is no login id."""
    parts = split_id(login_id)
    return Key(parts[0], _LOGIN + parts[1]) if parts else None


def new_login(account_id: str, part: str) -> Key:
    """A login that begins now."""
    return Key(account_id, _LOGIN + part)


def login_id(pk: str, sk: str) -> str:
    """The id of a login; under the key of another kind none that we ever gave out."""
    return f"{pk}.{login_part(sk)}"


def login_part(sk: str) -> str:
    """What a login's id adds to its account's, and what it sorts by."""
    return sk.removeprefix(_LOGIN)


def registration(registration_id: str) -> Key | None:
    """One registration, found from its id alone; None for what is no registration id."""
    parts = split_id(registration_id)
    return Key(parts[0], _REGISTRATION + parts[1]) if parts else None


def new_registration(account_id: str, part: str) -> Key:
    """A registration that begins now."""
    return Key(account_id, _REGISTRATION + part)


def item_id(pk: str, sk: str) -> str:
    """The id of a login or registration: its account and its part."""
    return f"{pk}.{sk.partition('#')[2]}"


def audit_record(account_id: str, part: str) -> Key:
    """One entry of an account's audit log."""
    return Key(account_id, _RECORD + part)


def part_of(sk: str) -> str:
    """What a record or notice sorts by."""
    return sk.partition("#")[2]


def notice(account_id: str, part: str) -> Key:
    """What a person is to be told of an account, or was; the table's stream is filtered by this."""
    return Key(account_id, NOTICES + part)


def notices_since(time: int) -> Range:
    """What a person was to be told at this time or later."""
    return Range(NOTICES, NOTICES + newest_first(time) + _LAST)


def counter(scope: str, name: str, window: int) -> Key:
    """The counter of one rate limit for one window."""
    return Key(f"LIMIT#{scope}#{name}", str(window))


def counters(scope: str, name: str) -> str:
    """The partition of all windows of one counter."""
    return f"LIMIT#{scope}#{name}"


def logins_since(time: int) -> Range:
    """All logins that began at this time or later."""
    return Range(_LOGIN, _LOGIN + newest_first(time) + _LAST)


def logins_between(parts: Collection[str]) -> Range:
    """The logins from the first to the last of these."""
    return Range(_LOGIN + min(parts), _LOGIN + max(parts))


def pairing_and_logins_since(time: int) -> Range:
    """The latest pairing, and the logins that began at this time or later: one Query."""
    return Range(_PAIRING, logins_since(time).last)


def account_devices_and_logins_since(time: int) -> Range:
    """The account's item, all devices, and the logins that began at this time or later: one Query."""
    return Range(_ACCOUNT, logins_since(time).last)


def logins_after(part: str) -> Range:
    """The logins that sort after this part, newest first."""
    return Range(_LOGIN + part, _LOGIN + _LAST)


def audit_records_after(part: str) -> Range:
    """The audit records that sort after this part, newest first."""
    return Range(_RECORD + part, _RECORD + _LAST)


def valid_recovery_codes(account_id: str) -> Key:
    """The set of recovery codes that lets its owner in."""
    return Key(account_id, "RECOVERY#VALID")


def made_recovery_codes(account_id: str) -> Key:
    """The set that was made last, and counts once one of its codes is typed back."""
    return Key(account_id, "RECOVERY#MADE")
