"""The languages that the service speaks, and which of them a caller prefers."""

from __future__ import annotations

LANGUAGES = ("de", "en")


def language(accept_language: str) -> str:
    """The first of our languages that an Accept-Language header (RFC 9110 12.5.4) prefers; German if none."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:200].lower().split(",")):
        tag, _, quality = "".join(part.split()).partition(";q=")
        primary, wish = tag.partition("-")[0], _quality(quality)
        if primary in LANGUAGES and wish > 0:
            ranked.append((-wish, place, primary))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
