"""POST /v1/logins: step 6 of the story (docs/flow.md)."""

from __future__ import annotations

from login.step import Credentials, shown, start_login
from smartident.http.api import api, asker, entry, now, read, refusals_at_one_time

app = api()


@app.post("/v1/logins")
def start() -> tuple[dict[str, object], int]:
    """Begin a login."""
    ask = read(Credentials, app)
    with refusals_at_one_time():
        opened = start_login(ask, asker=asker(app), now=now())
    return shown(opened), 201


handler = entry(app)
