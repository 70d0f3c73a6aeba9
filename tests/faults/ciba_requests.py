"""What a client's back end asks by itself (CIBA), if an answer of AWS gets lost on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident.admin.change import change_external_id
from smartident.ciba.auth_req_id import auth_req_id_of
from smartident.clients.client_cache import find_client, forget_clients
from tests.faults.exchange import Case, Exchange
from tests.faults.oauth_requests import RETRY, Stage, told
from tests.faults.person import Heard, expect, newcomer
from tests.support.ciba_flow import BACKEND, BackEnd, add_back_ends
from tests.support.oidc_flow import add_clients

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import World

# One poll more, one second after the interval that a hurried client is told.
PATIENT = 8
HURRIED, USED = "400 slow_down", "400 invalid_grant"


def back_end(world: World, account: Account) -> BackEnd:
    """The server of a client that knows the account by a name of its own."""
    if find_client(BACKEND, now=world.now) is None:
        add_back_ends(world, pending=5, issues_enrolment_codes=True)
    change_external_id(account.id, BACKEND, f"K-{account.number}", now=world.now)
    forget_clients()
    return BackEnd(world, changes={"login_hint": f"K-{account.number}"})


class Counter(Stage):
    """A person with a phone, and a back end that asks it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.back_end = back_end(world, self.anna.account)

    def approve(self, begun: dict[str, Any]) -> None:
        """The person approves one of the requests that wait."""
        listed = self.world.listed(self.phone)
        (shown,) = [one for one in listed if auth_req_id_of(one["login_id"]) == begun["auth_req_id"]]
        typed = begun["transfer_code"].replace(" ", "")
        evidence = self.phone.evidence(shown["statement"], typed, now=self.world.now)
        answer = {"decision": "approve", "evidence": evidence}
        assert self.world.send(self.phone, "POST", f"/v1/approvals/{shown['login_id']}", answer)[0] == 200

    def poll(self, begun: dict[str, Any]) -> Heard:
        """Ask what became of it, not in a hurry."""
        self.world.later(PATIENT)
        return told(self.back_end.poll(begun["auth_req_id"]))

    def collected(self) -> None:
        """Another request goes on as ever."""
        begun = expect(told(self.back_end.ask()), "200")
        self.approve(begun)
        assert expect(self.poll(begun), "200")["id_token"]


def asking_the_phone(world: World) -> Exchange:
    """Whatever was lost, the request that the client knows of can be approved and gives tokens."""
    counter = Counter(world)

    def holds(exchange: Exchange) -> None:
        counter.approve(exchange.last.body)
        given = expect(counter.poll(exchange.last.body), "200")
        assert expect(counter.who(given["access_token"]), "200")["sub"] == counter.anna.account.id

    return counter.exchange(lambda: told(counter.back_end.ask()), {"200"}, holds)


def asking_for_nobody(world: World) -> Exchange:
    """Somebody whom nobody knows is answered as ever."""
    counter = Counter(world)
    server = replace(counter.back_end, changes={"login_hint": f"nobody-{counter.anna.account.number}"})

    def holds(exchange: Exchange) -> None:
        assert expect(told(server.poll(exchange.last.body["auth_req_id"])), "400 authorization_pending")

    return counter.exchange(lambda: told(server.ask()), {"200"}, holds)


def collecting(world: World) -> Exchange:
    """One approval gives tokens once: who heard nothing of them asks the phone again."""
    counter = Counter(world)
    begun = expect(told(counter.back_end.ask()), "200")
    counter.approve(begun)

    def holds(exchange: Exchange) -> None:
        # Whoever comes after the tokens ends them.
        for given in (one for one in exchange.heard if one.outcome == "200"):
            expect(counter.who(given.body["access_token"]), "200" if given is exchange.last else "401 invalid_token")
        counter.collected()

    exchange = counter.exchange(lambda: counter.poll(begun), {"200", USED}, holds, again={USED})
    return replace(exchange, retry={*RETRY, HURRIED})


def issuing_a_code(world: World) -> Exchange:
    """The last code that the client heard lets the first phone in."""
    add_clients(world)
    berta = newcomer(world)
    server = back_end(world, berta.account)
    hint = f"K-{berta.account.number}"

    def ask() -> Heard:
        return told(server.code(login_hint=hint))

    def holds(exchange: Exchange) -> None:
        phone = world.new_phone()
        world.verify(world.enrol(berta.account, phone, exchange.last.body["enrolment_code"]), phone)
        assert ask().outcome == "400 unknown_user_id"

    forget_clients()
    return Exchange(berta, ask, ask, {"200"}, holds, retry=RETRY)


CIBA_CASES = [
    Case("POST /oauth2/bc-authorize", asking_the_phone),
    Case("POST /oauth2/bc-authorize", asking_for_nobody),
    Case("POST /oauth2/token", collecting),
    Case("POST /oauth2/enrolment-codes", issuing_a_code),
]
