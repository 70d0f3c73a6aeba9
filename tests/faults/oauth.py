"""OpenID Connect from a client's request to the end of its tokens, cut anywhere and sent again."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from authorize.step import begin_authorization
from interaction.step import Finish, finish_interaction
from smartident.clients.client_cache import forget_clients
from smartident.crypto.dpop import Request
from smartident.oauth.authorization import REVOKED, named_by, read_authorization
from smartident.oidc.interaction import Cookies
from tests.faults.sabotage import Play
from tests.support.oidc_flow import ASSERTED, BANK, BANK_KEY, BANK_URI, Flow, add_clients, assertion, basic, dpop
from tests.support.world import URL, World
from token_endpoint.step import give_tokens, push, revoke, tell_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone

USED, UNKNOWN = "invalid_grant", "invalid_token"


class Scene:
    """A client, and a person with a phone who logs in to it."""

    def __init__(self, world: World, *, keyed: bool = False, **changes: str | None) -> None:
        world.stop_the_clock()
        self.world, self.keyed = world, keyed
        self.anna: Account = world.account()
        self.phone: Phone = world.phone(self.anna)
        add_clients(world)
        self.flow = Flow(world, BANK, BANK_URI, changes=changes) if keyed else Flow(world, changes=changes)

    def code(self) -> str:
        """A code that waits for its client."""
        return self.flow.answered(self.anna, self.phone)["code"]

    def asks(self, step: Callable[..., Any], parameters: dict[str, str]) -> Callable[[], Any]:
        """What the client's server sends: a proof of its own each time, in a container that knows no client."""

        def ask() -> Any:
            forget_clients()
            if not self.keyed:
                return step(basic()["authorization"], parameters, proof=None, issuer=URL, now=self.world.now)
            asked = {**parameters, **ASSERTED, "client_assertion": assertion(self.world)}
            path = "/oauth2/par" if step is push else "/oauth2/token"
            return step("", asked, proof=self.proof("POST", path), issuer=URL, now=self.world.now)

        return ask

    def redeems(self, code: str) -> Callable[[], Any]:
        """The client's server with its code."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.flow.redirect_uri}
        return self.asks(give_tokens, {**asked, "code_verifier": self.flow.verifier})

    def proof(self, method: str, path: str, token: str | None = None) -> Request:
        """The client's proof of its key for one request."""
        return Request(method, URL + path, b"", dpop(self.world, BANK_KEY, method, path, token=token)["dpop"])

    def asks_who(self, token: str) -> Any:
        """The client asks whom an access token names."""
        forget_clients()
        proof = self.proof("GET", "/oauth2/userinfo", token) if self.keyed else None
        scheme = "DPoP" if self.keyed else "Bearer"
        return tell_user(f"{scheme} {token}", proof=proof, now=self.world.now)

    def who(self, token: str) -> Any:
        """Whom an access token names, or the refusal."""
        return Play(partial(self.asks_who, token), lambda _: None).answer()

    def begins_again(self) -> dict[str, Any]:
        """A new authorization gives tokens, whatever became of the one before."""
        self.flow.reference, self.flow.verifier = "", secrets.token_urlsafe(32)
        given: dict[str, Any] = self.redeems(self.code())()
        assert self.who(given["access_token"])["sub"] == self.anna.id
        return given


def leaving_a_request(world: World) -> Play:
    """The client pushes its request; the browser comes with its reference."""
    scene = Scene(world, keyed=True)

    def holds(answer: Any) -> None:
        scene.flow.reference = answer["request_uri"]
        assert scene.redeems(scene.code())()["id_token"]

    return Play(scene.asks(push, scene.flow.parameters()), holds)


def following_the_link(world: World) -> Play:
    """The browser comes with it, and may come again."""
    scene = Scene(world)
    scene.flow.push_and_refer()
    referred = {"client_id": scene.flow.client_id, "request_uri": scene.flow.reference}

    def ask() -> Any:
        forget_clients()
        return begin_authorization(referred, Cookies("", ""), issuer=URL, now=world.now)

    def holds(answer: Any) -> None:
        assert answer.location.startswith(f"{URL}/financeapp/#interaction=")
        assert scene.code()

    return Play(ask, holds)


