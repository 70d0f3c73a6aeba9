"""POST /v1/logins: step 6 of the story (docs/flow.md)."""

from __future__ import annotations

from login.step import Credentials, start_login, to_response
from smartident.http.api import api, entry, now, read, refusals_at_one_time, request_origin

app = api()


@app.post("/v1/logins")
def start() -> tuple[dict[str, object], int]:
    """Begin a login."""
    ask = read(Credentials, app)
    with refusals_at_one_time():
        opened = start_login(ask, request_origin=request_origin(app), now=now())
    return to_response(opened), 201


handler = entry(app)
