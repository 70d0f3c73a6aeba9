"""Where people find a deployed stack: which parameters say it, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What people and programs are told; empty, PublicUrl stands in for it.
FROM_PUBLIC_URL = ("AllowedOrigins", "ClientOrigins", "ClientRedirectUri", "WebauthnOrigins", "WebauthnRpId")
# CloudFront's own names. Passkeys belong to a host, so who changes it later loses every phone that uses the web app.
TRIAL = ".cloudfront.net"
FOR_REAL = "prod"


def unknown(parameters: Mapping[str, str]) -> str:
    """Why nobody could find what the parameters say; an empty text if everybody can."""
    shares_host = parameters["OneHost"] == "yes"
    if shares_host and parameters["ServePages"] != "yes":
        return "OneHost: of no use without ServePages"
    if shares_host and parameters["ApiCertificateArn"]:
        return "ApiCertificateArn: with OneHost, CloudFront has the certificate (PagesCertificateArn)"
    untold = [name for name in FROM_PUBLIC_URL if not parameters[name]]
    if untold and not parameters["PublicUrl"] and not shares_host:
        return f"neither given nor known from PublicUrl: {', '.join(untold)}"
    return ""


def passing(parameters: Mapping[str, str], environment: str) -> str:
    """Why an environment that is for real may not be at this address; an empty text if it may."""
    url = parameters["PublicUrl"]
    if environment == FOR_REAL and (url.endswith(TRIAL) or (not url and parameters["OneHost"] == "yes")):
        return (
            f"{FOR_REAL} needs a domain of its own (PublicUrl, PagesDomains, PagesCertificateArn): with another "
            "one later, every phone that uses the web app is lost"
        )
    return ""


def named_by(outputs: Mapping[str, str], parameters: Mapping[str, str]) -> dict[str, str]:
    """The PublicUrl that nobody gave: with OneHost CloudFront's own name, once there is one."""
    is_known = parameters.get("OneHost") == "yes" and not parameters.get("PublicUrl") and "PagesUrl" in outputs
    return {"PublicUrl": outputs["PagesUrl"]} if is_known else {}
