"""/oauth2/interaction: the login page between a client's request and its code (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interaction.step import Finish, finish_interaction, show_client
from smartident.http.answers import to_browser
from smartident.http.api import api, base_url, entry, login_token, now, query, read, request_origin
from smartident.oauth_http.endpoint import cookies, signed_in

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = api()


@app.get("/oauth2/interaction")
def show() -> dict[str, object]:
    """Tell the page who asks."""
    secret = cookies(app).secret
    return show_client(query(app, "interaction") or "", browser_secret=secret, issuer=base_url(app), now=now())


@app.post("/oauth2/interaction")
def finish() -> Response[str]:
    """Turn the approved login into the client's code."""
    ask, origin, issuer = read(Finish, app), request_origin(app).origin, base_url(app)
    finished = finish_interaction(ask, login_token(app), cookies(app), origin=origin, issuer=issuer, now=now())
    return signed_in(app, to_browser(app, finished.told), finished.session)


handler = entry(app)
