"""Signers: the phones and passkeys of an account, and whether one of them signed what a login keeps."""

import json
from typing import Any

from smartident.approvals.signed_decision import Signed, verify_approval
from smartident.crypto.base64url import decode
from smartident.devices.device import ApprovalKey
from smartident.passkeys.challenge import LIFETIME, end_of
from smartident.passkeys.sign_in import AMR
from smartident.storage import keys, passkey_keys
from smartident.webauthn.ceremonies import verify_assertion
from smartident.webauthn.relying_party import RelyingParty

Row = dict[str, Any]
PHONE, PASSKEY = "device", "passkey"


class Signers:
    """Who could sign, by the id that a login names; `pages` are those on which people log in with a passkey."""

    def __init__(self, party: RelyingParty, pages: tuple[str, ...]) -> None:
        self.party, self.pages = party, pages
        self._signers: dict[str, Row] = {}
        self._challenges: set[str] = set()

    def take(self, row: Row) -> None:
        """Keep a phone, or a passkey, whose moments then have the names of a phone's."""
        if row["kind"] == PHONE:
            self._signers[keys.device_id(str(row.get("sk", "")))] = row
        else:
            gone = {"revoked_at": row["removed_at"]} if "removed_at" in row else {}
            named = {**row, "registered_at": row["made_at"], **gone}
            self._signers[passkey_keys.passkey_id(str(row.get("sk", "")))] = named

    def of(self, login: Row) -> Row | None:
        """Who decided the login, if it is one of the account's whose kind fits how the person was authenticated."""
        signer = self._signers.get(login["decided_by"])
        return signer if signer is not None and signer["kind"] == (PASSKEY if is_by_passkey(login) else PHONE) else None

    def verify(self, login: Row, signer: Row, kept: str) -> Signed | None:
        """What a phone signed, None of a passkey; a Refusal or another exception unless it signed what is kept."""
        if signer["kind"] == PASSKEY:
            self._verify_assertion(login, signer, json.loads(login[kept]))
            return None
        key = ApprovalKey(signer["approval_kind"], signer["approval_key"], signer.get("credential_id"))
        return verify_approval(json.loads(login[kept]), key=key, statement=login["statement"], party=self.party)

    def is_signed(self, login: Row) -> bool:
        """Whether any of them signed its receipt."""
        for signer in self._signers.values():
            try:
                self.verify(login, signer, "receipt")
            except Exception:  # noqa: BLE001, S112  whatever a forged row does to a library, it is no proof  # nosec B112
                continue
            return True
        return False

    def is_first_use(self, login: Row) -> bool:
        """Whether no login before it was signed for the same challenge."""
        challenge = json.loads(login["statement"])["nonce"]
        known = challenge in self._challenges
        self._challenges.add(challenge)
        return not known

    def _verify_assertion(self, login: Row, passkey: Row, receipt: Row) -> None:
        """What the passkey signed is the challenge, which is the nonce of the statement and tells its own time."""
        challenge = str(json.loads(login["statement"])["nonce"])
        if receipt["assertion"]["id"] != passkey["credential_id"] or receipt["type"] != PASSKEY:
            raise ValueError("another credential")
        if not end_of(challenge) - LIFETIME <= login["created_at"] < end_of(challenge):
            raise ValueError("signed at another time")
        said = verify_assertion(
            receipt["assertion"],
            challenge=decode(challenge, field="nonce"),
            cose_key=decode(passkey["public_key"], field="public_key"),
            party=RelyingParty(passkey["rp_id"], self.pages),
        )
        if said.backup_eligible != passkey["backup_eligible"]:
            raise ValueError("another kind of passkey")


def is_by_passkey(login: Row) -> bool:
    """Whether a login says of itself that a passkey, and no password, began it."""
    return login.get("amr") == AMR
