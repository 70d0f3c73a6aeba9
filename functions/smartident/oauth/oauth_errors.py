"""OAuth's own refusals: what a client is told (RFC 6749 5.2, RFC 6750 3.1, OpenID Connect Core 3.1.2.6).

`error` and `error_description` leave the service, both in ASCII as RFC 6749 asks. A person never reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BAD_REQUEST, UNAUTHORIZED = 400, 401
# What stands in no error_description (RFC 6749 5.2), and a parser's complaint may contain.
_NEVER_QUOTED = dict.fromkeys(map(ord, '"\\'))


class OAuthError(Exception):
    """A request of a client that we decline in OAuth's words."""

    status = BAD_REQUEST

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


class RepeatedParameter(OAuthError):  # noqa: N818  what the request has
    """A parameter came twice (RFC 6749 3.1): two readers might take either. `once` is what came once."""

    def __init__(self, once: Mapping[str, str]) -> None:
        super().__init__("invalid_request", "a parameter is there twice")
        self.once = once


class InvalidClient(OAuthError):  # noqa: N818  OAuth's own word
    """The client did not prove who it is."""

    status = UNAUTHORIZED

    def __init__(self, description: str) -> None:
        super().__init__("invalid_client", description)


class InvalidGrant(OAuthError):  # noqa: N818  OAuth's own word
    """The code is unknown, used, over, of another client, or was asked for with something else."""

    def __init__(self, description: str) -> None:
        super().__init__("invalid_grant", description)


class InvalidDpopProof(OAuthError):  # noqa: N818  OAuth's own word
    """The proof of the client's key is missing, stale, used, or made for something else (RFC 9449 5)."""

    def __init__(self, description: str) -> None:
        super().__init__("invalid_dpop_proof", description.translate(_NEVER_QUOTED))


class InvalidToken(OAuthError):  # noqa: N818  OAuth's own word
    """The access token is missing, unknown, over or revoked (RFC 6750 3.1), or not proven as its own (RFC 9449 7.1)."""

    status = UNAUTHORIZED

    def __init__(self, description: str, *, error: str = "invalid_token", scheme: str = "Bearer") -> None:
        super().__init__(error, description)
        self.scheme = scheme


class TokenMissing(InvalidToken):
    """Nobody showed a token: which schemes there are is told, and no error (RFC 6750 3.1)."""

    def __init__(self) -> None:
        super().__init__("no access token")


class Unredirectable(OAuthError):  # noqa: N818  what the answer is
    """Client or redirect URI is wrong: the person gets a page and is sent nowhere (RFC 6749 4.1.2.1)."""

    def __init__(self, description: str) -> None:
        super().__init__("invalid_request", description)


class RedirectedError(OAuthError):
    """The client hears the error at its redirect URI."""

    def __init__(self, error: str, description: str, *, redirect_uri: str, state: str | None) -> None:
        super().__init__(error, description)
        self.redirect_uri, self.state = redirect_uri, state
