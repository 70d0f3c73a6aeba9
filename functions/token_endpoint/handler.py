"""/oauth2/token and /oauth2/userinfo: what a client's own server asks (docs/flow.md)."""

from __future__ import annotations

from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import authorization, client_api, form
from token_endpoint.step import give_tokens, tell_user

app = client_api()


@app.post("/oauth2/token")
def token() -> dict[str, object]:
    """Give the tokens for a code."""
    return give_tokens(authorization(app), form(app), issuer=base_url(app), now=now())


@app.get("/oauth2/userinfo")
def userinfo() -> dict[str, str]:
    """Tell who the person is."""
    return tell_user(authorization(app), now=now())


@app.post("/oauth2/userinfo")
def userinfo_by_post() -> dict[str, str]:
    """The same by POST."""
    return tell_user(authorization(app), now=now())


handler = entry(app)
