"""The relying party of the login page, whose passkeys are not those of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smartident.errors import SyncedPasskeyRefused
from smartident.settings import PasskeySettings, settings, settings_of
from smartident.webauthn.relying_party import RelyingParty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.clients.client import Client
    from smartident.passkeys.passkey import Passkey
    from smartident.webauthn.ceremonies import Assertion, NewCredential


def passkey_rp_id() -> str:
    """The domain that new passkeys belong to: the operator's choice, or the host of the client's first page."""
    return settings_of(PasskeySettings).passkey_rp_id or urlsplit(settings().client_origins[0]).hostname or ""


def login_party(client: Client, rp_id: str | None = None) -> RelyingParty:
    """The pages of a client on which people log in, for new passkeys or for one with an id of its own."""
    origins = tuple(origin for origin in client.origins if origin in settings().allowed_origins)
    return RelyingParty(rp_id or passkey_rp_id(), origins)


def check_synced(said: NewCredential | Assertion) -> None:
    """Raise SyncedPasskeyRefused for a passkey that its maker copies to other devices, where the operator wants none.

    BE says that it may be copied, BS that it was (WebAuthn level 3, 6.1.3); the library refuses BS without BE.
    """
    if said.backup_eligible and not _accepts_synced():
        raise SyncedPasskeyRefused


def usable(passkeys: Iterable[Passkey]) -> list[Passkey]:
    """Those that log in today: the pages ask for passkeys of their present domain, and the operator may refuse some."""
    domain, synced = passkey_rp_id(), _accepts_synced()
    return [one for one in passkeys if one.rp_id == domain and (synced or not one.backup_eligible)]


def _accepts_synced() -> bool:
    chosen: str = settings_of(PasskeySettings).synced_passkeys
    return chosen == "accepted"
