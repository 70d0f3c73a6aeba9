"""GET and DELETE /v1/logins/{login_id}: between steps 6 and 8 of the story (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from login_status.step import follow_login, give_up_login
from smartident.http.answers import no_content
from smartident.http.api import api, entry, login_token, now

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = api()


@app.get("/v1/logins/<login_id>")
def follow(login_id: str) -> dict[str, object]:
    """Tell the login's status."""
    return follow_login(login_id, login_token(app), now=now())


@app.delete("/v1/logins/<login_id>")
def give_up(login_id: str) -> Response[str]:
    """Cancel the login."""
    give_up_login(login_id, login_token(app), now=now())
    return no_content()


handler = entry(app)
