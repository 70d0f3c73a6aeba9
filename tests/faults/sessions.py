"""A browser that stays signed in, until somebody ends it and the clients hear of it: cut anywhere and sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorize.step import begin_authorization
from back_channel_logout.step import tell_clients
from devices.step import end_sessions
from end_session.step import Ended, end_session
from interaction.step import Finish, finish_interaction
from smartident.clients.client_cache import forget_clients
from smartident.oidc.interaction import Cookies
from smartident.sessions.logout_outbox import CLAIM_SECONDS
from smartident.sessions.session import sessions_of
from tests.faults.oauth import Scene
from tests.faults.sabotage import Play
from tests.support.oidc_flow import SHOP_BYE
from tests.support.paper_post import PaperPost, logouts
from tests.support.world import URL

if TYPE_CHECKING:
    from tests.support.world import World


def _signed_in(world: World) -> tuple[Scene, str]:
    """Anna, whose browser stays signed in, and the id_token that the shop got."""
    scene = Scene(world)
    hint: str = scene.redeems(scene.code())()["id_token"]
    scene.flow.stay()
    return scene, hint


def _cookie(scene: Scene) -> str:
    return scene.flow.session.partition("=")[2]


def asking_once_more(world: World) -> Play:
    """The next request of a client is answered at once."""
    scene, _ = _signed_in(world)

    def ask() -> Any:
        forget_clients()
        return begin_authorization(scene.flow.parameters(), Cookies("", _cookie(scene)), issuer=URL, now=world.now)

    def holds(answer: Any) -> None:
        assert scene.redeems(scene.flow.heard(answer.location)["code"])()["access_token"]
        assert "code" in scene.flow.silently(prompt="none")

    return Play(ask, holds)


def logging_in_again(world: World) -> Play:
    """The same person in the same browser goes on in the same session, however often the page asks."""
    scene, _ = _signed_in(world)
    scene.flow.changes = {"prompt": "login"}
    interaction, login = scene.flow.interaction(), scene.flow.log_in(scene.anna, scene.phone)
    cookies = Cookies(scene.flow.cookie.partition("=")[2], _cookie(scene))

    def ask() -> Any:
        forget_clients()
        finish, token = Finish(interaction, login["login_id"]), login["login_token"]
        return finish_interaction(finish, token, cookies, origin=URL, issuer=URL, now=world.now)

    def holds(answer: Any) -> None:
        assert ask() == answer
        assert len(list(sessions_of(scene.anna.id))) == 1
        scene.flow.session = f"{scene.flow.session.partition('=')[0]}={answer.session}"
        assert "code" in scene.flow.silently(prompt="none")

    return Play(ask, holds)


def ending_a_session(world: World) -> Play:
    """It ends, and the news of it is there, once."""
    scene, hint = _signed_in(world)
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": SHOP_BYE}

    def ask() -> Any:
        forget_clients()
        return end_session(asked, _cookie(scene), issuer=URL, now=world.now)

    def holds(answer: Any) -> None:
        assert answer == Ended(SHOP_BYE)
        assert scene.flow.silently(prompt="none")["error"] == "login_required"
        assert len(logouts()) == 1

    return Play(ask, holds)


def signing_out_everywhere(world: World) -> Play:
    """The phone ends all sessions; clients hear of each once, however often it was asked."""
    scene, _ = _signed_in(world)

    def ask() -> Any:
        end_sessions(request=scene.phone.request("DELETE", "/v1/sessions", now=world.now), now=world.now)

    def holds(answer: Any) -> None:
        assert answer is None
        assert scene.flow.silently(prompt="none")["error"] == "login_required"
        told = PaperPost()
        for key in logouts():
            tell_clients(*key, post=told, now=world.now)
        assert len(told.heard) == 1

    return Play(ask, holds)


def telling_clients(world: World) -> Play:
    """Each message beyond the first was sent in doubt about one before, and bears the same name."""
    scene, hint = _signed_in(world)
    end_session({"id_token_hint": hint}, _cookie(scene), issuer=URL, now=world.now)
    ((account_id, sort_key),) = logouts()
    sent, doubts = PaperPost(), list[Any]()

    def act() -> None:
        forget_clients()
        try:
            tell_clients(account_id, sort_key, post=sent, now=world.now)
        except BaseException:
            doubts[:] = sent.heard
            raise

    def holds(answer: Any) -> None:
        if answer == "service_unavailable":
            # Whoever died at it keeps the claim for so long.
            world.later(CLAIM_SECONDS)
            act()
        assert 1 <= len(sent.heard) <= len(doubts) + 1
        assert len({claims["jti"] for _, _, claims in sent.heard}) == 1

    return Play(act, holds)


SESSION_PLAYS = [asking_once_more, logging_in_again, ending_a_session, signing_out_everywhere, telling_clients]
