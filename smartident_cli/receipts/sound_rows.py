"""Whether a row of an export has the shape that the service writes. Any other cannot be read and proves nothing."""

from typing import Any

Row = dict[str, Any]

# The end of the year 9999: what lies beyond is no time.
MAX_MOMENT = 253_402_300_799
TEXTS = {
    "aaguid",
    "access_number",
    "account_id",
    "after",
    "amr",
    "approval_key",
    "approval_kind",
    "audit_log_head",
    "client",
    "credential_id",
    "decided_by",
    "denial_evidence",
    "detail",
    "device_id",
    "device_key",
    "kind",
    "made_by",
    "name",
    "outcomes",
    "pk",
    "platform",
    "public_key",
    "reason",
    "receipt",
    "rp_id",
    "sk",
    "state",
    "statement",
    "type",
}
MOMENTS = {
    "at",
    "complete_by",
    "completed_at",
    "created_at",
    "decided_at",
    "expires_at",
    "exported_at",
    "made_at",
    "registered_at",
    "removed_at",
    "revoked_at",
}
COUNTS = {"active_devices"}
SWITCHES = {"backup_eligible", "frozen", "two_factor"}
# What a row of each kind is read by.
NEEDED = {
    "login": {"pk", "sk", "state", "created_at", "expires_at", "statement", "client"},
    "record": {"pk", "sk", "type", "at"},
    "device": {"pk", "sk", "name", "state", "registered_at", "device_key", "approval_kind", "approval_key"},
    "passkey": {"pk", "sk", "state", "credential_id", "public_key", "rp_id", "aaguid", "backup_eligible", "made_at"},
    "account": {"pk", "sk", "access_number"},
}


def is_sound(row: Row) -> bool:
    """Whether each member that is read is of its type, and none is missing."""
    kind = row.get("kind")
    return (
        all(isinstance(row[name], str) for name in TEXTS & row.keys())
        and all(_is_whole(row[name]) for name in (MOMENTS | COUNTS) & row.keys())
        and all(isinstance(row[name], bool) for name in SWITCHES & row.keys())
        and NEEDED.get(str(kind), set()) <= row.keys()
    )


def name_of(row: Row) -> str:
    """What an unsound row can be called by."""
    return str(row.get("sk") or row.get("kind") or "?")[:100]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_MOMENT
