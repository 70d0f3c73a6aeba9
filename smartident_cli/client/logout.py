"""Where a client's people go after they logged out, and where its server hears of it."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from smartident.outbound.address import AddressRefused, target_of
from smartident_cli.client.validation import valid_redirect_uris
from smartident_cli.invalid_field import InvalidField

PostLogoutRedirectUris = Annotated[
    list[str], typer.Option("--post-logout-redirect-uri", help="Where people may go after they logged out; repeatable.")
]
BackchannelLogoutUri = Annotated[
    str, typer.Option("--backchannel-logout-uri", help="Where its server hears that a session ended; public, by HTTPS.")
]
NoPostLogoutRedirectUris = Annotated[
    bool, typer.Option("--no-post-logout-redirect-uri", help="People stay where they logged out.")
]
NoBackchannelLogoutUri = Annotated[
    bool, typer.Option("--no-backchannel-logout-uri", help="Its server hears of no logout any more.")
]


def removed_members(*, redirect_uris: bool, backchannel_uri: bool) -> dict[str, Any]:
    """What a client has no more of both."""
    members: dict[str, Any] = {"post_logout_redirect_uris": ()} if redirect_uris else {}
    return members | ({"backchannel_logout_uri": None} if backchannel_uri else {})


def logout_members(redirect_uris: Sequence[str], backchannel_uri: str, *, uses_oauth: bool) -> dict[str, Any]:
    """What the client's item has of both, where given; raises InvalidField."""
    if (redirect_uris or backchannel_uri) and not uses_oauth:
        raise InvalidField("auth", "logout_unfit")
    members: dict[str, Any] = {}
    if redirect_uris:
        members["post_logout_redirect_uris"] = valid_redirect_uris(redirect_uris, field="post_logout_redirect_uri")
    if backchannel_uri:
        members["backchannel_logout_uri"] = _public(backchannel_uri)
    return members


def _public(uri: str) -> str:
    try:
        target_of(uri)
    except AddressRefused:
        raise InvalidField("backchannel_logout_uri", "backchannel_unfit") from None
    return uri
