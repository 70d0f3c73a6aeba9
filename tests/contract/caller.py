"""Who asks in the fuzzed contract: an enrolled phone that signs, and the browser that holds its logins' tokens."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from smartident_client.browser import Browser
from smartident_client.keys import Key
from smartident_client.proof import device_proof
from smartident_client.sms import code_in
from smartident_client.wire import Refused
from smartident_laptop.demo.accounts import ANNA, JONAS

if TYPE_CHECKING:
    from schemathesis import Case

    from smartident_client.keystore import Account
    from smartident_client.phone import Phone
    from smartident_laptop.stack import Stack


def is_malformed(case: Case[Any]) -> bool:
    """Whether the body is what the document forbids; the rest of a request is the caller's."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    return body is not None and body.mode is GenerationMode.NEGATIVE


class Caller(requests.auth.AuthBase):
    """A person whose credentials are right, whatever else the request holds."""

    def __init__(self, stack: Stack, phone: Phone) -> None:
        self.stack = stack
        self.phone = phone
        self.tokens: dict[str, str] = {}
        self.transfer_codes: dict[str, str] = {}
        self.registrations: dict[str, Registration] = {}
        self.account = self._enrolled()

    def begin_anew(self) -> None:
        """Be somebody of whom nothing is known yet: a new phone of the same account, and no logins."""
        self.give_up()
        # The last one may have frozen it, and a phone as new as that one does not open it.
        assert self.stack.containers is not None
        told = {"account_id": self.account.account_id}
        self.stack.containers.call("tests.contract.operator_acts.open_again", told, name="Operator")
        # An SMS lets a phone in only while there is none.
        with suppress(Refused):
            self.phone.sign_out(self.account)
        self.account = self._enrolled()
        self.transfer_codes.clear()
        self.registrations.clear()

    def _enrolled(self) -> Account:
        enrolment = self.phone.register(ANNA.number, ANNA.password, device_name="Annas Telefon")
        return self.phone.verify(enrolment, code_in(self.stack.sms_messages()[-1].text))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        path = str(urlsplit(request.url or "").path)
        request.headers["DPoP"] = device_proof(
            self.account.device_key,
            method=request.method or "",
            url=self.stack.url + path,
            now=self.phone.now(),
            body=_bytes(request.body),
            account_id=None if path.startswith("/v1/keys") else self.account.account_id,
        )
        login_id = path.split("/")[3] if path.startswith("/v1/logins/") else ""
        request.headers["Authorization"] = f"Bearer {self.tokens.get(login_id, 'fremd')}"
        return request

    def aim(self, case: Case[Any]) -> None:
        """Point a request at something that is there: a login just begun, or this very phone."""
        if "login_id" in case.path_parameters:
            self.give_up()
            with Browser(self.stack.url) as browser:
                login = browser.start(ANNA.number, ANNA.password)
            self.tokens[login.login_id] = login.login_token
            case.path_parameters["login_id"] = login.login_id
        if "device_id" in case.path_parameters and case.method != "DELETE":
            case.path_parameters["device_id"] = self.account.device_id

    def give_up(self) -> None:
        """Cancel every login that waits: the next finds a place, and no phone sees it."""
        for login_id in list(self.tokens):
            requests.delete(f"{self.stack.url}/v1/logins/{login_id}", auth=self, timeout=10)
            del self.tokens[login_id]

    def introduce(self, case: Case[Any]) -> None:
        """Give a well-formed request what only its rightful sender knows: password, code, signature."""
        if is_malformed(case) or not isinstance(case.body, dict):
            return
        right = {"identifier": JONAS.number, "password": JONAS.password}
        name = case.operation.definition.raw["operationId"]
        if name == "start_login":
            case.body = {"identifier": ANNA.number, "password": ANNA.password}
        elif name == "register_key":
            own: dict[str, Any] = {**right, "device_key": self.account.device_key.public_jwk()}
            case.body = {**case.body, **own}
        elif name == "verify_code":
            case.body = self._confirmation(case.path_parameters["registration_id"]) or case.body
        elif name == "decide_login":
            case.body = self._approval(case.path_parameters["login_id"]) or case.body

    def hear(self, response: Any) -> None:
        """Keep what the caller gets to know: tokens and transfer codes, and registrations."""
        body = response.json() if response.content else {}
        if "login_token" in body:
            self.tokens[body["login_id"]] = body["login_token"]
            self.transfer_codes[body["login_id"]] = body["transfer_code"]
        if "registration_id" in body:
            self.registrations[body["registration_id"]] = Registration(**body)

    def _confirmation(self, registration_id: str) -> dict[str, Any] | None:
        registration = self.registrations.get(registration_id)
        if registration is None:
            return None
        proven = RawApprovalKey(Key.make()).prove(registration, device_key=self.account.device_key)
        return {"code": code_in(self.stack.sms_messages()[-1].text), "approval_key": proven}

    def _approval(self, login_id: str) -> dict[str, Any] | None:
        for pending in self.phone.approvals(self.account):
            if pending.request.login_id == login_id:
                typed = self.transfer_codes.get(login_id, "0").replace(" ", "")
                payload = decision_payload(
                    statement=pending.request.statement, transfer_code=typed, now=self.phone.now()
                )
                return {"decision": "approve", "evidence": self.account.approval_key.evidence(payload)}
        return None


def _bytes(body: Any) -> bytes | None:
    return body.encode() if isinstance(body, str) else body or None
