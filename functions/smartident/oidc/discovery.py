"""What a client learns of the provider by itself (OpenID Connect Discovery 1.0, RFC 8414)."""

from __future__ import annotations

from smartident.clients.backchannel import DELIVERY_MODES
from smartident.clients.client import AUTH_METHODS
from smartident.crypto.algorithms import ES256, RS256
from smartident.oidc.authorization_request import SCOPES
from smartident.settings import rsa_settings
from smartident.tokens.id_token import ONE_FACTOR, PASSKEY, TWO_FACTORS

MAX_AGE = 3600
"""Seconds for which anybody may keep it."""
CLAIMS = ("sub", "iss", "aud", "iat", "exp", "jti", "auth_time", "acr", "amr", "nonce", "sid", "external_id")
USER_CLAIMS = ("name", "preferred_username", "email")
ASSERTION_ALGORITHMS = ("ES256", "EdDSA")


def metadata(issuer: str) -> dict[str, object]:
    """The document of this issuer."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth2/authorize",
        "token_endpoint": f"{issuer}/oauth2/token",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth2/par",
        "userinfo_endpoint": f"{issuer}/oauth2/userinfo",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "end_session_endpoint": f"{issuer}/oauth2/logout",
        "revocation_endpoint": f"{issuer}/oauth2/revoke",
        "grant_types_supported": ["authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"],
        **_backchannel(issuer),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ES256, *([RS256] if rsa_settings().rsa_signing_keys else [])],
        **_authentication("token_endpoint"),
        **_authentication("revocation_endpoint"),
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["ES256", "EdDSA"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "acr_values_supported": [PASSKEY, TWO_FACTORS, ONE_FACTOR],
        "claims_supported": [*CLAIMS, *USER_CLAIMS],
        "ui_locales_supported": ["de", "en"],
    }


def _authentication(endpoint: str) -> dict[str, object]:
    """How a client proves itself there. Where its key may do, the algorithms must be named, too (RFC 8414 2)."""
    return {
        f"{endpoint}_auth_methods_supported": list(AUTH_METHODS),
        f"{endpoint}_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    }


def _backchannel(issuer: str) -> dict[str, object]:
    """CIBA Core 4, and OpenID Connect Back-Channel Logout 1.0 section 2.1."""
    return {
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "backchannel_authentication_endpoint": f"{issuer}/oauth2/bc-authorize",
        "backchannel_token_delivery_modes_supported": list(DELIVERY_MODES),
        "backchannel_user_code_parameter_supported": False,
    }
