"""Devices: the phones of an account, each with a device key (possession) and an approval key (biometry)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from msgspec import Meta
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.hash_chain import device_digest
from smartident.crypto.item_mac import grant_mac, is_genuine
from smartident.errors import CoolingOff
from smartident.storage import keys
from smartident.storage.operations import Check, Update
from smartident.storage.table import Row

ACTIVE = "active"
REVOKED = "revoked"

# A name is shown on other phones and terminals. Control characters would steer those, and marks that turn the writing
# round, part lines or show nothing would make a name look like another, or a phone in the list like none.
_STEERING = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f"
)
_BLANK = r"\s\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
DeviceName = Annotated[str, Meta(min_length=1, max_length=64, pattern=rf"^[^{_BLANK}{_STEERING}][^{_STEERING}]*\Z")]


class DeviceRow(Row, discriminator="device"):
    """`<account_id>` | `DEVICE#<device_id>`: the id is the thumbprint of the device key."""

    name = UnicodeAttribute()
    platform = UnicodeAttribute()
    state = UnicodeAttribute()
    device_key = UnicodeAttribute()
    approval_kind = UnicodeAttribute()
    approval_key = UnicodeAttribute()
    credential_id = UnicodeAttribute(null=True)
    registered_at = NumberAttribute()
    revoked_at = NumberAttribute(null=True)
    # The name of the device that asked for it, or `operator`: the removed phone hears it.
    revoked_by = UnicodeAttribute(null=True)
    # Until then it neither lets others in nor removes older ones: it was let in from another country or network.
    cool_off_until = NumberAttribute(null=True)
    # Which device leaves for this one, as it signed (retirement/); and for which one this device has left.
    retires = UnicodeAttribute(null=True)
    retired_by = UnicodeAttribute(null=True)
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class ApprovalKey:
    """The key that signs decisions: `jwk` holds a stored JWK, `webauthn` a COSE key in base64url and its credential."""

    kind: str
    key: str
    credential_id: str | None = None


@dataclass(frozen=True)
class Device:
    """One phone of one account."""

    account_id: str
    id: str
    name: str
    platform: str
    state: str
    registered_at: int
    device_key: str = field(repr=False)
    approval_key: ApprovalKey = field(repr=False)
    cool_off_until: int | None = None
    revoked_at: int | None = None
    revoked_by: str | None = None
    retires: str | None = None
    retired_by: str | None = None
    mac: str | None = field(default=None, compare=False, repr=False)

    @property
    def active(self) -> bool:
        """Whether it may ask and decide."""
        return self.state == ACTIVE


def device_of(row: DeviceRow) -> Device:
    """The device that a row holds."""
    return Device(
        account_id=row.pk,
        id=keys.device_id(row.sk),
        name=row.name,
        platform=row.platform,
        state=row.state,
        registered_at=int(row.registered_at),
        device_key=row.device_key,
        approval_key=ApprovalKey(row.approval_kind, row.approval_key, row.credential_id),
        cool_off_until=None if row.cool_off_until is None else int(row.cool_off_until),
        revoked_at=None if row.revoked_at is None else int(row.revoked_at),
        revoked_by=row.revoked_by,
        retires=row.retires,
        retired_by=row.retired_by,
        mac=row.mac,
    )


def device_mac(device: Device, grant_epoch: int) -> str:
    """The MAC of a device that may ask and decide in this epoch of its account. Its name grants nothing."""
    key = device.approval_key
    keys_of = (device.device_key, key.kind, key.key, key.credential_id)
    times = (device.registered_at,) if device.cool_off_until is None else (device.registered_at, device.cool_off_until)
    leaves = {"retires": device.retires, "retired_by": device.retired_by}
    if device.retired_by is not None:
        # Within a day of it, a freeze lets the device ask and decide again.
        leaves["revoked_at"] = str(device.revoked_at)
    retirement = {name: value for name, value in leaves.items() if value is not None}
    granted = (*keys_of, *times, grant_epoch, *([retirement] if retirement else []))
    return grant_mac("device", device.account_id, device.id, device.state, *granted)


def is_granted_device(device: Device, *, grant_epoch: int) -> bool:
    """Whether our own code let the device ask and decide in this epoch of its account."""
    return is_genuine(device.mac, device_mac(device, grant_epoch))


def row_of(device: Device, *, grant_epoch: int) -> DeviceRow:
    """The row that keeps a device, granted in this epoch of its account."""
    row = _row_of(device)
    row.mac = device_mac(device, grant_epoch)
    return row


def _row_of(device: Device) -> DeviceRow:
    return DeviceRow(
        *keys.device(device.account_id, device.id),
        name=device.name,
        platform=device.platform,
        state=device.state,
        device_key=device.device_key,
        approval_kind=device.approval_key.kind,
        approval_key=device.approval_key.key,
        credential_id=device.approval_key.credential_id,
        registered_at=device.registered_at,
        cool_off_until=device.cool_off_until,
        retires=device.retires,
    )


def keys_digest(device: Device) -> str:
    """What the record of its registration keeps of a device's keys."""
    return device_digest(device.id, _row_of(device).to_simple_dict())


def read_device(account_id: str, device_id: str) -> Device | None:
    """The device as it stands now, or None."""
    try:
        return device_of(DeviceRow.get(*keys.device(account_id, device_id), consistent_read=True))
    except DeviceRow.DoesNotExist:
        return None


def read_devices(account_id: str) -> list[Device]:
    """All devices as they stand: for who looks, not for who acts on what they grant."""
    rows = DeviceRow.query(account_id, DeviceRow.sk.between(*keys.devices()), consistent_read=True)
    return [device_of(row) for row in rows]


def grant_device_again(device: Device, *, grant_epoch: int) -> Update:
    """Let an active device ask and decide in the next epoch too, and let a retirement be undone in it."""
    row, renewed = DeviceRow(*keys.device(device.account_id, device.id)), device_mac(device, grant_epoch)
    return Update(row, [DeviceRow.mac.set(renewed)], _as_read(device))


def undo_retirement(device: Device, *, grant_epoch: int) -> Update:
    """Let a device ask and decide in the next epoch that had retired, or that was to retire another one."""
    before = replace(device, state=ACTIVE, revoked_at=None, revoked_by=None, retires=None, retired_by=None)
    undone: list[Any] = [DeviceRow.state.set(ACTIVE), DeviceRow.mac.set(device_mac(before, grant_epoch))]
    gone = (DeviceRow.revoked_at, DeviceRow.revoked_by, DeviceRow.retires, DeviceRow.retired_by)
    undone += [attribute.remove() for attribute in gone]
    return Update(DeviceRow(*keys.device(device.account_id, device.id)), undone, _as_read(device))


def check_cooled_off(device: Device, *, now: int) -> None:
    """Raise CoolingOff while the device is too new to let others in or to remove older ones."""
    if device.cool_off_until is not None and device.cool_off_until > now:
        raise CoolingOff(retry_after=device.cool_off_until - now)


def _as_read(device: Device) -> Any:
    return (DeviceRow.state == device.state) & (DeviceRow.mac == device.mac)


def require_active(device: Device) -> Check:
    """Let a transaction hold only while the device is active: a revocation wins over whatever it signed before."""
    return Check(DeviceRow(*keys.device(device.account_id, device.id)), DeviceRow.state == ACTIVE)
