"""The pages at the end of a session: whether the person wants it, and that it is over."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smartident.oauth_http.error_page import page

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUESTION = {
    "de": (
        "Möchten Sie sich abmelden?",
        "Danach fragt die nächste Anwendung in diesem Browser wieder nach Passwort und Telefon.",
        "Abmelden",
    ),
    "en": (
        "Do you want to log out?",
        "After that, the next application in this browser asks for password and phone again.",
        "Log out",
    ),
}
_ENDED = {
    "de": ("Sie sind abgemeldet", "Sie können dieses Fenster schließen."),
    "en": ("You are logged out", "You can close this window."),
}


def question_page(language: str, path: str, fields: Mapping[str, str]) -> str:
    """The question in the person's language, with one button; the fields go with it unseen."""
    title, sentence, button = _QUESTION[language]
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    form = f'<form method="post" action="{path}">{kept}<button>{button}</button></form>'
    return page(language, title, f"<p>{sentence}</p>{form}")


def ended_page(language: str) -> str:
    """That it is over."""
    title, sentence = _ENDED[language]
    return page(language, title, f"<p>{sentence}</p>")
