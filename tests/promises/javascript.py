"""JavaScript with its texts taken out: what is left between quotes is code, in templates too."""

from __future__ import annotations

import re

# Where an expression is due, a slash begins a regular expression.
_BEFORE_A_PATTERN = re.compile(r"(?:^|[(,=:\[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$")
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def code(text: str) -> str:
    """The code of a script: strings and patterns are empty, comments are gone, of templates their expressions stay."""
    kept, at = "", 0
    while at < len(text):
        end, shown = _token(text, at, kept)
        kept, at = kept + shown, end
    return kept


def _token(text: str, at: int, before: str) -> tuple[int, str]:
    if comment := _COMMENT.match(text, at):
        return comment.end(), " "
    if string := _STRING.match(text, at):
        return string.end(), '""'
    if text[at] == "`":
        return _template(text, at + 1)
    if text[at] == "/" and _BEFORE_A_PATTERN.search(before) and (pattern := _PATTERN.match(text, at)):
        return pattern.end(), '""'
    return at + 1, text[at]


def _template(text: str, at: int) -> tuple[int, str]:
    """The expressions of a template, which begins here, in parentheses."""
    kept = '""'
    while text[at] != "`":
        if text.startswith("${", at):
            at, inner = _expression(text, at + 2)
            kept += f" + ({inner})"
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1, kept


def _expression(text: str, at: int) -> tuple[int, str]:
    kept, depth = "", 1
    while True:
        end, shown = _token(text, at, kept)
        depth += {"{": 1, "}": -1}.get(shown, 0)
        if depth == 0:
            return end, kept
        kept, at = kept + shown, end
