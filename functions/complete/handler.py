"""POST /v1/logins/{login_id}/complete: the end of step 8 of the story (docs/flow.md)."""

from __future__ import annotations

from complete.step import finish_login
from smartident.http.api import api, base_url, entry, login_token, now

app = api()


@app.post("/v1/logins/<login_id>/complete")
def complete(login_id: str) -> dict[str, object]:
    """Turn the approved login into a session."""
    return finish_login(login_id, login_token(app), issuer=base_url(app), now=now())


handler = entry(app)
