"""A sentence in the two languages of the command."""

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in both languages."""

    de: str
    en: str
