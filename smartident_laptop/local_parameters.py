"""What the template's parameters are on the laptop, where the stack's own address decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack


def local_parameters(stack: Stack) -> dict[str, str]:
    """The parameters that an operator would give in samconfig.toml."""
    addresses = (stack.url, stack.local_url, f"http://{LOOPBACK}:{stack.port}")
    own = tuple(dict.fromkeys((*addresses, *stack.origins)))
    foreign = (origin for client in stack.clients for origin in client.origins)
    return {
        "AllowedOrigins": ",".join(dict.fromkeys((*own, *foreign))),
        "PublicUrl": stack.url,
        "AppStoreUrl": "https://apps.apple.com/de/app/smartident/id6740001234",
        "AppWebUrl": f"{stack.url}/app/",
        "ClientOrigins": ",".join(own),
        "ClientRedirectUri": f"{stack.url}/financeapp/signed-in/",
        "NoticeContact": "mailto:hilfe@financeapp.example",
        "NoticeSender": "sicherheit@financeapp.example",
        "PlayStoreUrl": "https://play.google.com/store/apps/details?id=com.example.smartident",
        # So that a second application shows what a session is.
        "SessionLifetime": "28800",
        "SmsOriginHost": stack.host,
        "WebauthnOrigins": stack.url,
        "WebauthnRpId": stack.host,
    }
