"""The FinanceApp login page as a program: start, wait on the WebSocket, fall back to polling, complete."""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

import httpx
import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from smartident_client import base64url
from smartident_client.answers import Completion, Hint, Login, LoginState, LoginStatus
from smartident_client.wire import Language, NotAsPromised, Wire, is_loopback

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PROTOCOL = "smartident.v1"
LINKS = 8
"""WebSockets that one login may open, one after the other; after that the page polls."""
POLL_SECONDS = 2


class Browser:
    """One browser on the login page."""

    def __init__(
        self,
        url: str,
        *,
        origin: str | None = None,
        language: Language = "de",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"User-Agent": USER_AGENT} | ({"Origin": origin} if origin else {})
        self.wire = Wire(url, language=language, headers=headers, transport=transport)
        self.origin = origin
        # By this an account knows the browser again in which a phone has approved a login.
        self.trusted_browser: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()

    def start(self, identifier: str, password: str, *, client_id: str | None = None, nonce: str | None = None) -> Login:
        """Send what the person typed; from here the page shows the transfer code."""
        optional = {"client_id": client_id, "trusted_browser": self.trusted_browser, "nonce": nonce}
        ask = {"identifier": identifier, "password": password} | {name: said for name, said in optional.items() if said}
        body = json.dumps(ask, ensure_ascii=False).encode()
        return self.wire.send("POST", "/v1/logins", body=body, answer=Login)

    def status(self, login: Login) -> LoginStatus:
        """Ask once how the login stands: the fallback where WebSockets are blocked."""
        path = f"/v1/logins/{login.login_id}"
        return self.wire.send("GET", path, headers=_bearer(login), answer=LoginState).status

    def complete(self, login: Login) -> Completion:
        """Turn the approved login into a session."""
        path = f"/v1/logins/{login.login_id}/complete"
        completion = self.wire.send("POST", path, headers=_bearer(login), answer=Completion)
        self.trusted_browser = completion.trusted_browser or self.trusted_browser
        return completion

    def cancel(self, login: Login) -> None:
        """Give up: nobody can approve this login any more."""
        self.wire.send("DELETE", f"/v1/logins/{login.login_id}", headers=_bearer(login), answer=type(None))

    def wait(self, login: Login, *, opened: Callable[[], None] = lambda: None) -> LoginStatus:
        """Wait until the login is decided; `opened` is called each time the socket says that it is pending."""
        for link in range(1, LINKS + 1):
            try:
                connection = self.connect(login, link=link)
            except (OSError, WebSocketException):
                break
            with connection, suppress(WebSocketException, TimeoutError):
                return _listen(connection, login, opened)
        return self._poll(login)

    def connect(self, login: Login, *, link: int = 1) -> ClientConnection:
        """Open the login's k-th WebSocket, with the ticket that only this connection may use."""
        if login.socket is None:
            raise NotAsPromised("a login that waits for the phone has a socket to wait on")
        return connect(
            login.socket.url,
            origin=Origin(self.origin) if self.origin else None,
            subprotocols=[Subprotocol(PROTOCOL), Subprotocol(ticket(login, link))],
            user_agent_header=USER_AGENT,
            proxy=None if is_loopback(login.socket.url) else True,
        )

    def _poll(self, login: Login) -> LoginStatus:
        while (status := self.status(login)) == "pending":
            time.sleep(POLL_SECONDS)
        return status


def ticket(login: Login, link: int) -> str:
    """Tell the one-use ticket of the k-th connection; each is the hash of the next, so none leads to a later one."""
    secret = f"smartident-ticket:v1:{login.login_token}"
    for _ in range(LINKS + 1 - link):
        secret = base64url.encode(hashlib.sha256(secret.encode("ascii")).digest())
    return f"{login.login_id}.{secret}"


def _listen(connection: ClientConnection, login: Login, opened: Callable[[], None]) -> LoginStatus:
    connection.send(json.dumps({"action": "status", "login_id": login.login_id}))
    while True:
        message = connection.recv(timeout=max(1, login.expires_at - time.time()))
        try:
            hint = msgspec.json.decode(message, type=Hint)
        except msgspec.MsgspecError as error:
            raise NotAsPromised(f"the WebSocket sent no hint: {error}") from None
        if hint.status != "pending":
            return hint.status
        opened()


def _bearer(login: Login) -> dict[str, str]:
    return {"Authorization": f"Bearer {login.login_token}"}
