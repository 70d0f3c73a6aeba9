"""The log in an export: whether every entry is there, in its place, and what it was when it was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from smartident.crypto.hash_chain import (
    DAY,
    Head,
    head_after_login,
    head_after_outcomes,
    head_after_record,
    read_head,
    root,
)
from smartident.statements.login import read_statement
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.receipts.device_check import device_findings
from smartident_cli.receipts.finding import Finding
from smartident_cli.receipts.openings import opening_findings
from smartident_cli.receipts.outcome_check import OutcomeCheck
from smartident_cli.receipts.pairings import pairing_findings
from smartident_cli.receipts.passkey_check import passkey_findings
from smartident_cli.receipts.recovery_codes import recovery_findings
from smartident_cli.receipts.retirements import retirement_findings
from smartident_cli.receipts.revocations import revocation_findings

Row = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry: what it is, when, and where the log stood before and after it."""

    name: str
    at: int
    before: Head
    after: Head
    row: Row = field(repr=False)

    @property
    def outcomes(self) -> str | None:
        """The outcomes that it names: its head before is one over these too."""
        return self.row.get("outcomes") if self.row["kind"] == "login" else None


@dataclass
class AuditLogCheck:
    """The entries of one account, held against each other, against the account and against its devices.

    `at` is when the export was made, as far as the verifier's own clock allows: what had to be kept until then and is
    not there is missing.
    """

    account_id: str
    at: int
    party: RelyingParty
    entries: list[Entry] = field(default_factory=list)
    apart: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    devices: list[Row] = field(default_factory=list)
    passkeys: list[Row] = field(default_factory=list)
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
        elif kind == "passkey":
            self.passkeys.append(row)
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
        yield from self.outcomes.findings()
        yield from device_findings(self.account, self.devices, self.records)
        yield from passkey_findings(self.passkeys, self.records)
        yield from revocation_findings(self.account_id, self.devices, self.records, self.party)
        yield from pairing_findings(self.devices, self.records, self.party)
        yield from retirement_findings(self.devices, self.records, self.party)
        yield from recovery_findings(self.account_id, self.devices, self.records, self.party)
        yield from opening_findings(self.account_id, self.devices, self.records, self.party)

    @property
    def outcomes(self) -> OutcomeCheck:
        """What the logins came to, as later ones say."""
        entered = [(entry.after.entries, entry.row) for entry in self.entries if entry.row["kind"] == "login"]
        return OutcomeCheck(self.account_id, sorted(entered, key=lambda one: one[0]))

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
        part_of = keys.login_part if kind == "login" else keys.part_of
        after = follow(before, self.account_id, part_of(str(row["sk"])), row)
        self.entries.append(Entry(str(name), int(row[time]), before, after, row))

    def _outside(self) -> Iterator[Finding]:
        """Entries that name no place in the log: the service writes none."""
        yield from (Finding("log_outside", {"entry": row.get("sk")}) for row in self.apart)

    def _followed(self, stands: Head, last: Entry | None, before: Head, by: Entry | None) -> Iterator[Finding]:
        """Whether what comes next comes after what is there."""
        if before.entries > stands.entries:
            gone = before.kept_until <= self.at // DAY
            first, most = stands.entries + 1, before.entries
            span = f"{first}" if first == most else f"{first}-{most}"
            if gone:
                yield Finding("log_expired", {"numbers": span}, is_fault=False)
            else:
                yield Finding("log_missing", {"numbers": span}, missing=most - first + 1)
        elif before != (head_after_outcomes(stands, by.outcomes) if by else stands):
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
