"""What a client and its people's browsers ask of OpenID Connect, if an answer of AWS gets lost on the way."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from smartident.clients.client_cache import find_client, forget_clients
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Heard, Person, expect, newcomer
from tests.support.oidc_flow import ASSERTED, BANK, BANK_KEY, BANK_URI, SHOP, Flow, add_clients, assertion, dpop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Phone, World

# Of a page, and of an answer without a body, the status alone is told.
RETRY = {"503 temporarily_unavailable", "503 service_unavailable", "503"}
# Who hears nothing of the tokens of a code begins again: a code counts once, whatever became of the answer.
PAR = "/oauth2/par"
USED, PROOF_USED = "400 invalid_grant", "401 invalid_client"


def told(answer: tuple[int, dict[str, str], Any]) -> Heard:
    """What a client hears, in OAuth's words."""
    status, _, body = answer
    error = (body or {}).get("error") or (body or {}).get("code") or "" if isinstance(body, (dict, type(None))) else ""
    return Heard(f"{status} {error}".strip(), body)


class Stage:
    """A person with a phone, and a client of one kind whose tokens she gives."""

    def __init__(self, world: World, *, keyed: bool = False, **changes: str | None) -> None:
        self.anna: Person = newcomer(world)
        self.phone: Phone = self.anna.phone()
        if find_client(SHOP, now=world.now) is None:
            add_clients(world)
        self.world, self.keyed = world, keyed
        self.flow = Flow(world, BANK, BANK_URI, changes=changes) if keyed else Flow(world, changes=changes)

    def proof(self, path: str = "/oauth2/token") -> dict[str, Any]:
        """How the client proves itself and its key, made for one request."""
        if not self.keyed:
            return {}
        return {"headers": dpop(self.world, BANK_KEY, path=path), **ASSERTED, "client_assertion": assertion(self.world)}

    def who(self, token: str) -> Heard:
        """Whom an access token names."""
        shown = dpop(self.world, BANK_KEY, "GET", "/oauth2/userinfo", token=token) if self.keyed else None
        return told(self.flow.userinfo(token, shown))

    def code(self) -> str:
        """A code that waits for its client."""
        return self.flow.answered(self.anna.account, self.phone)["code"]

    def tokens(self) -> dict[str, Any]:
        """What the client gets, from its link on."""
        self.flow.reference, self.flow.verifier = "", secrets.token_urlsafe(32)
        given: dict[str, Any] = expect(told(self.flow.token(self.code(), **self.proof())), "200")
        expect(self.who(given["access_token"]), "200")
        return given

    def exchange(
        self,
        send: Callable[[], Heard],
        right: set[str],
        holds: Callable[[Exchange], None],
        *,
        anew: Callable[[], Heard] | None = None,
        **more: Any,
    ) -> Exchange:
        """The exchange, in containers that know no client yet."""
        forget_clients()
        return Exchange(self.anna, send, anew or send, right, holds, retry=RETRY, **more)


def following_the_link(world: World) -> Exchange:
    """The browser comes with the client's link."""
    stage = Stage(world)

    def holds(_: Exchange) -> None:
        stage.tokens()

    return stage.exchange(lambda: Heard(str(stage.flow.authorize()[0])), {"303"}, holds)


def sending_the_form(world: World) -> Exchange:
    """The same by POST, with a reference to what the client has left."""
    stage = Stage(world)
    stage.flow.push_and_refer()

    def holds(_: Exchange) -> None:
        assert stage.code()
        stage.tokens()

    return stage.exchange(lambda: Heard(str(stage.flow.authorize(by_form=True)[0])), {"303"}, holds)


def leaving_a_request(world: World) -> Exchange:
    """The client's server pushes its request; one that it never heard of is nobody's."""
    stage = Stage(world, keyed=True)

    def push(proof: dict[str, Any]) -> Heard:
        return told(stage.flow.push(**proof))

    def holds(exchange: Exchange) -> None:
        if exchange.last.outcome == PROOF_USED:
            assert exchange.struck in {"PutItem", ""} or len(exchange.heard) > 1
        stage.flow.reference = expect(push(stage.proof(PAR)), "201")["request_uri"]
        assert stage.code()

    once = stage.proof(PAR)
    return stage.exchange(lambda: push(once), {"201"}, holds, anew=lambda: push(stage.proof(PAR)), again={PROOF_USED})


def showing_the_client(world: World) -> Exchange:
    """The login page asks who asks."""
    stage = Stage(world)
    path = f"/oauth2/interaction?interaction={stage.flow.interaction()}"

    def ask() -> Heard:
        return told(world.http("GET", path, headers={"cookie": stage.flow.cookie}))

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["name"] == "Lädchen"

    return stage.exchange(ask, {"200"}, holds)


def getting_a_code(world: World, *, pushed: bool = False) -> Exchange:
    """The login page turns an approved login into the client's code: the same one each time."""
    stage = Stage(world)
    if pushed:
        stage.flow.push_and_refer()
    interaction = stage.flow.interaction()
    login = stage.flow.log_in(stage.anna.account, stage.phone)

    def ask() -> Heard:
        status, body = stage.flow.finish(interaction, login)
        return Heard(f"{status} {body.get('code', '')}".strip(), body)

    def holds(exchange: Exchange) -> None:
        (location,) = {one.body["redirect_to"] for one in exchange.heard if one.outcome == "200"}
        expect(told(stage.flow.token(stage.flow.heard(location)["code"])), "200")
        stage.tokens()

    return stage.exchange(ask, {"200"}, holds)


def getting_a_code_for_a_pushed_request(world: World) -> Exchange:
    """The same, and the client's reference is used up with it."""
    return getting_a_code(world, pushed=True)


