"""The parameters of an OAuth request: form-encoded, each at most once (RFC 6749 3.1 and 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from smartident.oauth.oauth_errors import OAuthError, RepeatedParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "application/x-www-form-urlencoded"
MAX_PARAMETERS = 64
# It may come several times (RFC 8707 2), and like all that we do not know it is ignored.
IGNORED = "resource"


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
    names = [name for name, _ in pairs if name != IGNORED]
    found = {name: value for name, value in pairs if value and name != IGNORED}
    if len(names) != len(set(names)):
        raise RepeatedParameter({name: value for name, value in found.items() if names.count(name) == 1})
    return found


def demand(parameters: Mapping[str, str], *names: str) -> None:
    """Raise OAuthError (invalid_request) for a parameter that is missing."""
    for name in names:
        if name not in parameters:
            raise OAuthError("invalid_request", f"{name} is missing")
