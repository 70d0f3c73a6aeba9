"""POST /oauth2/bc-authorize: a client that asks a phone by itself (docs/flow.md)."""

from __future__ import annotations

from ciba.step import begin_authentication
from smartident.http.answers import answered_at_fixed_time
from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import authorization, client_api, form

app = client_api()


@app.post("/oauth2/bc-authorize")
def backchannel_authentication() -> dict[str, object]:
    """Begin a login that waits for the phone alone."""
    # Known and unknown people are looked up by different reads.
    with answered_at_fixed_time(when=lambda _: True):
        return begin_authentication(authorization(app), form(app), issuer=base_url(app), now=now())


handler = entry(app)
