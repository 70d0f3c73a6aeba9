"""Retirements: proof, from an export alone, that each phone that left for a new one had signed that itself."""

from collections.abc import Iterator
from typing import Any

from smartident.storage import keys
from smartident.storage.table import DAY
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.device_check import FROZEN, RESTORED, RETIRED, REVOKED
from smartident_cli.receipts.finding import Finding
from smartident_cli.receipts.pairings import PAIRING_APPROVED, position, verify_pairing

Row = dict[str, Any]


def retirement_findings(devices: list[Row], records: list[Row], party: RelyingParty) -> Iterator[Finding]:
    """Which phones left, or were let back in, without what that asks for: a signature, or a freeze within a day."""
    known = {keys.device_id(str(device["sk"])): device for device in devices}
    signed: set[tuple[str, str]] = set()
    ended: dict[str, Row] = {}
    frozen: Row = {}
    for record in sorted(records, key=position):
        kind, device_id = record["type"], str(record.get("device_id"))
        if kind == PAIRING_APPROVED:
            signed |= _signed(record, known.get(device_id), party)
        elif kind == FROZEN:
            # Nobody leaves any more by what was signed before.
            signed, frozen = set(), record
        elif kind in {REVOKED, RETIRED}:
            if kind == RETIRED and (device_id, str(record.get("detail"))) not in signed:
                yield Finding("log_unsigned_retirement", {"device": device_id})
            ended[device_id] = record
        elif kind == RESTORED and not _may_return(record, ended.pop(device_id, None), frozen):
            yield Finding("log_unfounded_return", {"device": device_id})


def _signed(record: Row, by: Row | None, party: RelyingParty) -> set[tuple[str, str]]:
    """Which device signed that it leaves for which; whether the rest is proven, pairings.py looks."""
    try:
        new, retires = verify_pairing(record, by or {}, party)
    except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
        return set()
    return {(str(record["device_id"]), new)} if retires else set()


def _may_return(record: Row, left: Row | None, frozen: Row) -> bool:
    """Whether a freeze of the same moment let it back in; when it left may be too long ago to be kept."""
    if frozen.get("at") != record["at"]:
        return False
    return left is None or (left["type"] == RETIRED and record["at"] - DAY < left["at"])
