"""A person with the smartIDENT app: enrols and logs in, as page and app do it, at the laptop stack."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from bench.cpu_time import own, spent
from labs.peer.http_client import Conversation, Declined
from labs.peer.laptop_stack import FIRST_NUMBER, PASSWORD
from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from smartident_client.keys import Key
from smartident_client.proof import device_proof
from smartident_client.sms import code_in
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATIENCE = 30
REQUESTS = {
    "browser": ["POST /v1/logins", "WebSocket: connect, one message", "POST /v1/logins/{login_id}/complete"],
    "phone": ["GET /v1/approvals", "POST /v1/approvals/{login_id}"],
}


@dataclass
class SmartIdent:
    """The stack: the gateway, its containers and moto, each told apart."""

    people: int
    parameters: Mapping[str, str]
    process: subprocess.Popen[str] | None = None
    url: str = ""
    sms: str = ""

    def __enter__(self) -> Self:
        settings = [f"{name}={value}" for name, value in self.parameters.items()]
        self.process = subprocess.Popen(  # noqa: S603  our own module, with a number
            [sys.executable, "-m", "labs.peer.laptop_stack", str(self.people), *settings],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        if self.process.stdout is None or not (line := self.process.stdout.readline()):
            raise RuntimeError("the laptop stack did not start: see its traceback above")
        self.url, self.sms = json.loads(line)["url"], json.loads(line)["sms"]
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait(PATIENCE)

    def spent(self) -> dict[str, float]:
        """CPU seconds so far: the functions, the gateway in front of them, and moto, which stands for the table."""
        pid = self.process.pid if self.process else 0
        return {
            "functions": spent(pid, running="smartident_laptop.runtime.container"),
            "gateway": own(pid),
            "database": spent(pid, running="smartident_laptop.moto.process"),
        }

    def code_for(self, phone: str) -> str:
        """The code of the last SMS to a number that ends so."""
        with _DIRECT.open(self.sms, timeout=PATIENCE) as answer:
            return code_in(next(sms["text"] for sms in reversed(json.load(answer)) if sms["phone"].endswith(phone)))


@dataclass
class OwnPerson:
    """Somebody with an account, a phone and a page."""

    server: SmartIdent
    place: int
    device_key: Key = field(default_factory=Key.make, repr=False)
    approval_key: RawApprovalKey = field(default_factory=lambda: RawApprovalKey(Key.make()), repr=False)
    account_id: str = ""

    def __post_init__(self) -> None:
        self.page, self.app = Conversation(self.server.url), Conversation(self.server.url)
        self.socket: ClientConnection | None = None

    def enrol(self) -> None:
        """Register a phone with the code from the SMS."""
        ask = {
            "identifier": str(FIRST_NUMBER + self.place),
            "password": PASSWORD,
            "device_key": self.device_key.public_jwk(),
            "device_name": "bench",
            "platform": "other",
        }
        begun = Registration(**self._proven("POST", "/v1/keys", ask))
        proof = self.approval_key.prove(begun, device_key=self.device_key)
        code = self.server.code_for(str(69_000 + self.place))
        path = f"/v1/keys/{begun.registration_id}/verify"
        self.account_id = self._proven("POST", path, {"code": code, "approval_key": proof})["account_id"]
        self.leave()

    def start(self) -> dict[str, Any]:
        """Give the password and wait on the WebSocket."""
        ask = {"identifier": str(FIRST_NUMBER + self.place), "password": PASSWORD}
        login = self.page.json("POST", "/v1/logins", json.dumps(ask).encode(), Origin=self.server.url)
        protocols = [Subprotocol(protocol) for protocol in login["socket"]["protocols"]]
        self.socket = connect(
            login["socket"]["url"],
            origin=Origin(self.server.url),
            subprotocols=protocols,
            proxy=None,
            compression=None,
        )
        self.socket.send(json.dumps({"action": "status", "login_id": login["login_id"]}))
        if (status := json.loads(self.socket.recv(PATIENCE))["status"]) != "pending":
            raise Declined(f"the page hears {status} before anybody decided")
        return login

    def approve(self, login: Mapping[str, Any]) -> float:
        """Fetch what waits and approve it; when the decision was sent."""
        waiting = self._proven("GET", "/v1/approvals")["approvals"]
        request = next(one for one in waiting if one["login_id"] == login["login_id"])
        typed = login["transfer_code"].replace(" ", "")
        payload = decision_payload(statement=request["statement"], transfer_code=typed, now=int(time.time()))
        ask = {"decision": "approve", "evidence": self.approval_key.evidence(payload)}
        sent = time.perf_counter()
        if self._proven("POST", f"/v1/approvals/{login['login_id']}", ask) != {"status": "approved"}:
            raise Declined("the approval was not taken")
        return sent

    def hear(self, _login: Mapping[str, Any]) -> None:
        """Wait until the page is told of the approval."""
        if self.socket is None or json.loads(self.socket.recv(PATIENCE))["status"] != "approved":
            raise Declined("the page does not hear of the approval")

    def finish(self, login: Mapping[str, Any]) -> None:
        """Turn the approval into a token."""
        bearer = f"Bearer {login['login_token']}"
        path = f"/v1/logins/{login['login_id']}/complete"
        if not self.page.json("POST", path, b"", Authorization=bearer)["id_token"]:
            raise Declined("no token")

    def leave(self) -> None:
        """Close what is open: the next time, all of it comes anew."""
        if self.socket is not None:
            self.socket.close()
        self.page.close()
        self.app.close()

    def _proven(self, method: str, path: str, ask: Mapping[str, object] | None = None) -> dict[str, Any]:
        body = None if ask is None else json.dumps(ask).encode()
        proof = device_proof(
            self.device_key,
            method=method,
            url=self.server.url + path,
            now=int(time.time()),
            body=body,
            account_id=self.account_id or None,
        )
        headers = {"DPoP": proof} | ({"Content-Type": "application/json"} if body else {})
        return self.app.ask(method, path, body, headers)
