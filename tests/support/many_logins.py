"""Visitors of a login page: with the right password, a wrong one, or the name of nobody; and all that they hear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from complete.step import finish_login
from login.step import Credentials, start_login, to_response
from login_status.step import follow_login, give_up_login
from smartident.errors import Refusal
from smartident.statements.login import RequestOrigin
from tests.support.browser_tab import Tab
from tests.support.password_guesses import WRONG
from tests.support.world import AGENT, HOME, ORIGIN, PASSWORD, URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.support.world import World

NOBODY = "999 999 999"
VISITORS = ("right", "wrong", "unknown")


def masked(answer: Any) -> str:
    """An answer without what chance and the clock put in, each masked only at its own length."""
    text = repr(answer)
    for pattern, mask in (
        (r"(?<=['.])[\w-]{43}(?=')", "SECRET"),
        (r"\b\d{10}[a-z2-7]{26}\b", "TIME-RANDOM"),
        (r"\b[a-z2-7]{26}\b", "RANDOM"),
        (r"\b\d{10}\b", "TIME"),
        (r"\b\d{3} \d{3}\b", "CODE"),
    ):
        text = re.sub(pattern, mask, text)
    return text


@dataclass
class Visitor:
    """Somebody at a login page, with one name and one password."""

    world: World
    identifier: str
    password: str
    client_address: str = HOME

    def start(self) -> StartedLogin:
        """Step 6."""
        ask = Credentials(self.identifier, self.password)
        return start_login(ask, request_origin=RequestOrigin(self.client_address, AGENT, ORIGIN), now=self.world.now)

    def outcome(self) -> tuple[Any, ...]:
        """How a start ends for the page: what it gets, or why not and for how long."""
        return heard(lambda: to_response(self.start()))

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[Any, ...]:
        """A request of the page over the handlers: the whole answer, masked, and the AWS calls that it made."""
        self.world.aws.calls.clear()
        headers = {"authorization": f"Bearer {token}"} if token else {}
        status, sent, told = self.world.http(method, path, body, headers=headers, client_address=self.client_address)
        sent.pop("X-Request-Id")
        if told:
            told.pop("request_id", None)
        return masked((status, sent, told)), self.world.aws.operations(), told

    def page(self) -> list[Any]:
        """All that a page can do with a login that no phone decides, and all that it hears."""
        heard = [self.ask("POST", "/v1/logins", {"identifier": self.identifier, "password": self.password})]
        answer, tab = heard[0][2], Tab(self.world)
        login_id, token, protocols = answer["login_id"], answer["login_token"], answer["socket"]["protocols"]
        told: list[Any] = [tab.connect(*protocols), Tab(self.world).connect(*protocols), tab.ask(login_id)]
        path = f"/v1/logins/{login_id}"
        for method, end, bearer in (
            ("GET", "", token),
            ("POST", "/complete", token),
            ("GET", "", "bm9ib2R5cw"),
            ("POST", "/complete", "bm9ib2R5cw"),
            ("DELETE", "", "bm9ib2R5cw"),
            ("DELETE", "", token),
            ("GET", "", token),
            ("POST", "/complete", token),
            ("DELETE", "", token),
        ):
            heard.append(self.ask(method, path + end, None, bearer))
        told += [tab.ask(login_id), Tab(self.world).open(login_id, token, link=3)]
        return [masked(told), *(answer[:2] for answer in heard)]


def heard(act: Callable[[], Any]) -> tuple[Any, ...]:
    """What somebody hears, masked: an answer, or the code and the details of a refusal."""
    try:
        return ("answer", masked(act()))
    except Refusal as refused:
        return (refused.code, refused.details)


def asked_for_all(world: World, started: StartedLogin) -> list[tuple[Any, ...]]:
    """What a login's browser hears when it asks for all that it may."""
    own = (started.login.id, started.token)
    return [
        heard(lambda: follow_login(*own, now=world.now)),
        heard(lambda: finish_login(*own, issuer=URL, now=world.now)),
        heard(lambda: give_up_login(*own, now=world.now)),
        heard(lambda: follow_login(*own, now=world.now)),
    ]


def visitor(world: World, anna: Account, kind: str, *, client_address: str = HOME) -> Visitor:
    """Anna herself, somebody who guesses her password, or somebody who guesses names."""
    identifier = NOBODY if kind == "unknown" else anna.number
    return Visitor(world, identifier, PASSWORD if kind == "right" else WRONG, client_address)
