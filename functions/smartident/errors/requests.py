"""Refusals that concern requests and the service itself."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class InvalidRequest(Refusal):
    """The request is malformed; the refusal names the field, never its value."""

    code = "invalid_request"


class OriginRefused(Refusal):
    """The page is not on the operator's list."""

    code = "origin_refused"


class PublicUrlRequired(Refusal):
    """The request reached the API past CloudFront, which stands in front."""

    code = "public_url_required"


class ProofInvalid(Refusal):
    """The device proof (RFC 9449) is invalid."""

    code = "proof_invalid"


class ProofStale(Refusal):
    """The device proof's time is wrong; `server_time` lets the app correct itself."""

    code = "proof_stale"


class SigningUnavailable(Refusal):
    """KMS did not sign the session; asking again within the repeat window works."""

    code = "signing_unavailable"


class ServiceUnavailable(Refusal):
    """A part of the service is busy or unavailable; nothing was lost and asking again works."""

    code = "service_unavailable"
