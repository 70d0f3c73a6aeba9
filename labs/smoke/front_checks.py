"""What CloudFront and API Gateway do with requests and WebSockets."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from websockets.exceptions import InvalidStatus

from labs.smoke.verdicts import Failed
from smartident_client.browser import PROTOCOL
from smartident_client.wire import Refused

if TYPE_CHECKING:
    import httpx

    from labs.smoke.world import World

REFUSAL, FORBIDDEN = "public_url_required", 403
TURNED_AWAY, BURST, AT_ONCE = 429, 300, 30
PATIENCE = 10
NO_LOGIN = "/v1/logins/nobody.nothing"
TAKEN_BACK = "UPDATE_ROLLBACK_COMPLETE"


def subprotocol(world: World) -> None:
    """The browser's socket has the protocol that it offered."""
    with world.open_socket() as connection:
        if connection.subprotocol != PROTOCOL:
            raise Failed(f"the subprotocol is {connection.subprotocol}")


def route_response(world: World) -> None:
    """The page's question is answered on its own socket."""
    with world.open_socket() as connection:
        connection.send(json.dumps({"action": "status", "login_id": world.waiting().login_id}))
        told = json.loads(connection.recv(timeout=PATIENCE))
        if told.get("status") != "pending":
            raise Failed(f"the answer says {told}")


def socket_through_front(world: World) -> None:
    """The address that pages get is the public one, and it opens."""
    login, public = world.waiting(), world.addresses.public.replace("https://", "wss://", 1)
    told = login.socket.url if login.socket else ""
    if told != f"{public}/ws":
        raise Failed(f"pages are told {told or 'no address'}")
    world.open_socket().close()


def viewer_headers(world: World) -> None:
    """The waiting login's statement names an address and a country.

    Without an address everybody would be one client address, and a stranger's wrong passwords would count for all.
    """
    login = world.waiting()
    shown = [one.statement for one in world.phone.approvals() if one.request.login_id == login.login_id]
    if not shown:
        raise Failed("the phone shows no such login")
    if not _is_address(shown[0].ip):
        raise Failed(f"the statement names no address, but {shown[0].ip}")
    if not shown[0].place:
        raise Failed("the statement names no place")


def _is_address(text: str) -> bool:
    with suppress(ValueError):
        return ip_address(text).is_global
    return False


def kept_by_nobody(world: World) -> None:
    """Right after an answer to one token, another token at the same path gets its own."""
    login = world.waiting()
    world.browser.status(login)
    with world.http() as client:
        answer = client.get(
            f"{world.addresses.public}/v1/logins/{login.login_id}", headers={"Authorization": "Bearer of-somebody-else"}
        )
    if answer.is_success:
        raise Failed("another token got the answer that was somebody's")


def direct_calls(world: World) -> None:
    """Past CloudFront nobody gets anything, not even with a ticket that is good."""
    with world.http() as client:
        answer = client.post(f"{world.addresses.api}/v1/logins", json={})
    if _code(answer) != REFUSAL:
        raise Failed(f"the API's own host answers {answer.status_code} {_code(answer)}")
    try:
        world.open_socket_directly().close()
    except InvalidStatus as refused:
        if refused.response.status_code != FORBIDDEN:
            raise Failed(f"the WebSocket's own host answers {refused.response.status_code}") from None
    else:
        raise Failed("the WebSocket opens past CloudFront")


def cors_on_429(world: World) -> None:
    """So many requests at once that API Gateway itself refuses some, and a page may read these answers."""
    origin = {"Origin": world.addresses.public}
    with world.http() as client, ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: client.get(world.addresses.public + NO_LOGIN, headers=origin), range(BURST)))
    turned = [one for one in answers if one.status_code == TURNED_AWAY]
    if not turned:
        raise Failed(f"of {BURST} requests at once none was turned away")
    if any("access-control-allow-origin" not in one.headers for one in turned):
        raise Failed("a page may not read that its request was turned away")


def ipv6(world: World) -> None:
    """Every host has an address of IPv6."""
    without = [host for host in world.addresses.hosts if not world.addresses_of(host)]
    if without:
        raise Failed(f"no IPv6 address: {', '.join(without)}")


def canary_goes_back(world: World) -> None:
    """Functions that die are deployed as a canary; afterwards the stack is as before, and the service answers."""
    status = world.break_functions()
    if status != TAKEN_BACK:
        raise Failed(f"the stack is {status}")
    try:
        world.browser.start(world.identifier, f"{world.password}-wrong")
    except Refused as refused:
        if refused.code != "invalid_credentials":
            raise Failed(f"afterwards the service answers {refused.code}") from None
    else:
        raise Failed("afterwards a wrong password lets somebody in")


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
