"""The log in an export: whether every entry is there, in its place, and what it was when it was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from smartident.crypto.hash_chain import (
    DAY,
    Head,
    device_digest,
    head_after_login,
    head_after_record,
    read_head,
    root,
)
from smartident.statements.login import read_statement
from smartident.storage import keys

Row = dict[str, Any]
REGISTERED, RENAMED, REVOKED, SWITCHED = "device_registered", "device_renamed", "device_revoked", "two_factor_changed"


@dataclass(frozen=True)
class Entry:
    """One entry: what it is, when, and where the log stood before and after it."""

    name: str
    at: int
    before: Head
    after: Head


@dataclass(frozen=True)
class Finding:
    """A sentence about the log, and the values that it names; one that is no fault only explains."""

    sentence: str
    values: dict[str, object] = field(default_factory=dict)
    is_fault: bool = True


@dataclass
class AuditLogCheck:
    """The entries of one account, held against each other, against the account and against its devices."""

    account_id: str
    exported_at: int
    entries: list[Entry] = field(default_factory=list)
    apart: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    devices: list[Row] = field(default_factory=list)
    account: Row = field(default_factory=dict)
    spoiled: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Keep what a row of the export says of the log."""
        kind = row.get("kind")
        if kind == "account":
            self.account = row
        elif kind == "device":
            self.devices.append(row)
        elif kind in {"login", "record"}:
            try:
                self._enter(row, str(kind))
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                self.spoiled.append(str(row.get("sk")))

    def findings(self) -> Iterator[Finding]:
        """All that is to be said, faults and explanations, oldest entry first."""
        yield from (Finding("log_spoiled", {"entry": sk}) for sk in self.spoiled)
        yield from (Finding("log_strange", {"entry": sk}) for sk in self.strange)
        yield from self._outside()
        stands, last = root(self.account_id), None
        for entry in sorted(self.entries, key=lambda entry: entry.after.entries):
            if entry.before.entries < stands.entries:
                yield Finding("log_twice", {"entry": entry})
                continue
            yield from self._followed(stands, last, entry.before, entry)
            stands, last = entry.after, entry
        yield from self._ended(stands, last)
        yield from self._things()

    @property
    def end(self) -> str:
        """Where the log stands, as the account says: to be noted, and looked for in a later export."""
        return str(self.account.get("audit_log_head") or root(self.account_id))

    def has(self, position: str) -> bool:
        """Whether the log once stood there."""
        return position in {str(root(self.account_id)), *(str(entry.after) for entry in self.entries)}

    def _enter(self, row: Row, kind: str) -> None:
        name, time = ("login", "created_at") if kind == "login" else (row["type"], "at")
        if kind == "record":
            self.records.append(row)
        text = read_statement(row["statement"]).get("audit_log") if kind == "login" else row.get("after")
        if text is None:
            self.apart.append(row)
            return
        before, follow = read_head(str(text)), head_after_login if kind == "login" else head_after_record
        part_of = keys.login_part if kind == "login" else keys.audit_record_part
        after = follow(before, self.account_id, part_of(str(row["sk"])), row)
        self.entries.append(Entry(str(name), int(row[time]), before, after))

    def _outside(self) -> Iterator[Finding]:
        """Entries from before there was a log; later ones should not be."""
        begun = min((entry.at for entry in self.entries), default=self.exported_at)
        older = 0
        for row in self.apart:
            at = int(row.get("created_at") or row.get("at") or 0)
            if at <= begun:
                older += 1
            else:
                yield Finding("log_outside", {"entry": row["sk"]})
        if older:
            yield Finding("log_older", {"count": older}, is_fault=False)

    def _followed(self, stands: Head, last: Entry | None, before: Head, by: Entry | None) -> Iterator[Finding]:
        """Whether what comes next comes after what is there."""
        if before.entries > stands.entries:
            gone = before.kept_until <= self.exported_at // DAY
            first, most = stands.entries + 1, before.entries
            span = f"{first}" if first == most else f"{first}-{most}"
            yield Finding("log_expired" if gone else "log_missing", {"numbers": span}, is_fault=not gone)
        elif before != stands:
            sentence = "log_first_altered" if last is None else "log_altered" if by else "log_end_altered"
            yield Finding(sentence, {"entry": last, "next": by})

    def _ended(self, stands: Head, last: Entry | None) -> Iterator[Finding]:
        try:
            end = read_head(self.end)
        except ValueError:
            yield Finding("log_spoiled", {"entry": "ACCOUNT"})
            return
        if end.entries < stands.entries:
            yield Finding("log_beyond", {"entry": last})
        else:
            yield from self._followed(stands, last, end, None)

    def _things(self) -> Iterator[Finding]:
        """Whether the devices and the switch are what the records say."""
        told: dict[tuple[str, str | None], Row] = {}
        for record in sorted(self.records, key=lambda row: str(row.get("after", "")).partition(".")[0].zfill(9)):
            told[str(record["type"]), record.get("device_id")] = record
        switched = told.get((SWITCHED, None))
        if switched and switched.get("detail") not in {
            None,
            "off" if self.account.get("two_factor") is False else "on",
        }:
            yield Finding("log_two_factor", {"entry": switched["detail"]})
        for device in self.devices:
            name = keys.device_id(str(device.get("sk", "")))
            said = {event: told.get((event, name), {}) for event in (REGISTERED, RENAMED, REVOKED)}
            yield from self._device(name, device, said)

    def _device(self, name: str, device: Row, said: dict[str, Row]) -> Iterator[Finding]:
        if said[REGISTERED].get("detail") not in {None, device_digest(name, device)}:
            yield Finding("log_keys", {"device": name})
        if said[RENAMED].get("detail") not in {None, device.get("name")}:
            yield Finding("log_name", {"device": name})
        on_record, at = said[REVOKED], device.get("revoked_at")
        told = on_record.get("at") if on_record or self._is_whole() else at
        if told != at or (at is not None) != (device.get("state") == "revoked"):
            yield Finding("log_revoked", {"device": name})
        if self._is_whole() and not said[REGISTERED]:
            yield Finding("log_unregistered", {"device": name})

    def _is_whole(self) -> bool:
        """Whether the log begins with its first entry, so that every device's registration must be in it."""
        return not self.apart and any(entry.after.entries == 1 for entry in self.entries)