def getting_a_code(world: World) -> Play:
    """An approved login gives one code, however often the page asks."""
    scene = Scene(world)
    scene.flow.push_and_refer()
    interaction = scene.flow.interaction()
    login = scene.flow.log_in(scene.anna, scene.phone)
    secret = scene.flow.cookie.partition("=")[2]

    def ask() -> Any:
        forget_clients()
        finish, token = Finish(interaction, login["login_id"]), login["login_token"]
        return finish_interaction(finish, token, Cookies(secret, ""), origin=URL, issuer=URL, now=world.now)

    def holds(answer: Any) -> None:
        assert ask() == answer
        assert scene.redeems(scene.flow.heard(answer.told["redirect_to"])["code"])()["access_token"]

    return Play(ask, holds)


def redeeming(world: World, *, keyed: bool = False) -> Play:
    """A code counts once: a client whose tokens got lost begins again, and what was lost holds nothing."""
    scene = Scene(world, keyed=keyed)
    code = scene.code()

    def holds(answer: Any) -> None:
        if answer == USED:
            found = read_authorization(named_by(code) or ("", ""))  # type: ignore[arg-type]  # a code names one
            assert found is not None
            assert found.state == REVOKED
        else:
            assert scene.who(answer["access_token"])["sub"] == scene.anna.id
        again = scene.redeems(code)
        assert Play(again, lambda _: None).answer() == USED
        assert answer == USED or scene.who(answer["access_token"]) == UNKNOWN
        scene.begins_again()

    return Play(scene.redeems(code), holds)


def redeeming_with_a_key(world: World) -> Play:
    """The same by a client that proves itself by its key."""
    return redeeming(world, keyed=True)


def refreshing(world: World) -> Play:
    """The token before counts for thirty seconds more, so that a lost answer is asked for again."""
    scene = Scene(world, scope="openid offline_access")
    before = scene.begins_again()
    asked = {"grant_type": "refresh_token", "refresh_token": before["refresh_token"]}
    ask = scene.asks(give_tokens, asked)

    def holds(answer: Any) -> None:
        assert scene.who(before["access_token"]) == UNKNOWN
        assert scene.who(answer["access_token"])["sub"] == scene.anna.id
        world.later(30)
        assert Play(ask, lambda _: None).answer() == USED
        assert scene.who(answer["access_token"]) == UNKNOWN

    return Play(ask, holds)


def revoking(world: World) -> Play:
    """The client ends what a token belongs to."""
    scene = Scene(world, scope="openid offline_access")
    given = scene.begins_again()

    def holds(answer: Any) -> None:
        assert answer is None
        assert scene.who(given["access_token"]) == UNKNOWN
        scene.begins_again()

    return Play(scene.asks(revoke, {"token": given["refresh_token"]}), holds)


def a_code_comes_twice(world: World) -> Play:
    """Of two who had the code one is a thief: what it gave ends, even if the function dies over it."""
    scene = Scene(world)
    code = scene.code()
    given = scene.redeems(code)()

    def holds(answer: Any) -> None:
        assert answer == USED
        assert scene.who(given["access_token"]) == UNKNOWN

    return Play(scene.redeems(code), holds)


def asking_with_a_proof(world: World) -> Play:
    """A token of a key is good with a proof of its own each time."""
    scene = Scene(world, keyed=True)
    token = scene.begins_again()["access_token"]

    def holds(answer: Any) -> None:
        assert answer["sub"] == scene.anna.id

    return Play(partial(scene.asks_who, token), holds)


OAUTH_PLAYS = [
    leaving_a_request, following_the_link, getting_a_code, redeeming, redeeming_with_a_key, refreshing, revoking,
    a_code_comes_twice, asking_with_a_proof,
]  # fmt: skip
