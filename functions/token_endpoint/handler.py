"""/oauth2/token, /oauth2/par, /oauth2/revoke and /oauth2/userinfo: what a client's own server asks (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import authorization, client_api, client_proof, form, nothing
from token_endpoint.step import give_tokens, push, revoke, tell_user

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = client_api()


@app.post("/oauth2/token")
def token() -> dict[str, object]:
    """Give the tokens for a code."""
    return give_tokens(authorization(app), form(app), proof=client_proof(app), issuer=base_url(app), now=now())


@app.post("/oauth2/par")
def pushed_authorization_request() -> tuple[dict[str, object], int]:
    """Keep a client's request for the minute until its person comes with it."""
    return push(authorization(app), form(app), proof=client_proof(app), issuer=base_url(app), now=now()), 201


@app.post("/oauth2/revoke")
def revocation() -> Response[str]:
    """End what a token belongs to."""
    revoke(authorization(app), form(app), proof=client_proof(app), issuer=base_url(app), now=now())
    return nothing()


@app.get("/oauth2/userinfo")
def userinfo() -> dict[str, str]:
    """Tell who the person is."""
    return tell_user(authorization(app), proof=client_proof(app), now=now())


@app.post("/oauth2/userinfo")
def userinfo_by_post() -> dict[str, str]:
    """The same by POST."""
    return tell_user(authorization(app), proof=client_proof(app), now=now())


handler = entry(app)
