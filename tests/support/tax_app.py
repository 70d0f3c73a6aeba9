"""A second client, beside the template's own: an application with a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from login.step import Credentials, start_login
from smartident.clients.changes import add_client
from smartident.clients.client import Client, ClientRow
from smartident.statements.login import RequestOrigin
from smartident.storage import client_keys
from tests.support.world import AGENT, HOME, ORIGIN, PASSWORD

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.support.world import World

TAX_PAGE = "https://tax.example.test"
OPERATOR = "arn:aws:sts::123456789012:assumed-role/operators/berta"


def add_tax_app(world: World, **changes: Any) -> Client:
    """The client, whose page CORS lets in too."""
    world.set(ALLOWED_ORIGINS=f"{ORIGIN},{TAX_PAGE}")
    members = {"name": "Steuer", "origins": (TAX_PAGE,), "redirect_uris": (f"{TAX_PAGE}/home", f"{TAX_PAGE}/other")}
    told = {**members, "by": OPERATOR, "now": world.now, **changes}
    by, now = told.pop("by"), told.pop("now")
    return add_client(Client("taxapp", **told), by=by, now=now)


def page_logs_in(
    world: World, account: Account, *, page: str, client_id: str | None = None, now: int | None = None
) -> StartedLogin:
    """A page starts a login to a client."""
    ask, origin = Credentials(account.number, PASSWORD, client_id), RequestOrigin(HOME, AGENT, page)
    return start_login(ask, request_origin=origin, now=now or world.now)


def client_row(client_id: str = "taxapp") -> ClientRow:
    """The client's item as it lies in the table."""
    return ClientRow.get(*client_keys.client(client_id), consistent_read=True)
