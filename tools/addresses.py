"""Where people find a deployed stack: which parameters say it, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What people and programs are told; empty, PublicUrl stands in for it.
FROM_PUBLIC_URL = ("AllowedOrigins", "ClientOrigins", "ClientRedirectUri", "WebauthnOrigins", "WebauthnRpId")
# Where hosts are named that people and their phones come to know.
ADDRESSES = (*FROM_PUBLIC_URL, "PublicUrl", "AppWebUrl", "PagesDomains", "SmsOriginHost")
# CloudFront's own names. Passkeys belong to a host, so who changes it later loses every phone that uses the web app.
TRIAL = ".cloudfront.net"
# Names that no domain has (RFC 6761), such as those which samconfig.toml comes with.
NOBODYS = (".example", ".test", ".invalid", ".localhost", "localhost")
FOR_REAL = "prod"


def unknown(parameters: Mapping[str, str]) -> str:
    """Why nobody could find what the parameters say; an empty text if everybody can."""
    shares_host = parameters["OneHost"] == "yes"
    if shares_host and parameters["ServePages"] != "yes":
        return "OneHost: of no use without ServePages"
    if shares_host and parameters["ApiCertificateArn"]:
        return "ApiCertificateArn: with OneHost, CloudFront has the certificate (PagesCertificateArn)"
    if apart := _apart(parameters):
        return apart
    untold = [name for name in FROM_PUBLIC_URL if not parameters[name]]
    if untold and not parameters["PublicUrl"] and not shares_host:
        return f"neither given nor known from PublicUrl: {', '.join(untold)}"
    return ""


def passing(parameters: Mapping[str, str], environment: str) -> str:
    """Why an environment that is for real may not be at this address; an empty text if it may."""
    if environment != FOR_REAL:
        return ""
    named = [host for name in ADDRESSES for host in hosts_in(parameters.get(name, ""))]
    if nobodys := sorted({host for host in named if host.endswith(NOBODYS)}):
        return f"{FOR_REAL}: nobody can reach {', '.join(nobodys)}; put your own addresses into samconfig.toml"
    if plain := [name for name in ADDRESSES if "http://" in parameters.get(name, "")]:
        return f"{FOR_REAL}: browsers and phones want https:// in {', '.join(plain)}"
    unnamed = not parameters["PublicUrl"] and parameters["OneHost"] == "yes"
    if unnamed or any(host.endswith(TRIAL) for host in named):
        return (
            f"{FOR_REAL} needs a domain of its own (PublicUrl, PagesDomains, PagesCertificateArn): with another "
            "one later, every phone that uses the web app is lost"
        )
    return ""


def hosts_in(text: str) -> list[str]:
    """The hosts that a parameter names, alone, in URLs, or in several of them."""
    bare = (one.strip().partition("://")[2] or one.strip() for one in text.split(","))
    return [one.partition("/")[0].partition(":")[0].rstrip(".").lower() for one in bare if one]


def _apart(parameters: Mapping[str, str]) -> str:
    """Why pages at hosts of their own would not reach the service; an empty text if they do."""
    domains = hosts_in(parameters["PagesDomains"])
    served = hosts_in(parameters["PublicUrl"]) if parameters["OneHost"] == "yes" else []
    if domains and set(served) - set(domains):
        return f"PublicUrl: with OneHost one of PagesDomains ({', '.join(domains)})"
    allowed = {_origin(one) for one in (parameters["AllowedOrigins"] or parameters["PublicUrl"]).split(",")}
    for name in ("AppWebUrl", "ClientOrigins", "WebauthnOrigins"):
        asking = {_origin(one) for one in parameters[name].split(",") if one.strip().startswith("http")}
        if allowed != {""} and asking - allowed:
            return f"AllowedOrigins: without {', '.join(sorted(asking - allowed))}, which {name} names"
    return _left_out(parameters)


def _left_out(parameters: Mapping[str, str]) -> str:
    """Which page of the stack's own a list forgets that an operator gave for other pages; an empty text if none."""
    login, app = _origin(parameters["PublicUrl"]), _origin(parameters["AppWebUrl"] or parameters["PublicUrl"])
    if parameters["OneHost"] != "yes" or not login:
        return ""
    for name, own in (("AllowedOrigins", login), ("WebauthnOrigins", app)):
        if parameters[name] and own not in map(_origin, parameters[name].split(",")):
            return f"{name}: without {own}, where this stack has its own page"
    return ""


def _origin(url: str) -> str:
    return "/".join(url.strip().split("/")[:3]).lower()


def named_by(outputs: Mapping[str, str], parameters: Mapping[str, str]) -> dict[str, str]:
    """The PublicUrl that nobody gave: with OneHost CloudFront's own name, once there is one."""
    is_known = parameters.get("OneHost") == "yes" and not parameters.get("PublicUrl") and "PagesUrl" in outputs
    return {"PublicUrl": outputs["PagesUrl"]} if is_known else {}
