"""The relying party of the login page, whose passkeys are not those of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smartident.settings import passkey_settings, settings
from smartident.webauthn.relying_party import RelyingParty

if TYPE_CHECKING:
    from smartident.clients.client import Client


def passkey_rp_id() -> str:
    """The domain that new passkeys belong to: the operator's choice, or the host of the client's first page."""
    return passkey_settings().passkey_rp_id or urlsplit(settings().client_origins[0]).hostname or ""


def login_party(client: Client, rp_id: str | None = None) -> RelyingParty:
    """The pages of a client on which people log in, for new passkeys or for one with an id of its own."""
    origins = tuple(origin for origin in client.origins if origin in settings().allowed_origins)
    return RelyingParty(rp_id or passkey_rp_id(), origins)
