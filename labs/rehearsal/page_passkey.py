"""A passkey of the login page: made after a login that the phone approved, and then enough by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from labs.rehearsal.walker import PAGE
from smartident_cli.story.play import expect
from smartident_client.answers import Login
from smartident_client.login_passkey import LoginPasskey

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

RP_ID = "financeapp.example"
PATH = "/v1/passkeys"


def use_passkey(walker: Walker) -> None:
    """Made after a login by phone, it logs in; the phone's login then removes it."""
    login = walker.start()
    walker.phone.approve(walker.shown(login), login.transfer_code or "")
    walker.browser.complete(login)
    passkey, fresh = LoginPasskey(origin=PAGE, rp_id=RP_ID), f"{login.login_id}.{login.login_token}"
    credential = passkey.create(_asked(walker, "GET", PATH, fresh)["creation"])
    made = _asked(walker, "POST", PATH, fresh, {"credential": credential, "name": "Laptop"})
    options = _asked(walker, "POST", f"{PATH}/options")["public_key"]
    body = json.dumps({"assertion": passkey.get(options)}).encode()
    walker.browser.complete(walker.browser.wire.send("POST", f"{PATH}/login", body=body, answer=Login))
    policy = {"login_policy": "phone_or_passkey"}
    expect(_asked(walker, "PATCH", PATH, fresh, policy) == policy, "the account has another policy than it chose")
    _asked(walker, "DELETE", f"{PATH}/{made['passkey_id']}", fresh)


def _asked(
    walker: Walker, method: str, path: str, bearer: str = "", body: dict[str, Any] | None = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    sent = json.dumps(body).encode() if body is not None else None
    if method == "DELETE":
        return walker.browser.wire.send(method, path, body=sent, headers=headers, answer=type(None)) or {}
    return walker.browser.wire.send(method, path, body=sent, headers=headers, answer=dict[str, Any])
