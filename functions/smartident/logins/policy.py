"""What a caller may learn: in the ordinary way, or the same for right and wrong passwords (UniformLogin).

This is the one seam of UniformLogin. It loads nothing that begins logins: most functions only ask what is visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smartident.errors import Refusal
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.accounts.password_attempts import PasswordAttempt
    from smartident.logins.login import Login
    from smartident.logins.start import StartedLogin
    from smartident.statements.login import RequestOrigin


class Start(Protocol):
    """Begins the login that an attempt deserves, or raises the refusal that it gets."""

    def __call__(
        self, attempt: PasswordAttempt, *, client: str, request_origin: RequestOrigin, now: int
    ) -> StartedLogin:
        """The login that was begun."""


class LoginPolicy:
    """The ordinary way: a wrong password is refused at once. UniformLogin differs at these four moments."""

    def start(
        self, attempt: PasswordAttempt, ordinary: Start, *, client: str, request_origin: RequestOrigin, now: int
    ) -> StartedLogin:
        """Begin a login as `ordinary` does."""
        return ordinary(attempt, client=client, request_origin=request_origin, now=now)

    def check_visible(self, login_id: str, *, now: int) -> None:
        """Raise LoginNotFound for a login that its browser may not see any more; here it always may."""

    def after_completion(self, login: Login, *, now: int) -> None:
        """Do what is due once a browser has its session: nothing, the login's start settled its attempt."""

    def answers_at_fixed_time(self, refusal: BaseException | None) -> bool:
        """Whether this answer leaves at one fixed time: refusals do, so that none tells how far the request came."""
        return isinstance(refusal, Refusal)


def login_policy() -> LoginPolicy:
    """The policy that the operator chose."""
    if settings().uniform_login == "on":
        from smartident.logins.uniform import UniformPolicy  # noqa: PLC0415  loaded only where it is switched on

        return UniformPolicy()
    return LoginPolicy()
