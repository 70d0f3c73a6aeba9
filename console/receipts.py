"""Receipts: proof, from an export alone, that each completed login was approved by a phone of its access."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from console.exports import NoExport, read_export
from smartident.approvals import RelyingParty, verify_approval
from smartident.devices import ApprovalKey
from smartident.errors import Refusal

Row = dict[str, Any]
PROVED, PASSWORD_ONLY = "proved", "receipt_password"
SWITCHED = "two_factor_changed"


@dataclass(frozen=True)
class Outcome:
    """What one completed login comes to: PROVED, PASSWORD_ONLY, or the sentence of what is wrong."""

    login_id: str
    at: int
    verdict: str


class Contradiction(Exception):  # noqa: N818  what is wrong is named
    """The receipt does not prove the login; the text is a sentence's name."""


class Ledger:
    """One export's head and devices, which its logins are held against as they come by."""

    def __init__(self, file: Path, *, rp_id: str = "", origins: tuple[str, ...] = ()) -> None:
        self.rows = read_export(file)
        head = next(self.rows)
        try:
            self.access_id, self.access_number = str(head["access_id"]), str(head["access_number"])
            told = head["webauthn"]
            self.party = RelyingParty(rp_id or told["rp_id"], origins or tuple(told["origins"]))
        except (KeyError, TypeError):
            raise NoExport from None
        self.devices: dict[str, Row] = {}
        self.two_factor = True
        self.switched: list[int] = []

    def outcomes(self) -> Iterator[Outcome]:
        """Every completed login; raises NoExport if the file is not whole.

        Those by password alone come last: whether two-factor login was off then, the records tell that follow them.
        """
        alone = []
        for row in self.rows:
            kind = row.get("kind")
            if kind == "access":
                self.two_factor = row.get("two_factor") is not False
            elif kind == "device":
                self.devices[str(row.get("sk", "")).removeprefix("DEVICE#")] = row
            elif kind == "record" and row.get("type") == SWITCHED:
                self.switched.append(int(row["at"]))
            elif kind == "login" and row.get("completed_at") is not None:
                outcome = self._outcome(row)
                if outcome.verdict == PASSWORD_ONLY:
                    alone.append(outcome)
                else:
                    yield outcome
        yield from (one if self._was_off(one.at) else replace(one, verdict="password_though") for one in alone)

    def _was_off(self, at: int) -> bool:
        """Whether two-factor login was off, counting back from now; within the second of a change both are true."""
        later = sum(then > at for then in self.switched)
        return (self.two_factor if later % 2 else not self.two_factor) or at in self.switched

    def _outcome(self, login: Row) -> Outcome:
        login_id = f"{login.get('pk')}.{str(login.get('sk', '')).removeprefix('LOGIN#')}"
        at = login["completed_at"] if isinstance(login["completed_at"], int) else 0
        try:
            if "mfa" not in str(login.get("amr", "")).split() and "receipt" not in login:
                return Outcome(login_id, int(login["created_at"]), PASSWORD_ONLY)
            self._prove(login_id, login)
        except Contradiction as contradiction:
            return Outcome(login_id, at, str(contradiction))
        except (KeyError, TypeError, ValueError):
            return Outcome(login_id, at, "bad_signature")
        return Outcome(login_id, at, PROVED)

    def _prove(self, login_id: str, login: Row) -> None:
        """One refusal per paragraph, in the order of what an insider could have changed."""
        if not login.get("receipt"):
            raise Contradiction("no_receipt")

        statement = json.loads(login["statement"])
        named = (statement["login_id"], statement["access_number"], login["pk"], statement["client"])
        if named != (login_id, self.access_number, self.access_id, login["client"]):
            raise Contradiction("other_login")

        device = self.devices.get(login["decided_by"])
        if device is None:
            raise Contradiction("no_device")

        key = ApprovalKey(device["approval_kind"], device["approval_key"], device.get("credential_id"))
        try:
            verify_approval(json.loads(login["receipt"]), key=key, statement=login["statement"], party=self.party)
        except Refusal:
            raise Contradiction("bad_signature") from None

        # What was signed bounds what the row says of its own times.
        if not statement["requested_at"] <= login["decided_at"] < statement["expires_at"]:
            raise Contradiction("wrong_times")
        if not login["decided_at"] <= login["completed_at"] < login["complete_by"]:
            raise Contradiction("wrong_times")

        gone = device.get("revoked_at")
        if device["registered_at"] > login["decided_at"] or (gone is not None and gone < login["completed_at"]):
            raise Contradiction("device_then")
