"""What must never happen on any page: CSP violations, third-party requests, script errors, accessibility faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.demo.accounts import DEMO_REDIRECT_URIS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
FORBIDDEN = ("CSP violation", "Content Security Policy", "TrustedScript", "TrustedHTML")


class Watch:
    """Listens to every page of a context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self.origin = origin
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if any(word in message.text for word in FORBIDDEN):
            self.faults.append(message.text)

    def _request(self, request: Request) -> None:
        # The login page leads back to the application that sent the person, and nothing else may.
        if request.is_navigation_request() and request.url.startswith(DEMO_REDIRECT_URIS):
            return
        ours = (self.origin, self.origin.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(ours):
            self.faults.append(f"third-party request: {request.url}")


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core holds against the view that stands there now, in light and dark."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    faults: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(AXE.read_text())
        found: dict[str, Any] = page.evaluate(
            "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
        )
        faults += [
            f"{scheme}: {violation['id']} {json.dumps([node['html'] for node in violation['nodes']])[:400]}"
            for violation in found["violations"]
        ]
    page.emulate_media(color_scheme=None, reduced_motion=None)
    return faults
