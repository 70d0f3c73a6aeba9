"""/oauth2/logout by GET and POST: the end of a session at the provider (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from end_session.step import Ended, end_session
from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import (
    ask_to_log_out,
    browser_api,
    cookies,
    form,
    logged_out,
    query_parameters,
    redirect,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

app = browser_api()
PATH = "/oauth2/logout"


@app.get("/oauth2/logout")
def logout() -> Response[str]:
    """End the session, or ask."""
    return _answered(query_parameters(app))


@app.post("/oauth2/logout")
def logout_by_form() -> Response[str]:
    """The same for parameters in a form."""
    parameters = form(app)
    if not cookies(app).session and parameters and "confirm" not in parameters:
        # Browsers send the cookie with no form of another site. They do with the page that it leads to.
        return redirect(app, f"{base_url(app)}{PATH}?{urlencode(parameters)}")
    return _answered(parameters)


def _answered(parameters: dict[str, str]) -> Response[str]:
    outcome = end_session(parameters, cookies(app).session, issuer=base_url(app), now=now())
    if isinstance(outcome, Ended):
        return logged_out(app, outcome.location)
    return ask_to_log_out(app, PATH, outcome.fields)


handler = entry(app)
