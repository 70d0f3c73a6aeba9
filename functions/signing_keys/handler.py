"""GET /.well-known/jwks.json: the keys behind every id_token (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing_keys.step import signing_keys
from smartident.http.api import api, cached_json, entry

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = api()


@app.get("/.well-known/jwks.json")
def jwks() -> Response[str]:
    """The public keys, to be kept for an hour if they are all of them."""
    return cached_json(*signing_keys())


handler = entry(app)
