"""What a caller may learn in the ordinary way: a wrong password is refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartident.errors import Refusal

if TYPE_CHECKING:
    from smartident.accounts.password_attempts import PasswordAttempt
    from smartident.clients.client import AuthenticationRequest
    from smartident.logins.login import Login
    from smartident.logins.start import StartedLogin
    from smartident.statements.login import RequestOrigin


class Start(Protocol):
    """Begins the login that an attempt deserves, or raises the refusal that it gets."""

    def __call__(
        self, attempt: PasswordAttempt, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
    ) -> StartedLogin:
        """The login that was begun."""


class LoginFlow:
    """The four moments at which UniformLogin differs, in the ordinary way."""

    def start(
        self,
        attempt: PasswordAttempt,
        ordinary: Start,
        *,
        asked: AuthenticationRequest,
        request_origin: RequestOrigin,
        now: int,
    ) -> StartedLogin:
        """Begin a login as `ordinary` does."""
        return ordinary(attempt, asked=asked, request_origin=request_origin, now=now)

    def check_visible(self, login_id: str, *, now: int) -> None:
        """Raise LoginNotFound for a login that its browser may not see any more; here it always may."""

    def after_completion(self, login: Login, *, now: int) -> None:
        """Do what is due once a browser has its session: nothing, the login's start settled its attempt."""

    def answers_at_fixed_time(self, refusal: BaseException | None) -> bool:
        """Whether this answer leaves at one fixed time: refusals do, so that none tells how far the request came."""
        return isinstance(refusal, Refusal)
