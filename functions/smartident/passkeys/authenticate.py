"""Whose passkey this is: what the server demands of an assertion, beyond what WebAuthn's library looks at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartident.accounts.account import Account, read_account
from smartident.crypto.base64url import decode
from smartident.crypto.pepper import constant_time_equals
from smartident.errors import ApprovalInvalid, PasskeyRefused
from smartident.passkeys.challenge import LOGIN, challenge_in, is_challenge
from smartident.passkeys.passkey import Passkey, account_of_credential, passkey_id_of, read_passkey, user_handle
from smartident.passkeys.relying_party import check_synced, login_party
from smartident.telemetry import log_event
from smartident.webauthn.ceremonies import Assertion, verify_assertion

if TYPE_CHECKING:
    from smartident.clients.client import Client

SIGNED = ("clientDataJSON", "authenticatorData", "signature", "userHandle")
# Of an authenticator's answer: the client data and its signature, twice as long as any that we have met.
MAX_MEMBER_LENGTH = 4096


@dataclass(frozen=True)
class Authenticated:
    """An account, the passkey that proved its owner present, and what was signed."""

    account: Account
    passkey: Passkey
    assertion: Assertion
    challenge: str
    receipt: str = field(repr=False)


def authenticate(said: dict[str, Any], *, client: Client, now: int) -> Authenticated:
    """Who signed, for a challenge of ours, on a page of this client; raises PasskeyRefused.

    The library demands presence and verification of the user, the page's exact origin and sound backup flags.
    """
    sent = _needed(said)
    challenge = challenge_in(sent)
    if not is_challenge(challenge, LOGIN, now=now):
        raise PasskeyRefused("challenge")
    account, passkey = _find(sent)
    if not constant_time_equals(sent["response"]["userHandle"], user_handle(account.id)):
        raise PasskeyRefused("another account's handle")
    try:
        assertion = verify_assertion(
            sent,
            challenge=decode(challenge, field="challenge"),
            cose_key=decode(passkey.public_key, field="stored key"),
            party=login_party(client, passkey.rp_id),
        )
    except ApprovalInvalid as invalid:
        raise PasskeyRefused(str(invalid)) from None
    check_synced(assertion)
    if assertion.backup_eligible != passkey.backup_eligible:
        # It never changes (WebAuthn level 3, 6.1.3).
        raise PasskeyRefused("backup eligibility")
    if assertion.sign_count <= passkey.sign_count and (assertion.sign_count or passkey.sign_count):
        # A copy may be at work, or an authenticator that counts for all its credentials at once: no refusal.
        log_event("passkey_counter_fell")
    receipt = json.dumps({"type": "passkey", "assertion": sent}, separators=(",", ":"))
    return Authenticated(account, passkey, assertion, challenge, receipt)


def _needed(said: dict[str, Any]) -> dict[str, Any]:
    """What names the key and what it signed. Nobody signed the rest, which each browser adds to."""
    response = said.get("response")
    if not isinstance(response, dict):
        raise PasskeyRefused("no assertion")
    named = {name: said.get(name) for name in ("id", "rawId", "type")}
    signed = {name: response.get(name) for name in SIGNED}
    if not all(isinstance(one, str) and len(one) <= MAX_MEMBER_LENGTH for one in (*named.values(), *signed.values())):
        raise PasskeyRefused("no assertion")
    return {**named, "response": signed}


def _find(sent: dict[str, Any]) -> tuple[Account, Passkey]:
    passkey_id = passkey_id_of(sent["id"])
    account_id = account_of_credential(passkey_id)
    account = read_account(account_id) if account_id is not None else None
    if account is None or account.frozen:
        raise PasskeyRefused("unknown, or its account is frozen")
    passkey = read_passkey(account, passkey_id)
    if passkey is None:
        raise PasskeyRefused("removed")
    return account, passkey
