"""A back end that asks the phone by itself, cut anywhere and sent again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ciba.step import begin_authentication
from enrolment_codes.step import issue_code
from smartident.admin.change import change_external_id
from smartident.ciba.auth_req_id import auth_req_id_of
from smartident.clients.client_cache import forget_clients
from tests.faults.ciba_requests import PATIENT
from tests.faults.sabotage import Play
from tests.support.ciba_flow import BACKEND, BACKEND_SECRET, CUSTOMER, GRANT, add_back_ends
from tests.support.oidc_flow import add_clients, basic
from tests.support.world import URL, World
from token_endpoint.step import give_tokens, tell_user

if TYPE_CHECKING:
    from collections.abc import Callable

USED, UNKNOWN = "invalid_grant", "invalid_token"
SHOWN = basic(BACKEND, BACKEND_SECRET)["authorization"]


class Scene:
    """A back end, and a person with a phone whom it knows."""

    def __init__(self, world: World) -> None:
        world.stop_the_clock()
        self.world, self.anna = world, world.account()
        self.phone = world.phone(self.anna)
        add_clients(world)
        add_back_ends(world, self.anna, pending=5, issues_enrolment_codes=True)

    def sends(self, step: Callable[..., Any], **parameters: str) -> Any:
        """What the back end sends, in a container that knows no client."""
        forget_clients()
        return step(SHOWN, parameters, issuer=URL, now=self.world.now)

    def ask(self, hint: str = CUSTOMER) -> Any:
        """The back end asks the phone."""
        return self.sends(begin_authentication, scope="openid", login_hint=hint)

    def poll(self, auth_req_id: str) -> Any:
        """The back end asks what became of it, not in a hurry."""
        self.world.later(PATIENT)
        return self.sends(partial(give_tokens, proof=None), grant_type=GRANT, auth_req_id=auth_req_id)

    def approve(self, begun: dict[str, Any]) -> None:
        """The person approves one of the requests that wait."""
        listed = self.world.listed(self.phone)
        (shown,) = [one for one in listed if auth_req_id_of(one["login_id"]) == begun["auth_req_id"]]
        typed = begun["transfer_code"].replace(" ", "")
        evidence = self.phone.evidence(shown["statement"], typed, now=self.world.now)
        answer = {"decision": "approve", "evidence": evidence}
        assert self.world.send(self.phone, "POST", f"/v1/approvals/{shown['login_id']}", answer)[0] == 200

    def who(self, token: str) -> Any:
        """Whom an access token names, or the refusal."""
        ask = partial(tell_user, f"Bearer {token}", proof=None, now=self.world.now)
        return Play(ask, lambda _: None).answer()


def asking_the_phone(world: World) -> Play:
    """The request that the back end knows of can be approved, and gives tokens."""
    scene = Scene(world)

    def holds(answer: Any) -> None:
        scene.approve(answer)
        assert scene.who(scene.poll(answer["auth_req_id"])["access_token"])["sub"] == scene.anna.id

    return Play(scene.ask, holds)


def asking_for_nobody(world: World) -> Play:
    """Somebody whom nobody knows waits like anybody."""
    scene = Scene(world)

    def holds(answer: Any) -> None:
        assert Play(partial(scene.poll, answer["auth_req_id"]), lambda _: None).answer() == "authorization_pending"
        assert world.listed(scene.phone) == []

    return Play(partial(scene.ask, "K-999"), holds)


def collecting(world: World) -> Play:
    """An approval gives tokens once; what a client never heard of ends when it asks again."""
    scene = Scene(world)
    begun = scene.ask()
    scene.approve(begun)
    ask = partial(scene.poll, begun["auth_req_id"])

    def holds(answer: Any) -> None:
        assert answer == USED or scene.who(answer["access_token"])["sub"] == scene.anna.id
        assert Play(ask, lambda _: None).answer() == USED
        assert answer == USED or scene.who(answer["access_token"]) == UNKNOWN
        again = scene.ask()
        scene.approve(again)
        assert scene.poll(again["auth_req_id"])["id_token"]

    return Play(ask, holds)


def issuing_a_code(world: World) -> Play:
    """The code that the client heard last lets the first phone in."""
    scene = Scene(world)
    berta = world.account()
    change_external_id(berta.id, BACKEND, "K-77", now=world.now)

    def holds(answer: Any) -> None:
        phone = world.new_phone()
        world.verify(world.enrol(berta, phone, answer["enrolment_code"]), phone)

    return Play(partial(scene.sends, issue_code, login_hint="K-77"), holds)


CIBA_PLAYS = [asking_the_phone, asking_for_nobody, collecting, issuing_a_code]
