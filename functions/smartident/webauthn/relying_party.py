"""The relying party: the domain that passkeys belong to, and the pages that they may be used on."""

from __future__ import annotations

from dataclasses import dataclass

from smartident.settings import settings


@dataclass(frozen=True)
class RelyingParty:
    """The domain that passkeys belong to, and the pages that they may be used on."""

    id: str
    origins: tuple[str, ...]


def own_party() -> RelyingParty:
    """The relying party that this deployment's app is."""
    return RelyingParty(settings().webauthn_rp_id, settings().webauthn_origins)