def redeeming(world: World, *, keyed: bool = False) -> Exchange:
    """The client's server redeems its code. A code counts once: who never heard of its tokens begins again."""
    stage = Stage(world, keyed=keyed)
    code, once = stage.code(), stage.proof()

    def ask(proof: dict[str, Any]) -> Heard:
        return told(stage.flow.token(code, **proof))

    def holds(exchange: Exchange) -> None:
        given = [one.body["access_token"] for one in exchange.heard if one.outcome == "200"]
        assert len(given) <= 1
        if exchange.last.outcome == USED:
            assert (exchange.struck, given) == ("UpdateItem", [])
        elif exchange.last.outcome == PROOF_USED:
            assert exchange.struck == "PutItem" or len(exchange.heard) > 1
            given or expect(ask(stage.proof()), "200", USED)
        else:
            expect(stage.who(given[0]), "200")
        stage.tokens()
        # The code comes again: nothing of it holds any more.
        expect(ask(stage.proof()), USED)
        for token in given:
            expect(stage.who(token), "401 invalid_token")

    return stage.exchange(
        lambda: ask(once),
        {"200"},
        holds,
        anew=lambda: ask(stage.proof()),
        again={USED, PROOF_USED} if keyed else {USED},
        repeats_success=False,
    )


def redeeming_with_a_key(world: World) -> Exchange:
    """The same by a client whose proof counts once too: it makes another."""
    return redeeming(world, keyed=True)


def refreshing(world: World) -> Exchange:
    """A refresh is heard of: the token before counts for thirty seconds more, and one pair of tokens holds."""
    stage = Stage(world, scope="openid offline_access")
    before = stage.tokens()["refresh_token"]

    def holds(exchange: Exchange) -> None:
        given = [one.body for one in exchange.heard if one.outcome == "200"]
        assert len({one["refresh_token"] for one in given}) == 1
        assert [told(stage.flow.userinfo(one["access_token"])).outcome for one in given][-1] == "200"
        assert sum(told(stage.flow.userinfo(one["access_token"])).outcome == "200" for one in given) == 1
        expect(told(stage.flow.refresh(given[-1]["refresh_token"])), "200")
        world.later(30)
        expect(told(stage.flow.refresh(before)), USED)

    return stage.exchange(lambda: told(stage.flow.refresh(before)), {"200"}, holds)


def revoking(world: World) -> Exchange:
    """The client signs somebody out."""
    stage = Stage(world, scope="openid offline_access")
    given = stage.tokens()

    def holds(_: Exchange) -> None:
        expect(told(stage.flow.userinfo(given["access_token"])), "401 invalid_token")
        expect(told(stage.flow.refresh(given["refresh_token"])), USED)
        stage.tokens()

    return stage.exchange(lambda: Heard(str(stage.flow.revoke(given["refresh_token"]))), {"200"}, holds)


def asking_who_it_is(world: World, method: str = "GET") -> Exchange:
    """The client asks who the person is."""
    stage = Stage(world)
    headers = {"authorization": f"Bearer {stage.tokens()['access_token']}"}

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["sub"] == stage.anna.account.id

    return stage.exchange(lambda: told(world.http(method, "/oauth2/userinfo", headers=headers)), {"200"}, holds)


def asking_who_it_is_by_post(world: World) -> Exchange:
    """The same by POST."""
    return asking_who_it_is(world, "POST")


def asking_with_a_proof(world: World) -> Exchange:
    """The same with a token of a key: its proof counts once, so the client makes another."""
    stage = Stage(world, keyed=True)
    token = stage.tokens()["access_token"]
    once = dpop(world, BANK_KEY, "GET", "/oauth2/userinfo", token=token)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.outcome == "200" or exchange.struck == "PutItem" or len(exchange.heard) > 1
        assert expect(stage.who(token), "200")["sub"] == stage.anna.account.id

    return stage.exchange(
        lambda: told(stage.flow.userinfo(token, once)),
        {"200"},
        holds,
        anew=lambda: stage.who(token),
        again={"401 invalid_dpop_proof"},
    )


def reading_the_metadata(world: World, path: str = "/.well-known/openid-configuration") -> Exchange:
    """Anybody reads what the provider can."""
    stage = Stage(world)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["issuer"]

    return stage.exchange(lambda: told(world.http("GET", path)), {"200"}, holds)


def reading_the_metadata_of_oauth(world: World) -> Exchange:
    """The same under the other name."""
    return reading_the_metadata(world, "/.well-known/oauth-authorization-server")


TOKEN, INTERACTION, USERINFO = "POST /oauth2/token", "/oauth2/interaction", "/oauth2/userinfo"
OAUTH_CASES = [
    Case("GET /oauth2/authorize", following_the_link),
    Case("POST /oauth2/authorize", sending_the_form),
    Case("POST /oauth2/par", leaving_a_request),
    Case(f"GET {INTERACTION}", showing_the_client),
    Case(f"POST {INTERACTION}", getting_a_code),
    Case(f"POST {INTERACTION}", getting_a_code_for_a_pushed_request),
    Case(TOKEN, redeeming),
    Case(TOKEN, redeeming_with_a_key),
    Case(TOKEN, refreshing),
    Case("POST /oauth2/revoke", revoking),
    Case(f"GET {USERINFO}", asking_who_it_is),
    Case(f"GET {USERINFO}", asking_with_a_proof),
    Case(f"POST {USERINFO}", asking_who_it_is_by_post),
    Case("GET /.well-known/openid-configuration", reading_the_metadata),
    Case("GET /.well-known/oauth-authorization-server", reading_the_metadata_of_oauth),
]
