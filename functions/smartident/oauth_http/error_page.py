"""The page for a person whose application sent a request that may not be answered to anybody else."""

from __future__ import annotations

from html import escape

CONTENT_TYPE = "text/html; charset=utf-8"
_SENTENCES = {
    "de": (
        "Diese Anmeldung geht nicht",
        (
            "Die Anwendung, von der Sie kommen, hat uns eine fehlerhafte Anfrage geschickt. Bitte gehen Sie dorthin "
            "zurück und versuchen Sie es noch einmal. "
            "Klappt es wieder nicht, geben Sie den Betreibern bitte diese Zeile:"
        ),
    ),
    "en": (
        "This login does not work",
        (
            "The application that you come from sent us a faulty request. Please go back to it and try again. "
            "If it fails again, please give this line to the people who run it:"
        ),
    ),
}


def error_page(language: str, error: str, description: str, request_id: str) -> str:
    """The page in the person's language; of the request it shows nothing, so that nobody writes on it."""
    title, sentence = _SENTENCES[language]
    line = escape(f"{error}: {description} ({request_id})")
    return page(language, title, f"<p>{sentence}</p><p><code>{line}</code></p>")


def page(language: str, title: str, content: str) -> str:
    """A page of the provider's own: no script, no style, nothing from elsewhere."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>smartIDENT</title><h1>{title}</h1>{content}</html>"
    )
