"""POST /v1/logins: step 6 of the story (docs/flow.md)."""

from __future__ import annotations

from login.step import Credentials, answers_at_fixed_time, start_login, to_response
from smartident.http.answers import answered_at_fixed_time
from smartident.http.api import api, browser_cookie, entry, now, read, request_origin

app = api()


@app.post("/v1/logins")
def start() -> tuple[dict[str, object], int]:
    """Begin a login."""
    ask = read(Credentials, app)
    with answered_at_fixed_time(when=answers_at_fixed_time):
        started = start_login(ask, request_origin=request_origin(app), browser_cookie=browser_cookie(app), now=now())
    return to_response(started), 201


handler = entry(app)
