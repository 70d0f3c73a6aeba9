"""GET /.well-known/jwks.json and GET /.well-known/webauthn: what others must know of us (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing_keys.step import passkey_pages, signing_keys
from smartident.http.answers import cached_json
from smartident.http.api import api, entry

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = api()
AN_HOUR = 3600


@app.get("/.well-known/jwks.json")
def jwks() -> Response[str]:
    """The public keys, to be kept for an hour if they are all of them."""
    return cached_json(*signing_keys())


@app.get("/.well-known/webauthn")
def webauthn() -> Response[str]:
    """The pages that may use our passkeys, to be kept for an hour."""
    return cached_json(passkey_pages(), AN_HOUR)


handler = entry(app)
