"""What a code is bound to of its request, however it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.oauth.codes import Grant

if TYPE_CHECKING:
    from smartident.oidc.authorization_request import AuthorizationRequest


def grant_of(request: AuthorizationRequest) -> Grant:
    """What the client that redeems the request's code has to show again, its key included."""
    return Grant(request.redirect_uri, request.scope, request.nonce, request.code_challenge, request.dpop_jkt)
