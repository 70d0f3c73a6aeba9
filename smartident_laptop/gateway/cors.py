"""CORS as API Gateway's HTTP API does it: by itself, before and after the function."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident_laptop.template import Cors


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser asks beforehand what it may send."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def _allows(cors: Cors, origin: str) -> bool:
    scheme = origin.partition("://")[0]
    return any(allowed in {"*", origin, f"{scheme}://*"} for allowed in cors.origins)


def answer_headers(cors: Cors, origin: str | None) -> dict[str, str]:
    """What every answer to a page of another origin bears; nothing for an origin that is not allowed."""
    if origin is None or not _allows(cors, origin):
        return {}
    headers = {"access-control-allow-origin": "*" if "*" in cors.origins else origin}
    if cors.exposed:
        headers["access-control-expose-headers"] = ",".join(cors.exposed)
    if cors.credentials:
        headers["access-control-allow-credentials"] = "true"
    return headers


def preflight_headers(cors: Cors, origin: str) -> dict[str, str]:
    """The answer to a preflight; nothing for an origin that is not allowed."""
    headers = answer_headers(cors, origin)
    if not headers:
        return {}
    headers.pop("access-control-expose-headers", None)
    headers["access-control-allow-methods"] = ",".join(cors.methods)
    headers["access-control-allow-headers"] = ",".join(cors.headers)
    if cors.max_age is not None:
        headers["access-control-max-age"] = str(cors.max_age)
    return headers
