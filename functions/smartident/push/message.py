"""What a push message says: that something waits, never what, where or whose. Declarative Web Push reads it too."""

from __future__ import annotations

import json

from smartident.settings import settings

# A login or a new phone waits; or something happened that the history tells.
REQUEST, NEWS = "request", "news"
BODIES = {
    "de": {
        REQUEST: "Eine Anfrage wartet auf Ihre Entscheidung. Tippen Sie hier, um sie anzusehen.",
        NEWS: "Es gibt Neues zu Ihrem Zugang. Tippen Sie hier, um es anzusehen.",
    },
    "en": {
        REQUEST: "A request waits for your decision. Tap here to look at it.",
        NEWS: "There is news about your account. Tap here to look at it.",
    },
}
# Where the app lists what waits, and the accounts with their history.
PAGES = {REQUEST: "#/", NEWS: "#/accounts"}
# Every message has this size, whatever it says.
LENGTH = 768
_DECLARATIVE = 8030


def message_of(topic: str, language: str) -> bytes:
    """The message of a topic in the language of the app."""
    notification: dict[str, object] = {
        "title": "smartIDENT",
        "lang": language,
        "dir": "ltr",
        "body": BODIES[language][topic],
        "tag": topic,
    }
    message: dict[str, object] = {"notification": notification}
    if app := settings().app_web_url:
        # Without a page to open, it is no declarative message, and the app's worker shows it.
        notification["navigate"] = app + PAGES[topic]
        message = {"web_push": _DECLARATIVE, **message}
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
