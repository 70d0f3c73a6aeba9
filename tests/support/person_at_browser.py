"""A person whose application sends her to the login page of a running stack: what her browser does, by plain HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident_client.answers import Login
    from smartident_laptop.demo.accounts import DemoAccount


def _nobody(_: Login) -> None:
    """No phone: the password is enough."""


@dataclass
class PersonAtBrowser:
    """One browser and who sits at it; `approve` is what her phone does with her login."""

    url: str
    account: DemoAccount
    approve: Callable[[Any], None] = _nobody
    browser: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def follow(self, link: str, *, by_form: bool = False) -> str:
        """Follow an application's link to its provider, log in, and say where she is sent in the end."""
        begun = (
            self.browser.post(self.url + "/oauth2/authorize", content=_query(link), headers=FORM) if by_form else None
        )
        answer = begun or self.browser.get(link)
        assert answer.status_code == 303, answer.text
        page, _, interaction = answer.headers["location"].partition("#interaction=")
        if not interaction:
            return page
        asker = self.browser.get(f"{self.url}/oauth2/interaction", params={"interaction": interaction}).json()
        ask = {"identifier": self.account.number, "password": self.account.password, "client_id": asker["client_id"]}
        login = self._post("/v1/logins", ask)
        self.approve(login)
        bearer = {"Authorization": f"Bearer {login['login_token']}"}
        told = self._post("/oauth2/interaction", {"interaction": interaction, "login_id": login["login_id"]}, bearer)
        return str(told["redirect_to"])

    def _post(self, path: str, body: dict[str, str], headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self.browser.post(self.url + path, json=body, headers={"Origin": self.url, **(headers or {})})
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _query(link: str) -> str:
    return link.partition("?")[2]
