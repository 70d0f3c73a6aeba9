"""A crowd: many people who log in at once, each with a browser and a phone, over real HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.raw_connection import Broken, RawConnection
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from smartident_client.keys import Key
from smartident_client.proof import device_proof

if TYPE_CHECKING:
    from bench.laptop_stack import Laptop

LONGEST = 180
JSON = {"content-type": "application/json"}


class Failed(Exception):  # noqa: N818  a step of somebody's login
    """A step was answered otherwise than promised."""


FAILURES = (Failed, Broken, OSError, TimeoutError)


@dataclass(frozen=True)
class Moments:
    """When a login began, when the phone had its answer, and when the page had its token (monotonic seconds)."""

    began: float
    approved: float
    signed_in: float


class VirtualUser:
    """Somebody logging in; `polls` is how often the page asks, none for a page on its WebSocket."""

    def __init__(self, laptop: Laptop, number: str, account_id: str, polls: float | None = None) -> None:
        self.laptop = laptop
        self.number = number
        self.account_id = account_id
        self.polls = polls
        self._key = Key.from_jwk(laptop.key)
        self._approval = RawApprovalKey(self._key)

    async def log_in(self, hesitates: float = 0.0) -> Moments:
        """The whole login; before the approval the person takes so many seconds."""
        async with (
            asyncio.timeout(LONGEST),
            RawConnection(self.laptop.port) as browser,
            RawConnection(self.laptop.port) as phone,
        ):
            began = time.monotonic()
            login = await self._start(browser)
            waits = asyncio.Event()
            page, waiting = (asyncio.create_task(one) for one in (self._page(browser, login, waits), _until(waits)))
            try:
                await asyncio.wait([page, waiting], return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(hesitates)
                if not page.done():
                    await self._approve(phone, login)
                return Moments(began, time.monotonic(), await page)
            finally:
                waiting.cancel()
                page.cancel()

    async def _start(self, browser: RawConnection) -> dict[str, Any]:
        ask = json.dumps({"identifier": self.number, "password": self.laptop.password}).encode()
        return await _asked(browser, "POST", "/v1/logins", {**JSON, "origin": self.laptop.url}, ask)

    async def _page(self, browser: RawConnection, login: dict[str, Any], waits: asyncio.Event) -> float:
        """The page from the start's answer on: when it had its token."""
        if self.polls is None:
            await self._listen(login, waits)
        else:
            await self._poll(browser, login, self.polls, waits)
        path = f"/v1/logins/{login['login_id']}/complete"
        # Meanwhile the gateway may have closed the connection that the login began on.
        async with RawConnection(self.laptop.port) as fresh:
            session = await _asked(fresh, "POST", path, _bearer(login))
        if session["id_token"].count(".") != 2:  # noqa: PLR2004  header, claims, signature
            raise Failed("no id_token")
        return time.monotonic()

    async def _listen(self, login: dict[str, Any], waits: asyncio.Event) -> None:
        async with RawConnection(self.laptop.port) as socket:
            offered = ", ".join(login["socket"]["protocols"])
            await socket.switch("/ws", {"origin": self.laptop.url, "sec-websocket-protocol": offered})
            socket.say(json.dumps({"action": "status", "login_id": login["login_id"]}))
            while (heard := json.loads(await socket.hear()).get("status")) == "pending":
                waits.set()
            if heard != "approved":
                raise Failed(f"heard {heard}")

    async def _poll(self, browser: RawConnection, login: dict[str, Any], every: float, waits: asyncio.Event) -> None:
        path, headers = f"/v1/logins/{login['login_id']}", _bearer(login)
        waits.set()
        for _ in range(int(LONGEST / every)):
            if (await _asked(browser, "GET", path, headers))["status"] == "approved":
                return
            await asyncio.sleep(every)
        raise Failed("polled in vain")

    async def _approve(self, phone: RawConnection, login: dict[str, Any]) -> None:
        listed = await self._proven(phone, "GET", "/v1/approvals")
        [waiting] = [one for one in listed["approvals"] if one["login_id"] == login["login_id"]]
        code = "".join(login["transfer_code"].split())
        payload = decision_payload(statement=waiting["statement"], transfer_code=code, now=int(time.time()))
        body = json.dumps({"decision": "approve", "evidence": self._approval.evidence(payload)}).encode()
        await self._proven(phone, "POST", f"/v1/approvals/{login['login_id']}", body)

    async def _proven(self, phone: RawConnection, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        url, now = self.laptop.url + path, int(time.time())
        proof = device_proof(self._key, method=method, url=url, now=now, body=body or None, account_id=self.account_id)
        return await _asked(phone, method, path, {**(JSON if body else {}), "dpop": proof}, body)


async def _until(event: asyncio.Event) -> float:
    await event.wait()
    return time.monotonic()


async def _asked(
    wire: RawConnection, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> dict[str, Any]:
    status, answer = await wire.ask(method, path, headers, body)
    if not 200 <= status < 300:  # noqa: PLR2004  HTTP's classes
        raise Failed(f"{method} {path.partition('.')[0]}: {status} {answer[:200]!r}")
    told: dict[str, Any] = json.loads(answer)
    return told


def _bearer(login: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {login['login_token']}"}
