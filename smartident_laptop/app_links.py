"""The files by which Apple and Google believe that links of this host open in an app of the operator's own.

Apple: https://developer.apple.com/documentation/xcode/supporting-associated-domains.
Google: https://developer.android.com/training/app-links and https://developers.google.com/digital-asset-links.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLE, ANDROID = ".well-known/apple-app-site-association", ".well-known/assetlinks.json"
# Links open the app and passkeys of the host are offered in it.
RELATIONS = ["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"]
APP_PATH = "/app/*"


def app_links(apple_apps: Iterable[str], android_apps: Iterable[str]) -> dict[str, bytes]:
    """The files by their paths, as the parameters AppleApps and AndroidApps ask; an app of nobody has no file."""
    apple = [one.strip() for one in apple_apps if one.strip()]
    android = [one.strip() for one in android_apps if one.strip()]
    made = {APPLE: _apple(apple) if apple else None, ANDROID: _android(android) if android else None}
    return {path: json.dumps(content, indent=2).encode() for path, content in made.items() if content}


def _apple(apps: list[str]) -> dict[str, object]:
    details = {"appIDs": apps, "components": [{"/": APP_PATH}]}
    return {"applinks": {"details": [details]}, "webcredentials": {"apps": apps}}


def _android(apps: list[str]) -> list[dict[str, object]]:
    fingerprints: dict[str, list[str]] = {}
    for app in apps:
        package, _, fingerprint = app.partition("=")
        fingerprints.setdefault(package, []).append(fingerprint.upper())
    return [
        {
            "relation": RELATIONS,
            "target": {"namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": certificates},
        }
        for package, certificates in fingerprints.items()
    ]
