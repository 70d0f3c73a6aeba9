"""While the person is at the phone: the browser asks for its login, or gives it up."""

from __future__ import annotations

from smartident.logins.reading import read_own_login
from smartident.logins.transitions import cancel_login
from smartident.logins.uniform_login import login_flow


def follow_login(login_id: str, login_token: str, *, now: int) -> dict[str, object]:
    """The login's status for the browser that holds its token: the poll behind a blocked WebSocket."""
    login_flow().check_visible(login_id, now=now)
    login = read_own_login(login_id, login_token)
    return {**login.status_message(now), "expires_at": login.expires_at}


def give_up_login(login_id: str, login_token: str, *, now: int) -> None:
    """End a login that is not completed."""
    login_flow().check_visible(login_id, now=now)
    cancel_login(login_id, login_token, now=now)
