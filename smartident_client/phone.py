"""The smartIDENT app as a program: two keys for each account, and every call that a native app makes.

What the app does for a person: register a key, show what waits under "Freigabe", approve or decline it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, Self

import httpx

from smartident_client.answers import (
    ApprovalRequest,
    ApprovalRequests,
    Decided,
    Device,
    Devices,
    Events,
    NewAccount,
    Registration,
)
from smartident_client.approval_keys import ApprovalKey, RawApprovalKey, signed_approval, signed_revocation
from smartident_client.keys import Curve, Key
from smartident_client.keystore import Account, KeyStore
from smartident_client.pairing import Enrolment, WaitingDevice, read_new_device, shown_code
from smartident_client.proof import device_proof
from smartident_client.statement import Pending, read_statement
from smartident_client.typed_code import typed_code
from smartident_client.wire import Answer, Language, Refused, Wire

DenyReason = Literal["not_me", "changed_my_mind"]
Platform = Literal["ios", "android", "web", "other"]


class Phone:
    """One phone at one service. It trusts its clock until the service says better."""

    def __init__(
        self,
        url: str,
        keystore: KeyStore,
        *,
        language: Language = "de",
        clock: Callable[[], float] = time.time,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        agent = {"User-Agent": "smartIDENT-phone/1"}
        self.wire = Wire(url, language=language, headers=agent, transport=transport)
        self.keystore = keystore
        self.clock = clock
        self.clock_correction = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()

    def now(self) -> int:
        """Tell the time, corrected by what the service said."""
        return int(self.clock()) + self.clock_correction

    def accounts(self) -> list[Account]:
        """Tell the accounts that are stored for this service."""
        return [account for account in self.keystore.accounts() if account.url == self.wire.url]

    def register(  # nosec B107  no password: a code stands in its place
        self,
        identifier: str,
        password: str = "",
        *,
        enrolment_code: str = "",
        recovery_code: str = "",
        device_name: str,
        platform: Platform = "other",
        curve: Curve = "P-256",
    ) -> Enrolment:
        """Make a device key and have it registered: by password, which an SMS or old phone confirms, or by a code."""
        key = Key.make(curve)
        ask = {
            "identifier": identifier,
            **({"enrolment_code": enrolment_code} if enrolment_code else {"password": password}),
            "device_key": key.public_jwk(),
            "device_name": device_name,
            "platform": platform,
            **({"recovery_code": recovery_code} if recovery_code else {}),
        }
        return Enrolment(key, self._send("POST", "/v1/keys", key=key, body=ask, answer=Registration))

    def resend(self, enrolment: Enrolment) -> Enrolment:
        """Ask for a new code by SMS."""
        path = f"/v1/keys/{enrolment.registration.registration_id}/resend"
        answer = self._send("POST", path, key=enrolment.device_key, answer=Registration)
        return Enrolment(enrolment.device_key, answer)

    def verify(
        self, enrolment: Enrolment, code: str | None = None, *, approval_key: ApprovalKey | None = None
    ) -> Account:
        """End the registration with a new approval key, and the code where an SMS brought one; keep the account."""
        key, registration = enrolment.device_key, enrolment.registration
        approval_key = approval_key or RawApprovalKey(Key.make())
        ask = {"code": code and typed_code(code), "approval_key": approval_key.prove(registration, device_key=key)}
        path = f"/v1/keys/{registration.registration_id}/verify"
        new = self._send("POST", path, key=key, body=ask, answer=NewAccount)
        account = Account(self.wire.url, new.account_id, new.access_number, new.display_name, key, approval_key)
        self.keystore.keep(account)
        return account

    def approvals(self, account: Account | None = None) -> list[Pending]:
        """Fetch the logins that wait for a decision, of one account or of all."""
        waiting = self._waiting(account)
        return [Pending(holder, one, read_statement(one.statement)) for holder, one in waiting if one.login_id]

    def new_devices(self, account: Account | None = None) -> list[WaitingDevice]:
        """Fetch the new phones that want to be let in, to one account or to all."""
        waiting = self._waiting(account)
        return [WaitingDevice(at, one, read_new_device(one.statement)) for at, one in waiting if one.registration_id]

    def _waiting(self, account: Account | None) -> Iterator[tuple[Account, ApprovalRequest]]:
        for holder in [account] if account else self.accounts():
            for request in self.as_device(holder, "GET", "/v1/approvals", answer=ApprovalRequests).approvals:
                yield holder, request

    def approve(self, pending: Pending | WaitingDevice, transfer_code: str = "", *, retire: bool = False) -> Decided:
        """Approve after the fingerprint: sign what was shown, typed or scanned and decided, and whether one leaves."""
        account, request, code = pending.account, pending.request, shown_code(transfer_code)
        leaves = account.device_id if retire else None
        ask = signed_approval(account.approval_key, request.statement, code, retire_device=leaves, now=self.now())
        return self.as_device(account, "POST", f"/v1/approvals/{request.id}", body=ask, answer=Decided)

    def deny(self, pending: Pending | WaitingDevice, reason: DenyReason) -> Decided:
        """Decline; "not_me" also reports the stranger."""
        path, ask = f"/v1/approvals/{pending.request.id}", {"decision": "deny", "reason": reason}
        return self.as_device(pending.account, "POST", path, body=ask, answer=Decided)

    def devices(self, account: Account) -> list[Device]:
        """List the phones of an account."""
        return self.as_device(account, "GET", "/v1/devices", answer=Devices).devices

    def rename(self, account: Account, device_id: str, name: str) -> Device:
        """Give a phone another name."""
        return self.as_device(account, "PATCH", f"/v1/devices/{device_id}", body={"name": name}, answer=Device)

    def sign_out(self, account: Account) -> None:
        """Revoke this phone itself, at once; it then forgets its keys."""
        self.as_device(account, "DELETE", f"/v1/devices/{account.device_id}", answer=type(None))
        self.keystore.forget(account)

    def revoke(self, account: Account, device: Device) -> None:
        """Revoke another phone, at once, after the fingerprint."""
        ask = signed_revocation(account.approval_key, account.account_id, device, now=self.now())
        self.as_device(account, "POST", f"/v1/devices/{device.device_id}/revoke", body=ask, answer=type(None))

    def events(self, account: Account, *, before: str | None = None) -> Events:
        """Read a page of the account's history, newest first."""
        query = {"before": before} if before else None
        return self.as_device(account, "GET", "/v1/events", query=query, answer=Events)

    def as_device(
        self,
        account: Account,
        method: str,
        path: str,
        *,
        answer: type[Answer],
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask as an enrolled phone."""
        return self._send(
            method, path, key=account.device_key, account_id=account.account_id, body=body, query=query, answer=answer
        )

    def _send(
        self,
        method: str,
        path: str,
        *,
        key: Key,
        answer: type[Answer],
        account_id: str | None = None,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()

        def attempt() -> Answer:
            url = self.wire.url + path
            proof = device_proof(key, method=method, url=url, now=self.now(), body=content, account_id=account_id)
            return self.wire.send(method, path, body=content, query=query, headers={"DPoP": proof}, answer=answer)

        try:
            return attempt()
        except Refused as refused:
            if refused.code != "proof_stale" or refused.server_time is None:
                raise
            self.clock_correction = refused.server_time - int(self.clock())
            return attempt()
