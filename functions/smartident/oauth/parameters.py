"""The parameters of an OAuth request: form-encoded, each at most once (RFC 6749 3.1 and 3.2)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from smartident.oauth.oauth_errors import OAuthError

FORM = "application/x-www-form-urlencoded"
MAX_PARAMETERS = 64


def read_parameters(encoded: bytes) -> dict[str, str]:
    """The parameters by name; one without a value counts as left out. Raises OAuthError (invalid_request)."""
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise OAuthError("invalid_request", "the parameters are not form-encoded UTF-8") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise OAuthError("invalid_request", "a parameter is there twice")
    return {name: value for name, value in found.items() if value}
