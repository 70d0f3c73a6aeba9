"""The devices, the two-factor switch and the policy of an export, held against the records that vouch for them.

The record of a registration is kept as long as the device: a device without one was put in.
"""

from collections.abc import Iterator
from typing import Any

from smartident.crypto.hash_chain import device_digest
from smartident.devices.device import ACTIVE
from smartident.devices.device import REVOKED as REVOKED_STATE
from smartident.storage import keys
from smartident_cli.receipts.finding import Finding

Row = dict[str, Any]
REGISTERED, RENAMED, REVOKED, SWITCHED = "device_registered", "device_renamed", "device_revoked", "two_factor_changed"
RETIRED, RESTORED = "device_retired", "device_restored"
# What ends a device or lets it back in: the last of these says whether it is active.
STANDING = (REVOKED, RETIRED, RESTORED)
POLICY = {"login_policy_changed", "login_policy_ordered", "passkey_only_ending"}
FROZEN, OPENED = "account_frozen", "account_opened"


def device_findings(account: Row, devices: list[Row], records: list[Row]) -> Iterator[Finding]:
    """Whether the devices and the switch are what the records say."""
    told: dict[tuple[str, str | None], Row] = {}
    for record in sorted(records, key=lambda row: str(row.get("after", "")).partition(".")[0].zfill(9)):
        event = str(record["type"]), record.get("device_id")
        told.pop(event, None)
        told[event] = record
    switched = told.get((SWITCHED, None))
    if switched and switched.get("detail") != ("off" if account.get("two_factor") is False else "on"):
        yield Finding("log_two_factor", {"entry": switched.get("detail")})
    if _policy(told) not in {None, str(account.get("account_login_policy")).partition(" ")[0]}:
        yield Finding("log_login_policy")
    if _frozen(told) not in {None, bool(account.get("frozen"))}:
        yield Finding("log_frozen")
    active = sum(device.get("state") == ACTIVE for device in devices)
    if account and account.get("active_devices") != active:
        yield Finding("log_device_count", {"count": active})
    there = {keys.device_id(str(device.get("sk", ""))): device for device in devices}
    # A device stays, removed or not, until the account is erased.
    for gone in [one for event, one in told if event == REGISTERED and one not in there]:
        yield Finding("log_device_gone", {"device": gone})
    for name, device in there.items():
        said = {event: told.get((event, name)) for event in (REGISTERED, RENAMED)}
        standing = next((told[one] for one in reversed(told) if one[0] in STANDING and one[1] == name), None)
        yield from _device(name, device, said, standing)


def _frozen(told: dict[tuple[str, str | None], Row]) -> bool | None:
    """Whether the account was frozen last or opened; None if no record tells. `told` is in the log's order."""
    return next((kind == FROZEN for kind, _ in reversed(told) if kind in {FROZEN, OPENED}), None)


def _policy(told: dict[tuple[str, str | None], Row]) -> str | None:
    """What the account may be logged in with, by the last record of it; None if no record tells."""
    last = next((told[one] for one in reversed(told) if one[0] in POLICY), None)
    return None if last is None else str(last.get("detail"))


def _device(name: str, device: Row, said: dict[str, Row | None], standing: Row | None) -> Iterator[Finding]:
    registered, renamed = said[REGISTERED], said[RENAMED]
    if registered is None:
        yield Finding("log_unregistered", {"device": name})
    elif registered.get("detail") != device_digest(name, device):
        yield Finding("log_keys", {"device": name})
    if renamed is not None and renamed.get("detail") != device.get("name"):
        yield Finding("log_name", {"device": name})
    at = device.get("revoked_at")
    on_record = at if standing is None else None if standing["type"] == RESTORED else standing.get("at")
    if on_record != at or device.get("state") != (ACTIVE if at is None else REVOKED_STATE):
        yield Finding("log_revoked", {"device": name})
