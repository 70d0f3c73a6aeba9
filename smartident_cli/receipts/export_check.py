"""Receipts: proof, from an export alone, that a phone or passkey of its account approved or denied each login."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smartident.approvals.decide import TRANSFER_CODE
from smartident.devices.revoke import DEVICE_REVOKED
from smartident.errors import Refusal
from smartident.logins.login import APPROVED, CANCELLED, COMPLETED, DENIED, PENDING
from smartident.passkeys.remove import PASSKEY_REMOVED
from smartident.storage import keys
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.export_file import NoExport, read_export
from smartident_cli.receipts.audit_log_check import AuditLogCheck
from smartident_cli.receipts.contradiction import Contradiction, check_typed_code
from smartident_cli.receipts.denials import verify_denial
from smartident_cli.receipts.places import Places
from smartident_cli.receipts.signers import PASSKEY, PHONE, Signers, is_by_passkey
from smartident_cli.receipts.sound_rows import is_sound, name_of

Row = dict[str, Any]
# What phones signed is proven. By password alone, taken back by a revocation, or ended without a decision: nobody
# signed that.
PROVED, DENIAL = "proved", "denial"
PASSWORD_ONLY, TAKEN_BACK, NOTHING = "receipt_password", "taken_back", "nothing"
CLOCK_SLACK = 300
# Of the template's parameter CompletionWindow.
MAX_COMPLETION_WINDOW = 300
SWITCHED = "two_factor_changed"


@dataclass(frozen=True)
class Outcome:
    """What a login comes to: PROVED, DENIAL, PASSWORD_ONLY, TAKEN_BACK, NOTHING, or the sentence of what is wrong."""

    login_id: str
    at: int
    verdict: str


class ExportCheck:
    """One export's head and devices, which its logins are held against as they come by."""

    def __init__(
        self, file: Path, *, now: int, rp_id: str = "", origins: tuple[str, ...] = (), pages: tuple[str, ...] = ()
    ) -> None:
        self.rows = read_export(file)
        head = next(self.rows, {})
        try:
            if not is_sound(head):
                raise NoExport
            self.account_id, self.access_number = str(head["account_id"]), str(head["access_number"])
            told = head["webauthn"]
            party = RelyingParty(rp_id or str(told["rp_id"]), origins or tuple(map(str, told["origins"])))
            self.signers = Signers(party, pages or tuple(map(str, head["pages"])))
            # The export's own time proves nothing: it only ever makes the check stricter.
            self.exported_at = int(head["exported_at"])
            self.is_later = self.exported_at > now + CLOCK_SLACK
            self.audit_log = AuditLogCheck(self.account_id, min(self.exported_at, now), party)
        except (KeyError, TypeError, ValueError):
            raise NoExport from None
        self.places = Places(self.account_id, self.access_number)
        self.two_factor = True
        self.switched: list[int] = []

    def outcomes(self) -> Iterator[Outcome]:
        """Every login, the log's entries kept beside; raises NoExport if the file is not whole.

        Those by password alone come last: whether two-factor login was off then, the records tell that follow them.
        So do those by passkey, as the passkeys follow the logins.
        """
        alone, by_passkey = [], []
        for row in self.rows:
            if not is_sound(row):
                self.audit_log.spoiled.append(name_of(row))
                continue
            kind = row.get("kind")
            if self.places.is_strange(row):
                self.audit_log.strange.append(name_of(row))
                continue
            self.audit_log.take(row)
            if kind == "account":
                self.two_factor = row.get("two_factor") is not False
            elif kind in {PHONE, PASSKEY}:
                self.signers.take(row)
            elif kind == "record" and row.get("type") == SWITCHED:
                self.switched.append(row["at"])
            elif kind == "login" and is_by_passkey(row):
                by_passkey.append(row)
            elif kind == "login":
                outcome = self._outcome(row)
                if outcome.verdict == PASSWORD_ONLY:
                    alone.append(outcome)
                else:
                    yield outcome
        yield from (self._outcome(row) for row in by_passkey)
        yield from (one if self._was_off(one.at) else replace(one, verdict="password_though") for one in alone)

    def _was_off(self, at: int) -> bool:
        """Whether two-factor login was off, counting back from now; within the second of a change both are true."""
        later = sum(then > at for then in self.switched)
        return (self.two_factor if later % 2 else not self.two_factor) or at in self.switched

    def _outcome(self, login: Row) -> Outcome:
        login_id = keys.item_id(str(login.get("pk")), str(login.get("sk", "")))
        at = next((login[name] for name in ("completed_at", "decided_at") if isinstance(login.get(name), int)), 0)
        try:
            verdict = self._verdict(login_id, login)
        except Contradiction as contradiction:
            verdict = str(contradiction)
        except Exception:  # noqa: BLE001  whatever a forged row does to a library, it is no proof
            verdict = "bad_signature"
        return Outcome(login_id, login["created_at"] if verdict == PASSWORD_ONLY else at, verdict)

    def _verdict(self, login_id: str, login: Row) -> str:
        """What the login's state promises to be proven by; whatever else it bears contradicts it."""
        state, receipt = login["state"], login.get("receipt")
        if state not in {PENDING, APPROVED, COMPLETED, DENIED, CANCELLED}:
            raise Contradiction("wrong_state")
        if (state == COMPLETED) != ("completed_at" in login) or (state == DENIED) != ("reason" in login):
            raise Contradiction("wrong_state")
        if login.get("complete_by", 0) > login["expires_at"] + MAX_COMPLETION_WINDOW:
            raise Contradiction("wrong_times")
        if state in {COMPLETED, APPROVED} and receipt is None and "mfa" not in str(login["amr"]).split():
            return PASSWORD_ONLY if state == COMPLETED else NOTHING
        if state == DENIED:
            # Which phone gave an approval that was taken back is no longer told.
            if receipt is not None and not self.signers.is_signed(login):
                raise Contradiction("bad_signature")
            return self._denial(login_id, login)
        if state == PENDING and (receipt is not None or "decided_by" in login):
            raise Contradiction("wrong_state")
        if receipt is not None or state in {COMPLETED, APPROVED}:
            self._prove(login_id, login)
        return PROVED if state == COMPLETED else NOTHING

    def _denial(self, login_id: str, login: Row) -> str:
        signer, reason = self._signer(login), login["reason"]
        if reason in {DEVICE_REVOKED, PASSKEY_REMOVED}:
            if signer.get("revoked_at") != login["decided_at"] or "receipt" not in login:
                raise Contradiction("device_then")
            return TAKEN_BACK
        if "denial_evidence" not in login:
            raise Contradiction("no_denial")
        try:
            if reason == TRANSFER_CODE:
                self.signers.verify(login, signer, "denial_evidence")
                self._check_waited(login)
            else:
                verify_denial(login_id, login, signer)
        except Exception:  # noqa: BLE001  the same
            raise Contradiction("bad_denial") from None
        return DENIAL

    def _signer(self, login: Row) -> Row:
        signer = self.signers.of(login)
        if signer is None:
            raise Contradiction("no_device")
        return signer

    def _check_waited(self, login: Row) -> None:
        """What was signed bounds what the row says of its own times."""
        statement = json.loads(login["statement"])
        if not statement["requested_at"] <= login["decided_at"] < statement["expires_at"]:
            raise Contradiction("wrong_times")

    def _prove(self, login_id: str, login: Row) -> None:
        """One refusal per paragraph, in the order of what an insider could have changed."""
        if not login.get("receipt"):
            raise Contradiction("no_receipt")

        statement = json.loads(login["statement"])
        named = (statement["login_id"], statement["access_number"], login["pk"], statement["client"])
        if named != (login_id, self.access_number, self.account_id, login["client"]):
            raise Contradiction("other_login")

        signer = self._signer(login)
        try:
            signed = self.signers.verify(login, signer, "receipt")
        except Refusal:
            raise Contradiction("bad_signature") from None
        if signed is not None:
            check_typed_code(statement, signed)
        elif not self.signers.is_first_use(login):
            raise Contradiction("used_before")

        self._check_waited(login)
        completed = login.get("completed_at", login["decided_at"])
        latest = login["decided_at"] + MAX_COMPLETION_WINDOW
        if not login["decided_at"] <= completed < login["complete_by"] <= latest:
            raise Contradiction("wrong_times")

        gone = signer.get("revoked_at")
        if signer["registered_at"] > login["decided_at"] or (gone is not None and gone < completed):
            raise Contradiction("device_then")
