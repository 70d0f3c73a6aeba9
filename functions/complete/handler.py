"""POST /v1/logins/{login_id}/complete: the end of step 8 of the story (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from complete.step import finish_login
from smartident.http.answers import to_browser
from smartident.http.api import api, base_url, entry, login_token, now

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = api()


@app.post("/v1/logins/<login_id>/complete")
def complete(login_id: str) -> Response[str]:
    """Turn the approved login into a session."""
    return to_browser(app, finish_login(login_id, login_token(app), issuer=base_url(app), now=now()))


handler = entry(app)
