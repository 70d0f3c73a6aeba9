"""Starting, deciding and completing a login, and what else is done to it, cut anywhere and sent again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from approve.step import decide_login
from browser.step import connect
from devices.step import NewName, rename
from login.step import Credentials, start_login
from login_status.step import give_up_login
from smartident.approvals.decide import Approve
from smartident.devices.device import read_device
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident.statements.login import RequestOrigin
from tests.faults.enrolments import item_of, records, refusal
from tests.faults.sabotage import Play
from tests.support import forged_evidence
from tests.support.browser_tab import ticket
from tests.support.enrolment import other_code
from tests.support.many_logins import NOBODY
from tests.support.scenarios import NOT_ME, Scene, scene_of
from tests.support.world import AGENT, HERE, HOME, ORIGIN, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def attempts(account: Account) -> int:
    """How many tries count for the account."""
    (counted,) = (ids for key, ids in item_of(account).failed_attempts.as_dict().items() if ":" not in key)
    return len(counted)


def starting(world: World) -> Play:
    """Step 6."""
    anna = world.account()
    phone = world.phone(anna)

    def holds(started: Any) -> None:
        assert 1 <= len(world.listed(phone)) <= 2
        assert item_of(anna).failed_attempts.as_dict() == {}
        assert world.approve(phone, started) == "approved"
        assert world.complete(started)["id_token"]

    return Play(partial(world.start, anna), holds)


def starting_alone(world: World) -> Play:
    """Step 6 without two-factor."""
    jonas = world.account(two_factor=False)
    return Play(partial(world.start, jonas), lambda started: world.complete(started)["id_token"] or None)


def mistyping(world: World) -> Play:
    """Step 6 with a wrong password."""
    anna = world.account()
    world.phone(anna)

    def holds(answer: Any) -> None:
        assert answer == "invalid_credentials"
        assert attempts(anna) in {1, 2}
        assert world.start(anna)

    return Play(partial(world.start, anna, password="falsch"), holds)


def starting_as_nobody(world: World) -> Play:
    """Step 6 of somebody unknown."""
    ask, request_origin = Credentials(NOBODY, "falsch"), RequestOrigin(HOME, AGENT, ORIGIN)

    def holds(answer: Any) -> None:
        assert answer == "invalid_credentials"

    return Play(partial(start_login, ask, request_origin=request_origin, now=world.now), holds)


def starting_a_decoy(world: World) -> Play:
    """Step 6 with a wrong password and UniformLogin."""
    world.set(UNIFORM_LOGIN="on")
    anna = world.account()
    phone = world.phone(anna)

    def holds(started: Any) -> None:
        assert started.login.browser_status(world.now) == "pending"
        assert world.listed(phone) == []
        assert attempts(anna) in {1, 2}
        assert refusal(world.complete, started) == "login_pending"

    return Play(partial(world.start, anna, password="falsch"), holds)


def vouching(world: World) -> Play:
    """The end of step 8 with UniformLogin: the tries are forgotten too, once."""
    world.set(UNIFORM_LOGIN="on")
    scene = scene_of(world)
    world.approve(scene.phone, scene.started)

    def holds(answer: Any) -> None:
        assert world.complete(scene.started)["id_token"].rpartition(".")[0] == answer["id_token"].rpartition(".")[0]
        assert item_of(scene.anna).failed_attempts.as_dict() == {}
        assert set(item_of(scene.anna).failures_by_hour.as_dict().values()) == {0}

    return Play(partial(world.complete, scene.started), holds)


def told(world: World) -> Scene:
    """A scene whose page listens."""
    scene = scene_of(world)
    offered = f"smartident.v1, {ticket(scene.started.login.id, scene.started.token)}"
    connect(origin=ORIGIN, protocols=offered, connection_id=scene.started.login.id, now=world.now)
    return scene


def deciding(world: World, scene: Scene, ask: Any) -> Any:
    """Step 8, the same request every time."""
    login_id = scene.started.login.id
    request = scene.phone.request("POST", f"/v1/approvals/{login_id}", b"{}", now=world.now)
    return partial(decide_login, login_id, ask, request=request, here=HERE, push=world.push, now=world.now)


def approving(world: World) -> Play:
    """Step 8."""
    scene = told(world)
    evidence = forged_evidence.evidence(scene.phone, scene.say())

    def holds(answer: Any) -> None:
        assert answer == "approved"
        assert world.complete(scene.started)["id_token"]

    return Play(deciding(world, scene, Approve(evidence)), holds)


def mistyping_the_transfer_code(world: World) -> Play:
    """Step 8 with a wrong transfer code: the first denies."""
    scene = told(world)
    evidence = forged_evidence.evidence(scene.phone, scene.say(transfer_code=other_code(scene.code)))

    def holds(answer: Any) -> None:
        assert answer == "transfer_code_wrong"
        assert refusal(world.complete, scene.started) == "login_denied"

    return Play(deciding(world, scene, Approve(evidence)), holds)


def denying(world: World) -> Play:
    """Step 8 of somebody who did not ask."""
    scene = told(world)

    def holds(answer: Any) -> None:
        assert answer == "denied"
        assert refusal(world.complete, scene.started) == "login_denied"
        assert refusal(world.start, scene.anna) == "source_blocked"

    return Play(deciding(world, scene, NOT_ME), holds)


def completing(world: World) -> Play:
    """The end of step 8."""
    scene = scene_of(world)
    world.approve(scene.phone, scene.started)

    def holds(answer: Any) -> None:
        again = world.complete(scene.started)
        assert again["id_token"].rpartition(".")[0] == answer["id_token"].rpartition(".")[0]
        world.later(30)
        assert refusal(world.complete, scene.started) == "login_expired"

    return Play(partial(world.complete, scene.started), holds)


def cancelling(world: World) -> Play:
    """The browser gives up."""
    scene = scene_of(world)

    def holds(_: Any) -> None:
        assert refusal(world.complete, scene.started) == "login_denied"
        assert world.listed(scene.phone) == []

    return Play(partial(give_up_login, scene.started.login.id, scene.started.token, now=world.now), holds)


def revoking(world: World) -> Play:
    """A phone revokes another, which has approved a login."""
    scene = scene_of(world)
    second = world.paired_phone(scene.phone, scene.anna)
    world.approve(second, scene.started)

    def holds(_: Any) -> None:
        lost = read_device(scene.anna.id, second.key.thumbprint)
        assert lost
        assert (lost.active, item_of(scene.anna).active_devices, records(scene.anna, "device_revoked")) == (False, 1, 1)
        assert refusal(world.complete, scene.started) == "login_denied"

    return Play(partial(world.revoke, scene.phone, second.key.thumbprint), holds)


def revoking_itself(world: World) -> Play:
    """A phone revokes itself."""
    scene = scene_of(world)

    def holds(answer: Any) -> None:
        assert answer in {None, "device_revoked"}
        assert (item_of(scene.anna).active_devices, records(scene.anna, "device_revoked")) == (0, 1)

    return Play(partial(world.revoke, scene.phone, scene.phone.key.thumbprint), holds)


def freezing(world: World) -> Play:
    """The operator freezes an account that has a login approved."""
    scene = scene_of(world)
    world.approve(scene.phone, scene.started)

    def holds(_: Any) -> None:
        assert (item_of(scene.anna).frozen, records(scene.anna, "account_frozen")) == (True, 1)
        assert refusal(world.complete, scene.started) == "login_denied"
        assert refusal(world.start, scene.anna) == "invalid_credentials"

    return Play(partial(freeze_account, scene.anna.id, operator="petra", now=world.now), holds)


def opening(world: World) -> Play:
    """The operator opens a frozen account."""
    scene = scene_of(world)
    freeze_account(scene.anna.id, operator="petra", now=world.now)

    def holds(_: Any) -> None:
        assert (item_of(scene.anna).frozen, records(scene.anna, "account_opened")) == (False, 1)
        assert world.start(scene.anna).login.state == "pending"

    return Play(partial(open_account, scene.anna.id, operator="petra", now=world.now), holds)


def renaming(world: World) -> Play:
    """A phone gets another name."""
    scene = scene_of(world)
    device_id = scene.phone.key.thumbprint
    request = scene.phone.request("PATCH", f"/v1/devices/{device_id}", b"{}", now=world.now)

    def holds(answer: Any) -> None:
        assert answer["name"] == "Neu"
        assert 1 <= records(scene.anna, "device_renamed") <= 2

    return Play(partial(rename, device_id, NewName("Neu"), request=request, now=world.now), holds)


def connecting(world: World) -> Play:
    """The page opens its WebSocket; a ticket that went astray is followed by the next."""
    scene = scene_of(world)
    login_id, token = scene.started.login.id, scene.started.token

    def act(link: int = 1) -> str:
        protocols = f"smartident.v1, {ticket(login_id, token, link)}"
        return connect(origin=ORIGIN, protocols=protocols, connection_id="a", now=world.now)

    def holds(answer: Any) -> None:
        assert answer == "smartident.v1" or act(2) == "smartident.v1"

    return Play(act, holds)
