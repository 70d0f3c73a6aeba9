"""A container that has served nobody yet: what Lambda would have to read again, a test reads again."""

from __future__ import annotations

from smartident.clients.client_cache import forget_clients
from smartident.crypto import pepper
from smartident.push import vapid
from smartident.tokens.jwks import public_jwk


def cool() -> None:
    """Forget what earlier requests read, so that no test depends on the one before; settings follow `World.set`."""
    pepper.pepper.cache_clear()
    public_jwk.cache_clear()
    vapid.signing_key.cache_clear()
    vapid._authorization.cache_clear()
    forget_clients()
