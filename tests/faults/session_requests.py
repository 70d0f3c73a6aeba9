"""What browsers and phones ask of a session at the provider, if an answer of AWS gets lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.exchange import Case, Exchange
from tests.faults.oauth_requests import Stage, told
from tests.faults.person import Heard
from tests.support.oidc_flow import log_out
from tests.support.paper_post import logouts

if TYPE_CHECKING:
    from tests.support.world import World


def _signed_in(world: World) -> tuple[Stage, str]:
    stage = Stage(world)
    hint: str = stage.tokens()["id_token"]
    stage.flow.stay()
    return stage, hint


def _is_out(stage: Stage) -> bool:
    return stage.flow.silently(prompt="none").get("error") == "login_required"


def asking_once_more(world: World, *, by_form: bool = False) -> Exchange:
    """Who is signed in is sent back at once."""
    stage, _ = _signed_in(world)
    locations: list[str] = []

    def ask() -> Heard:
        status, headers = stage.flow.authorize(by_form=by_form)
        locations.append(headers.get("Location", ""))
        return Heard(str(status))

    def holds(_: Exchange) -> None:
        assert stage.flow.token(stage.flow.heard(locations[-1])["code"])[0] == 200

    return stage.exchange(ask, {"303"}, holds)


def asking_once_more_by_form(world: World) -> Exchange:
    """The same by POST."""
    return asking_once_more(world, by_form=True)


def ending_a_session(world: World) -> Exchange:
    """The client ends it by an id_token."""
    stage, hint = _signed_in(world)
    before = len(logouts())

    def holds(_: Exchange) -> None:
        assert _is_out(stage)
        assert len(logouts()) == before + 1

    return stage.exchange(lambda: Heard(str(log_out(stage.flow, id_token_hint=hint).status)), {"200"}, holds)


def ending_a_session_by_the_button(world: World) -> Exchange:
    """The person ends it."""
    stage, _ = _signed_in(world)
    fields = log_out(stage.flow).fields
    before = len(logouts())

    def ask() -> Heard:
        return Heard(str(log_out(stage.flow, method="POST", **fields).status))

    def holds(_: Exchange) -> None:
        assert _is_out(stage)
        assert len(logouts()) == before + 1

    return stage.exchange(ask, {"200"}, holds)


def signing_out_everywhere(world: World) -> Exchange:
    """The phone ends all of them."""
    stage, _ = _signed_in(world)

    def ask() -> Heard:
        answer: tuple[int, dict[str, str], Any] = world.send(stage.phone, "DELETE", "/v1/sessions")
        return told(answer)

    def holds(_: Exchange) -> None:
        assert _is_out(stage)

    return stage.exchange(ask, {"204"}, holds)


LOGOUT = "/oauth2/logout"
SESSION_CASES = [
    Case("GET /oauth2/authorize", asking_once_more),
    Case("POST /oauth2/authorize", asking_once_more_by_form),
    Case(f"GET {LOGOUT}", ending_a_session),
    Case(f"POST {LOGOUT}", ending_a_session_by_the_button),
    Case("DELETE /v1/sessions", signing_out_everywhere),
]
