"""/oauth2/authorize by GET and POST, and the provider's metadata under /.well-known/ (docs/flow.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorize.step import begin_authorization, provider_metadata, refuse
from smartident.http.answers import cached_json
from smartident.http.api import base_url, entry, now
from smartident.oauth_http.endpoint import browser_api, cookies, form, once_each, query_parameters, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

app = browser_api()


@app.get("/oauth2/authorize")
def authorize() -> Response[str]:
    """Hand the request to the login page, or answer it for who is signed in."""
    return _begun(query_parameters)


@app.post("/oauth2/authorize")
def authorize_by_form() -> Response[str]:
    """The same for parameters in a form."""
    return _begun(form)


@app.get("/.well-known/openid-configuration")
def openid_configuration() -> Response[str]:
    """Tell what the provider can."""
    return cached_json(*provider_metadata(base_url(app)))


@app.get("/.well-known/oauth-authorization-server")
def authorization_server_metadata() -> Response[str]:
    """Tell the same to clients of plain OAuth."""
    return cached_json(*provider_metadata(base_url(app)))


def _begun(read: Callable[[APIGatewayHttpResolver], dict[str, str]]) -> Response[str]:
    parameters = once_each(read, app, refuse=lambda once: refuse(once, now=now()))
    begun = begin_authorization(parameters, cookies(app), issuer=base_url(app), now=now())
    return redirect(app, begun.location, secret=begun.secret)


handler = entry(app)
