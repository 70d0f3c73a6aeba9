"""After the story: a person freezes the account in need, and opens it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from smartident.approvals.opening import verify_opening
from smartident.devices.authenticate import authenticate_device
from smartident.freeze.by_notice import freeze_by_notice
from smartident.freeze.freeze import freeze_by_device
from smartident.freeze.opening import open_by_device

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.crypto.dpop import Request
    from smartident.logins.login import Login
    from smartident.notify.browser import Push

# Each takes three seconds at most, of the ten that the function has; the other pages ask by themselves.
MAX_HINTS = 2


class Opening(Struct, forbid_unknown_fields=True):
    """The opening of a frozen account: what the person was shown, and what the approval key signed."""

    statement: str
    evidence: dict[str, Any]


class NoticeLink(Struct, forbid_unknown_fields=True):
    """What the link of a notice holds."""

    token: Annotated[str, Meta(min_length=1, max_length=256)]


def freeze(*, request: Request, origin: str = "", push: Push, now: int) -> None:
    """Let nobody into this phone's account: no fingerprint is asked, and the same again changes nothing."""
    asking, _ = authenticate_device(request, now=now)
    _tell_pages(freeze_by_device(asking, origin=origin, now=now), push=push, now=now)


def freeze_by_link(ask: NoticeLink, *, origin: str = "", push: Push, now: int) -> None:
    """Let nobody into the account that a notice was about, as the button on its page asks."""
    _tell_pages(freeze_by_notice(ask.token, origin=origin, now=now), push=push, now=now)


def open_again(ask: Opening, *, request: Request, origin: str = "", now: int) -> None:
    """Let the owner into this phone's account again, as its approval key signed."""
    asking, _ = authenticate_device(request, now=now)
    signed = verify_opening(ask.statement, ask.evidence, by=asking, now=now)
    open_by_device(asking, signed, origin=origin, now=now)


def _tell_pages(logins: Sequence[Login], *, push: Push, now: int) -> None:
    """The pages that wait for these logins hear at once that they ended, as any page would that asks."""
    waiting = [login for login in logins if login.connection_id]
    for login in waiting[:MAX_HINTS]:
        push.send(login.connection_id, login.status_message(now))
